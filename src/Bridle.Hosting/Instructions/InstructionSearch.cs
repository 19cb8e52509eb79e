using System.Globalization;
using System.Text;
using Bridle.Hosting.Trust;

namespace Bridle.Hosting.Instructions;

/// <summary>
/// Finds instruction files where the agents of this field look for them: the administrator's, the person's, then from the root of the repository down to the working
/// folder, each folder's <c>AGENTS.md</c> and <c>CLAUDE.md</c> and rules, the person's own file of the project last. What stands later is narrower.
/// </summary>
internal sealed class InstructionSearch(HostFiles files, string folder)
{
    /// <summary>The ways to choose where a folder has files of both names.</summary>
    public static readonly string[] Choices = ["both", "agents-first", "claude-first", "none"];

    private const int MostRules = 200;
    private const int MostLeft = 20;

    private readonly string _home = files.Environment.Home;
    private readonly string _choice = files.Layers.Effective.InstructionFiles ?? "both";
    private readonly List<string> _left = [];
    private long _roomBelow = InstructionCap.MostTotal;

    /// <summary>Reads them all.</summary>
    public InstructionFiles Find()
    {
        if (_choice is "none")
        {
            return new([], [], []);
        }

        _left.Clear();
        var (project, folders) = Folders();
        var reader = new InstructionReader(_home, project, files.Trust.IsTrusted, DeniedReads.For(files, folder).Of);
        var (always, rules) = (new List<InstructionFile>(), new List<InstructionFile>());
        void Take(string path, string scope, bool ofProject, string about)
        {
            if (IsExcluded(path) || reader.Read(path, ofProject) is not var (real, text))
            {
                return;
            }

            var file = Made(path, real, scope, text, about) with { Imports = reader.Imports };
            (file.Patterns is null ? always : rules).Add(file);
        }

        foreach (var (path, scope) in Broad())
        {
            Take(path, scope, ofProject: false, folder);
        }

        foreach (var one in folders)
        {
            foreach (var (path, scope) in In(one))
            {
                Take(path, scope, ofProject: true, one);
            }
        }

        var kept = InstructionCap.KeptFor(rules);
        var room = InstructionCap.MostTotal - kept;
        always = InstructionCap.Fit(always.FindAll(file => file.Text.Length > 0), ref room, _left);
        room += kept;
        rules = InstructionCap.Fit(rules.FindAll(file => file.Text.Length > 0), ref room, _left);
        List<string> left = [.. _left, .. reader.Left];
        return new(always, rules, left.Count <= MostLeft ? left : [.. left.Take(MostLeft), $"And {left.Count - MostLeft} more."]);
    }

    /// <summary>The files of a folder below the working folder, told when a file there is seen, and why others there were left out.</summary>
    /// <param name="below">The folder.</param>
    /// <param name="before">What was found there before, whose room is free again.</param>
    public (IReadOnlyList<InstructionFile> Files, IReadOnlyList<string> Left) Below(string below, IReadOnlyList<InstructionFile> before)
    {
        if (_choice is "none")
        {
            return ([], []);
        }

        _left.Clear();
        _roomBelow += before.Sum(file => (long)file.Room);
        var reader = new InstructionReader(_home, Folders().Project, files.Trust.IsTrusted, DeniedReads.For(files, folder).Of);
        var found = new List<InstructionFile>();
        foreach (var (path, scope) in In(below))
        {
            if (!IsExcluded(path) && reader.Read(path, ofProject: true) is var (real, text) && Made(path, real, scope, text, below) is { Text.Length: > 0 } file)
            {
                found.Add(file with { Imports = reader.Imports });
            }
        }

        found = InstructionCap.Fit(found, ref _roomBelow, _left);
        return (found, [.. _left, .. reader.Left]);
    }

