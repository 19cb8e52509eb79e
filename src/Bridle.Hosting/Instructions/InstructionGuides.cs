using System.Security.Cryptography;
using System.Text;
using Bridle.Context;
using Bridle.Tools.Search;

namespace Bridle.Hosting.Instructions;

/// <summary>
/// Tells what instruction files say in the course of a conversation: rules about files that are seen, the files of folders below the working folder,
/// and what changed since the conversation began. The prefix of the conversation stays as it was.
/// </summary>
internal sealed class InstructionGuides(InstructionSearch search, InstructionFiles found, string root, Action<InstructionLoad>? loaded = null)
{
    /// <summary>What stands around a file beside its name.</summary>
    public const string Frame = "<instructions from=\"\">\n\n</instructions>";

    private const string Name = "instructions";
    private const string ChangedName = "changed instructions";
    private const string ChangedNow = "These instructions changed. They say now:\n";
    private const string GoneNow = "These instructions are gone; they no longer hold.";

    // What is told is held in bytes; in no script do two of them take more than a token.
    private const int MostTokens = (InstructionCap.MostTotal / 2) + 1_000;

    private readonly HashSet<string> _loaded = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Found> _below = new(StringComparer.Ordinal);
    private readonly HashSet<string> _gone = new(StringComparer.Ordinal);
    private IReadOnlyList<InstructionFile> _rules = found.Rules;

    /// <summary>The guides. What changed is asked first: it reads again what the other one tells.</summary>
    public IReadOnlyList<Guide> All =>
    [
        new(ChangedName, GuideTime.Start, (moment, _) => ValueTask.FromResult(Changed(moment))) { MostTokens = MostTokens, SaysHowItStands = true },
        new(Name, GuideTime.EachStep, (moment, _) => ValueTask.FromResult(Seen(moment))) { MostTokens = MostTokens, SaysHowItStands = true },
    ];

    /// <summary>How a file is put to the model. Neither its text nor its name can end the frame and go on as if the harness spoke.</summary>
    public static string Told(InstructionFile file)
    {
        var from = string.Concat(file.Path.Select(letter => char.IsControl(letter) || letter is '"' or '<' or '>' ? '?' : letter));
        return $"<instructions from=\"{from}\">\n{file.Text.Replace("</instructions", "&lt;/instructions", StringComparison.OrdinalIgnoreCase)}\n</instructions>";
    }

    private IReadOnlyList<GuideNote> Seen(GuideMoment moment)
    {
        var seen = moment.Files.ToList();
        var below = seen.SelectMany(FoldersBelow).Distinct().Order(StringComparer.Ordinal).Select(folder => new { Folder = folder, Found = Below(folder) }).ToList();
        var told = _rules.Concat(below.SelectMany(one => one.Found.Files)).Where(file => file.Text.Length > 0 && (file.Patterns is null || seen.Any(path => IsAbout(file, path)))).ToList();
        Load(told, seen, moment);
        var left = below.Where(one => one.Found.Left.Count > 0).Select(one => new GuideNote(one.Folder, $"Of the instructions in {one.Folder}, not all were taken as they are:\n{Told(one.Found.Left)}"));
        var gone = _gone.Where(path => LastTold(moment, path) is not null).Select(path => new GuideNote(path, GoneNow));
        return [.. told.Select(file => new GuideNote(file.Path, Now(file, moment))), .. gone, .. left];
    }

    // What was told of a file before, and says something else by now, is told as a change of it.
    private static string Now(InstructionFile file, GuideMoment moment)
    {
        var text = Told(file);
        var known = moment.Doors?.Redact(text) ?? text;
        return LastTold(moment, file.Path) is not { } last || last == known ? text : ChangedNow + text;
    }

    private static string? LastTold(GuideMoment moment, string path) => moment.Transcript.LastTold($"guide {Name}: {path}");

    // Said once of each file, and not of what the conversation holds from before a restart.
    private void Load(List<InstructionFile> told, List<string> seen, GuideMoment moment)
    {
        foreach (var file in loaded is null ? [] : told.Where(file => _loaded.Add(file.Path) && !moment.Transcript.WasTold($"guide {Name}: {file.Path}", Told(file))))
        {
            var trigger = seen.FirstOrDefault(path => file.Patterns is null ? path.StartsWith(file.Folder + "/", StringComparison.Ordinal) : IsAbout(file, path));
            foreach (var load in InstructionLoad.Of(file, file.Patterns is null ? "nested_traversal" : "path_glob_match", trigger))
            {
                loaded!(load);
            }
        }
    }

    // The prefix holds what was read at the start; what a file says now is told when it is something else.
    private IReadOnlyList<GuideNote> Changed(GuideMoment moment)
    {
        if (moment.Transcript.LastRequest is not { } last)
        {
            return [];
        }

        var now = search.Find();
        ReadAgain(now);
        var known = last.Parts.Where(part => part.Kind is "instructions").ToLookup(part => part.Source, part => part.Hash);
        return
        [
            .. now.Files.Where(file => !known[file.Path].Contains(Hash(Told(file))) || moment.Transcript.LastTold($"guide {ChangedName}: {file.Path}") is not null)
                .Select(file => new GuideNote(file.Path, $"These instructions {(known.Contains(file.Path) ? "changed" : "are new")} since the conversation began. They say now:\n{Told(file)}")),
        ];
    }

    private static string Told(IEnumerable<string> left) => string.Join('\n', left.Select(one => $"- {string.Concat(one.Select(letter => char.IsControl(letter) || letter is '<' or '>' ? '?' : letter))}"));

    // Once a turn. The rules are at hand, because all files of the start are read; of the folders below only those are read again whose files have another size or time.
    private void ReadAgain(InstructionFiles now)
    {
        var before = AllFiles();
        _rules = now.Rules;
        foreach (var (folder, known) in _below.Where(one => search.StampBelow(one.Key, one.Value.Files) != one.Value.Stamp).ToList())
        {
            _below[folder] = Read(folder, known.Files);
        }

        var after = AllFiles();
        _gone.UnionWith(before.Except(after));
        _gone.ExceptWith(after);
        _gone.ExceptWith(now.Files.Select(file => file.Path));
    }

    private HashSet<string> AllFiles() => [.. _rules.Concat(_below.Values.SelectMany(one => one.Files)).Select(file => file.Path)];

    private Found Below(string folder)
    {
        if (!_below.TryGetValue(folder, out var files))
        {
            _below[folder] = files = Read(folder, []);
        }

        return files;
    }

    private Found Read(string folder, IReadOnlyList<InstructionFile> before)
    {
        var (files, left) = search.Below(folder, before);
        return new(files, left, search.StampBelow(folder, files));
    }

    private IEnumerable<string> FoldersBelow(string path)
    {
        for (var at = Path.GetDirectoryName(path); at is not null && at.Length > root.Length && at.StartsWith(root + "/", StringComparison.Ordinal); at = Path.GetDirectoryName(at))
        {
            yield return at;
        }
    }

    private static bool IsAbout(InstructionFile rule, string path)
    {
        var relative = Path.GetRelativePath(rule.Folder, path).Replace('\\', '/');
        return !relative.StartsWith("../", StringComparison.Ordinal) && rule.Patterns!.Any(pattern => GlobPattern.Parse(pattern.TrimStart('/'), out _) is { } glob && glob.IsMatch(relative));
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private sealed record Found(IReadOnlyList<InstructionFile> Files, IReadOnlyList<string> Left, string Stamp);
}
