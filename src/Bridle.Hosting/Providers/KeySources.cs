using System.Diagnostics;
using Bridle.Hosting.Settings;
using Bridle.Hosting.Trust;

namespace Bridle.Hosting.Providers;

/// <summary>A key and where it came from, or why there is none though one was promised.</summary>
public readonly record struct FoundKey(string? Key, string? From, string? Problem);

/// <summary>Finds the key of a provider: its variable, a helper command, the stored keys, the person's own settings. Never a project file.</summary>
internal sealed class KeySources(HostEnvironment environment, IReadOnlyDictionary<string, string> stored, Func<string, CancellationToken, Task<FoundKey>>? runHelper = null)
{
    private static readonly TimeSpan HelperPatience = TimeSpan.FromSeconds(20);

    private readonly Func<string, CancellationToken, Task<FoundKey>> _runHelper = runHelper ?? ((command, token) => RunHelperAsync(command, null, token));

    /// <summary>The variable that holds a key of the provider, or null.</summary>
    public string? VariableFor(KnownProvider? known, ProviderSettings? own) =>
        own?.KeyEnv is { } named && environment[named] is not null ? named : known?.KeyVariables.FirstOrDefault(name => environment[name] is not null);

    /// <summary>Whether a key can be expected, without running anything.</summary>
    public bool Has(string provider, KnownProvider? known, ProviderSettings? own) =>
        VariableFor(known, own) is not null || own?.ApiKey is not null || own?.ApiKeyHelper is not null || stored.ContainsKey(provider);

    /// <summary>Finds it.</summary>
    public async Task<FoundKey> FindAsync(string provider, KnownProvider? known, ProviderSettings? own, CancellationToken cancellationToken)
    {
        if (VariableFor(known, own) is { } variable)
        {
            return new(environment[variable], variable, null);
        }

        if (own?.ApiKeyHelper is { } command)
        {
            return await _runHelper(command, cancellationToken);
        }

        if (stored.TryGetValue(provider, out var key))
        {
            return new(key, "the keys stored by bridle init", null);
        }

        return own?.ApiKey is { } written ? new(written, "your settings", null) : default;
    }

    /// <summary>Runs a command that prints a key. <paramref name="path"/> says where it, and what it starts, is looked for; null leaves that as it is.</summary>
    public static async Task<FoundKey> RunHelperAsync(string command, PersonsPath? path, CancellationToken cancellationToken)
    {
        var start = OperatingSystem.IsWindows() ? new ProcessStartInfo("cmd.exe", ["/c", command]) : new ProcessStartInfo("/bin/sh", ["-c", command]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardInput = true;
        if (path is not null && Environment.GetEnvironmentVariable(PersonsPath.Name) is { } all)
        {
            start.Environment[PersonsPath.Name] = path.Of(all);
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(HelperPatience);
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            var key = output.Trim();
            return process.ExitCode != 0 ? new(null, null, $"The apiKeyHelper command ended with exit code {process.ExitCode}.")
                : key.Length == 0 || key.Any(char.IsControl) ? new(null, null, "The apiKeyHelper command did not print a key on one line.")
                : new(key, "the apiKeyHelper command", null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null, null, $"The apiKeyHelper command took longer than {HelperPatience.TotalSeconds} s.");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