    /// <summary>Changes when a file of a folder below comes, goes or gets another size or time, and when one does that such a file imports. Reads none of them.</summary>
    public string StampBelow(string below, IReadOnlyList<InstructionFile> found)
    {
        if (_choice is "none")
        {
            return "";
        }

        var stamp = new StringBuilder();
        foreach (var path in In(below).Select(one => one.Path).Concat(found.SelectMany(file => file.Imports.Select(import => import.Path).Prepend(file.Path))).Distinct(StringComparer.Ordinal))
        {
            var file = new FileInfo(path);
            _ = file.Exists ? stamp.Append(CultureInfo.InvariantCulture, $"{path}:{file.Length}:{file.LastWriteTimeUtc.Ticks}\n") : stamp;
        }

        return stamp.ToString();
    }

    private InstructionFile Made(string path, string real, string scope, string text, string about)
    {
        var (patterns, body, problem) = RuleFrontmatter.Split(text);
        if (problem is not null)
        {
            _left.Add($"{path}: {problem}; it is taken to be about everything.");
        }

        return new InstructionFile(real, scope, body.Trim()) { Patterns = patterns, Folder = about };
    }

    // A repository's own folders, or the working folder alone: what lies above belongs to others, who may be anybody.
    private (string Project, IReadOnlyList<string> Folders) Folders()
    {
        var here = RealFolder.Of(folder);
        var root = here?.Repository() ?? here?.Path ?? folder;
        var folders = new List<string>();
        for (var at = new DirectoryInfo(here?.Path ?? folder); at is not null; at = at.Parent)
        {
            folders.Insert(0, at.FullName);
            if (at.FullName == root)
            {
                break;
            }
        }

        return (root, folders);
    }

    private IEnumerable<(string Path, string Scope)> Broad() =>
    [
        (Path.Combine(files.Environment.ManagedFolder, "AGENTS.md"), "managed"),
        (Path.Combine(files.Folders.Config, "AGENTS.md"), "user"),
        (Path.Combine(_home, ".claude", "CLAUDE.md"), "user"),
        .. Markdown(Path.Combine(files.Folders.Config, "rules")).Concat(Markdown(Path.Combine(_home, ".claude", "rules"))).Select(path => (path, "user")),
    ];

    private IEnumerable<(string Path, string Scope)> In(string one)
    {
        string[] agents = File.Exists(Path.Combine(one, "AGENTS.override.md")) ? [Path.Combine(one, "AGENTS.override.md")] : [Path.Combine(one, "AGENTS.md")];
        string[] claude = [Path.Combine(one, "CLAUDE.md"), Path.Combine(one, ".claude", "CLAUDE.md")];
        var chosen = _choice switch
        {
            "agents-first" when agents.Any(File.Exists) => agents,
            "agents-first" => claude,
            "claude-first" when claude.Any(File.Exists) => claude,
            "claude-first" => agents,
            _ => [.. agents, .. claude],
        };
        return chosen.Concat(Markdown(Path.Combine(one, ".bridle", "rules"))).Concat(Markdown(Path.Combine(one, ".claude", "rules"))).Select(path => (path, "project"))
            .Append((Path.Combine(one, "CLAUDE.local.md"), "local"));
    }

    private IEnumerable<string> Markdown(string rules)
    {
        try
        {
            return Directory.Exists(rules)
                ? [.. Directory.EnumerateFiles(rules, "*.md", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, MaxRecursionDepth = 8, IgnoreInaccessible = true })
                    .Order(StringComparer.Ordinal).Take(MostRules)]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _left.Add($"{rules}: it cannot be listed ({e.Message})");
            return [];
        }
    }

    private bool IsExcluded(string path) =>
        (files.Layers.Effective.InstructionExcludes ?? []).Concat(files.Layers.Effective.ClaudeMdExcludes ?? []).Any(pattern => Tools.Search.GlobPattern.Parse(pattern.TrimStart('/'), out _)?.IsMatch(Path.GetFullPath(path).TrimStart('/')) is true);
}
