using System.Text;
using Bridle.Hosting.Providers;

namespace Bridle.Hosting;

/// <summary>
/// A project's <c>.env</c> is not read before its folder is trusted. When one sets something that Bridle would have used, a person should know why it has no effect.
/// </summary>
internal static class DotEnvNotice
{
    private const int MaxBytes = 256 * 1024;

    /// <summary>One line about the nearest such file from the folder upwards to the home folder or the root, or null. Names variables, never values.</summary>
    public static string? For(string folder, HostEnvironment environment, KnownProviders known)
    {
        var wanted = known.Providers
            .SelectMany(provider => provider.KeyVariables.Append(provider.BaseUrlVariable).Append(provider.ModelVariable))
            .OfType<string>().Append(ProviderSelection.ModelVariable).Append(BridleFolders.RootVariable).Append("HARNESS_INFERENCE_PROVIDER").ToHashSet();
        for (var at = new DirectoryInfo(folder); at is not null && at.FullName != environment.Home; at = at.Parent)
        {
            var file = new FileInfo(Path.Combine(at.FullName, ".env"));
            if (Names(file).Where(name => wanted.Contains(name) && environment[name] is null).Distinct().ToList() is { Count: > 0 } names)
            {
                return $"{file.FullName} sets {string.Join(", ", names)}; a project's .env is not read. Export what you want to use.";
            }
        }

        return null;
    }

    private static IEnumerable<string> Names(FileInfo file)
    {
        try
        {
            if (SmallFile.Length(file.FullName) is 0 or > MaxBytes)
            {
                return [];
            }

            return Encoding.UTF8.GetString(SmallFile.Read(file.FullName, MaxBytes)).ReplaceLineEndings("\n").Split('\n')
                .Select(line => line.Trim()).Select(line => line.StartsWith("export ", StringComparison.Ordinal) ? line[7..].TrimStart() : line)
                .Where(line => line.IndexOf('=') > 0 && line[0] != '#').Select(line => line[..line.IndexOf('=')].TrimEnd());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
