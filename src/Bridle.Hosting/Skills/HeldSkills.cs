using System.Collections.Concurrent;
using Bridle.Skills;

namespace Bridle.Hosting.Skills;

/// <summary>
/// The skills as hooks of <c>ConfigChange</c> let them stand: what a file says counts once they have heard of it, and until then, or when they refuse it, what it said before. Their
/// text is kept with them, so that no change comes in by a file that is read later. Safe to use concurrently.
/// </summary>
/// <param name="denied">Why rules refuse a file to be read, or null.</param>
internal sealed class HeldSkills(Func<string, string?> denied)
{
    private readonly ConcurrentDictionary<string, Held> _held = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (long Length, DateTime Written)> _refused = new(StringComparer.Ordinal);

    /// <summary>Takes a skill as it is now; none where there is none any more.</summary>
    public void Take(string file, Func<Skill?> find)
    {
        // The stamp first: what changes while it is read is a change that hooks hear of.
        var stamp = Stamp(file);
        _refused.TryRemove(file, out _);
        if (find() is { } skill)
        {
            _held[file] = new(skill, SkillFile.Content(skill, denied), stamp);
        }
        else
        {
            _held.TryRemove(file, out _);
        }
    }

    /// <summary>Keeps a file as it was, until it changes again.</summary>
    public void Refuse(string file) => _refused[file] = Stamp(file);

    /// <summary>The files that are not what was taken, refused ones among them as long as they are what was refused.</summary>
    public IEnumerable<string> Changed(IEnumerable<string> there) =>
        there.Concat(_held.Keys).Distinct(StringComparer.Ordinal).Where(file => Stamp(file) is var now && (_held.TryGetValue(file, out var held) ? held.Stamp : Missing) != now && (!_refused.TryGetValue(file, out var refused) || refused != now));

    /// <summary>The skill that counts in place of what a file says now; null with the reason where none does.</summary>
    public (Skill? Skill, string? Reason) Standing(string file) =>
        _held.TryGetValue(file, out var held) ? (held.Skill, null)
        : (null, _refused.ContainsKey(file) ? "a hook of ConfigChange refused its change" : "hooks of ConfigChange have not heard of it yet");

    /// <summary>All that count.</summary>
    public IEnumerable<Skill> All => _held.Values.Select(held => held.Skill);

    /// <summary>The text that counts, or null for a skill that is not kept.</summary>
    public SkillContent? ContentOf(Skill skill) => _held.TryGetValue(skill.File, out var held) ? held.Content : null;

    private static (long Length, DateTime Written) Missing => (-1, default);

    private static (long Length, DateTime Written) Stamp(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Exists ? (file.Length, file.LastWriteTimeUtc) : Missing;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Missing;
        }
    }

    private sealed record Held(Skill Skill, SkillContent Content, (long Length, DateTime Written) Stamp);
}
