using System.Text;
using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Hosting.Hooks;

/// <summary>
/// The file in which a hook leaves variables: lines such as <c>export PATH="$PATH:/opt/x"</c>. It is read by bash once, and what is changed then goes to every program that a
/// later call starts.
/// </summary>
internal static class EnvFile
{
    private const string Script = "env -0; printf '\\1\\0'; set -a; . \"$1\" >/dev/null 2>&1; env -0";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly HashSet<string> s_own = ["_", "SHLVL", "PWD", "OLDPWD", "BRIDLE_CALL"];

    /// <summary>What the file sets, beside what earlier ones did; empty when it is empty or cannot be read.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(
        string file, IReadOnlyDictionary<string, string> earlier, string folder, IProcesses processes, TimeProvider time, CancellationToken cancellationToken)
    {
        var changed = new Dictionary<string, string>(StringComparer.Ordinal);
        if (SmallFile.Length(file) == 0)
        {
            return changed;
        }

        using var output = new MemoryStream();
        try
        {
            await using var process = processes.Start(new ProcessSpec("bash", ["-c", Script, "bash", file], folder) { Environment = earlier, OnOutput = chunk => (chunk.IsError ? Stream.Null : output).Write(chunk.Bytes.Span) });
            await process.Exit.WaitAsync(s_patience, time, cancellationToken);
        }
        catch (Exception problem) when (problem is ToolException or TimeoutException)
        {
            return changed;
        }

        var parts = Encoding.UTF8.GetString(output.ToArray()).Split("\u0001\0", 2);
        if (parts.Length < 2)
        {
            return changed;
        }

        var before = Variables(parts[0]);
        foreach (var (name, value) in Variables(parts[1]))
        {
            if (!s_own.Contains(name) && (!before.TryGetValue(name, out var old) || old != value))
            {
                changed[name] = value;
            }
        }

        return changed;
    }

    private static Dictionary<string, string> Variables(string text)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in text.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            if (entry.IndexOf('=') is > 0 and var at)
            {
                all[entry[..at]] = entry[(at + 1)..];
            }
        }

        return all;
    }
}
