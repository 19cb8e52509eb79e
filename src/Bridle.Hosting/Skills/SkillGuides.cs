using System.Security.Cryptography;
using System.Text;
using Bridle.Context;
using Bridle.Journal;
using Bridle.Skills;
using Bridle.Tools;
using Bridle.Tools.Search;

namespace Bridle.Hosting.Skills;

/// <summary>
/// Tells the model about skills in the course of a conversation: the text of those in use, again after a compaction took it away; skills about files that are seen; and what
/// changed since the list was made. The prefix of the conversation stays as it was.
/// </summary>
/// <param name="list">The skills that belong into the list now.</param>
/// <param name="all">All skills that the model may use now.</param>
/// <param name="text">What the list would say now.</param>
/// <param name="blobs">Where the texts of used skills are kept.</param>
/// <param name="root">The workspace.</param>
/// <param name="hasTool">Whether the session has the tool that uses skills.</param>
internal sealed class SkillGuides(Func<IReadOnlyList<Skill>> list, Func<IReadOnlyList<Skill>> all, Func<IReadOnlyList<Skill>, string> text, IBlobs blobs, string root, Func<bool> hasTool)
{
    /// <summary>The kind of the prompt's part that lists skills.</summary>
    public const string Part = "skills";

    // What stays told of the skills that were used: the latest ones, and no more than a small window has room for beside the work.
    private const int MostKept = 4;
    private const int MostKeptCharacters = 48_000;

    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <summary>The guides.</summary>
    public IReadOnlyList<Guide> All =>
    [
        new("skills in use", GuideTime.EachStep, (moment, _) => ValueTask.FromResult(InUse(moment))) { MostTokens = SkillCalls.MostText },
        new("skills about files", GuideTime.EachStep, (moment, _) => ValueTask.FromResult(AboutFiles(moment))) { MostTokens = 1_000 },
        new("changed skills", GuideTime.Start, (moment, _) => ValueTask.FromResult(Changed(moment))) { MostTokens = 4_000 },
    ];

    private IReadOnlyList<GuideNote> InUse(GuideMoment moment)
    {
        var (notes, room) = (new List<GuideNote>(), MostKeptCharacters);
        foreach (var used in moment.Transcript.Skills.TakeLast(MostKept).Reverse())
        {
            var text = TextOf(used.Text);
            room -= text.Length;
            if (text.Length > 0 && (room >= 0 || notes.Count is 0))
            {
                notes.Insert(0, new GuideNote(used.Name, text));
            }
        }

        return notes;
    }

    private IReadOnlyList<GuideNote> AboutFiles(GuideMoment moment)
    {
        if (!moment.Files.Any())
        {
            return [];
        }

        var seen = moment.Files.Select(file => Path.GetRelativePath(root, file).Replace('\\', '/')).Where(file => !file.StartsWith("../", StringComparison.Ordinal)).ToList();
        return
        [
            .. all().Where(skill => skill.Paths is { } paths && paths.Any(pattern => GlobPattern.Parse(pattern.TrimStart('/'), out _) is { } glob && seen.Any(glob.IsMatch)))
                .Select(skill => new GuideNote(skill.Name, $"There is a skill about files like those that were seen; call Skill with its name if it fits:{SkillList.Line(skill)}")),
        ];
    }

    private IReadOnlyList<GuideNote> Changed(GuideMoment moment)
    {
        if (moment.Transcript.LastRequest is not { } last)
        {
            return [];
        }

        var now = list();
        if (last.Parts.FirstOrDefault(part => part.Kind is Part) is not { } told)
        {
            return now.Count > 0 && HowToUse(moment) is { } how ? [new(Part, $"There are skills now: {how} and one of these names. {string.Concat(now.Select(skill => SkillList.Line(skill, 200)))}")] : [];
        }

        return told.Hash == Hash(text(now)) ? []
            : [new(Part, now.Count is 0 ? "There are no skills any more." : $"The list of skills changed since the conversation began. It is now: {string.Concat(now.Select(skill => SkillList.Line(skill, 200)))}")];
    }

    // A conversation that began without skills has no tool for them among those it shows: what the model cannot call it is not told of.
    private string? HowToUse(GuideMoment moment) =>
        !hasTool() ? null
        : ContextAssembler.FrozenTools(moment.Transcript, blobs) is not { } shown || shown.Contains("Skill") ? "call Skill with its name"
        : shown.Contains(CallTool.Name) ? "call CallTool with the tool Skill"
        : null;

    private string TextOf(string hash)
    {
        if (!_texts.TryGetValue(hash, out var known))
        {
            _texts[hash] = known = blobs.Get(hash) is { } bytes ? Encoding.UTF8.GetString(bytes) : "";
        }

        return known;
    }

    private static string Hash(string words) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(words)));
}
