using System.Text;
using Bridle.Hosting.Providers;
using Bridle.Hosting.Sandboxes;
using Bridle.Hosting.Settings;
using Bridle.Hosting.Trust;

namespace Bridle.Hosting;

/// <summary>What the <c>.env</c> files from a folder upwards say.</summary>
/// <param name="Variables">What Bridle takes of them.</param>
/// <param name="Notices">What it does not take though it would have used it, one line for each file. Names, never values.</param>
internal sealed record DotEnv(IReadOnlyDictionary<string, string> Variables, IReadOnlyList<string> Notices)
{
    private const int MaxBytes = 256 * 1024;

    /// <summary>
    /// Reads from the folder upwards to the home folder or the root; of two files the nearer counts, and the environment beats both.
    /// A file counts only when the folder it lies in is trusted, and may set only what <see cref="ProjectVariables.MayReachBridle"/> says.
    /// </summary>
    public static DotEnv Read(WorkingTrust trust, HostEnvironment environment, KnownProviders known)
    {
        var wanted = known.Providers
            .SelectMany(provider => provider.KeyVariables.Append(provider.BaseUrlVariable).Append(provider.ModelVariable))
            .OfType<string>().Append(ProviderSelection.ModelVariable).Append("HARNESS_INFERENCE_PROVIDER")
            .Concat(BridleFolders.Variables).Concat(WireSettings.Variables).Concat(ContainerSetup.Variables).ToHashSet();
        var taken = new Dictionary<string, string>();
        var notices = new List<string>();
        for (var at = new DirectoryInfo(trust.Folder); at is not null && at.FullName != environment.Home; at = at.Parent)
        {
            var file = Path.Combine(at.FullName, ".env");
            var said = Entries(file).Where(entry => !IsSet(environment, entry.Name)).DistinctBy(entry => entry.Name).ToList();
            if (said.Count == 0)
            {
                continue;
            }

            var trusted = trust.Covers(at.FullName);
            var left = said.Where(entry => wanted.Contains(entry.Name) && !(trusted && ProjectVariables.MayReachBridle(entry.Name, entry.Value))).Select(entry => entry.Name).ToList();
            if (left.Count > 0)
            {
                notices.Add(trusted
                    ? $"{file} sets {string.Join(", ", left)}, which no project may set. Export what you want to use."
                    : $"{file} sets {string.Join(", ", left)}; the .env of a folder that is not trusted is not read. Export what you want to use, or see `bridle trust`.");
            }

            foreach (var (name, value) in said.Where(entry => trusted && ProjectVariables.MayReachBridle(entry.Name, entry.Value)))
            {
                taken.TryAdd(name, value);
            }
        }

        return new(taken, notices);
    }

    // start-harness-jayjader sets the name of its folders itself, and nobody said it.
    private static bool IsSet(HostEnvironment environment, string name) => environment[name] is { } value && (name, value) is not (BridleFolders.RootVariable, BridleFolders.SeedRoot);

    private static IEnumerable<(string Name, string Value)> Entries(string file)
    {
        try
        {
            if (SmallFile.Length(file) is 0 or > MaxBytes)
            {
                return [];
            }

            return [.. Encoding.UTF8.GetString(SmallFile.Read(file, MaxBytes)).ReplaceLineEndings("\n").Split('\n')
                .Select(line => line.Trim()).Select(line => line.StartsWith("export ", StringComparison.Ordinal) ? line[7..].TrimStart() : line)
                .Where(line => line.IndexOf('=') > 0 && line[0] != '#').Select(line => (line[..line.IndexOf('=')].TrimEnd(), Value(line[(line.IndexOf('=') + 1)..].Trim())))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // Quotes keep blanks and number signs; nothing is expanded.
    private static string Value(string text)
    {
        if (text.Length > 0 && text[0] is '"' or '\'')
        {
            var end = text.IndexOf(text[0], 1);
            return end > 0 ? text[1..end] : text;
        }

        var comment = text.IndexOf(" #", StringComparison.Ordinal);
        return (comment >= 0 ? text[..comment] : text).TrimEnd();
    }
}
