using Bridle.Permissions;
using Bridle.Workspaces;

namespace Bridle.Hosting.Sensors;

/// <summary>The names that git's own files give to commands (<c>alias.ci = commit</c>): those of the repository, the person and the system, with what these include.</summary>
internal static class GitAliases
{
    private const string Section = "alias.";

    /// <summary>All names for work in a folder; what is narrower counts, and a condition that nobody looks at counts where nothing else says anything.</summary>
    public static IReadOnlyDictionary<string, string> For(string folder, IFiles files, HostEnvironment environment)
    {
        var all = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var one in GitConfigFiles.For(folder, files, environment.Home, environment["XDG_CONFIG_HOME"]).Where(one => one.Name.StartsWith(Section, StringComparison.Ordinal)))
        {
            var name = one.Name[Section.Length..];
            if (one.Value is { } value && !(one.Perhaps && all.ContainsKey(name)))
            {
                all[name] = value;
            }
        }

        return all;
    }
}
