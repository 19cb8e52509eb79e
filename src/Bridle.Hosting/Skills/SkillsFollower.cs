using Bridle.Events;
using Bridle.Permissions;
using Bridle.Skills;
using Bridle.Tools;

namespace Bridle.Hosting.Skills;

/// <summary>
/// Keeps the gate's narrowings those of the skills in use, and the folders of the skills that were used open for reading. Which folders those are is what the skills of now say:
/// a log that somebody wrote opens nothing.
/// </summary>
internal sealed class SkillsFollower(SkillFolders folders, PermissionsInForce inForce) : IEventSink
{
    private readonly Lock _lock = new();
    private readonly List<SkillUsed> _inUse = [];
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>Takes up what a conversation that goes on has in use.</summary>
    public void TakeUp(Transcript transcript)
    {
        lock (_lock)
        {
            _inUse.AddRange(transcript.SkillsInUse);
            _used.UnionWith(transcript.Skills.Select(used => used.Name));
            Follow();
        }
    }

    public ValueTask EmitAsync(SessionEvent sessionEvent, CancellationToken cancellationToken)
    {
        if (sessionEvent is Recorded { Event: UserSpoke or SkillUsed } recorded && !recorded.Run.Value.Contains('.'))
        {
            lock (_lock)
            {
                if (recorded.Event is SkillUsed used)
                {
                    _inUse.Add(used);
                    _used.Add(used.Name);
                }
                else if (_inUse.Count > 0)
                {
                    _inUse.Clear();
                }
                else
                {
                    return ValueTask.CompletedTask;
                }

                Follow();
            }
        }

        return ValueTask.CompletedTask;
    }

    private void Follow() => inForce.UseSkills(
        [.. _inUse.Where(used => used.Allowed is not null || used.Refused is { Count: > 0 }).Select(Narrows)],
        _used.Count is 0 ? [] : [.. folders.Find().Skills.Where(skill => _used.Contains(skill.Name) && folders.IsLent(skill)).Select(skill => skill.Folder)]);

    // A rule that cannot be read allows nothing, and keeps from the whole tool.
    private static Narrowing Narrows(SkillUsed used) => new(
        $"The skill '{used.Name}'",
        used.Allowed is { } allowed ? Rules(used.Name, allowed, Verdict.Allow) : null,
        Rules(used.Name, used.Refused ?? [], Verdict.Deny));

    private static IReadOnlyList<PermissionRule> Rules(string skill, IReadOnlyList<string> texts, Verdict verdict) =>
        [.. texts.Select(text => PermissionRule.Parse(text, verdict, new RuleSource(RuleLayer.Session, $"the skill '{skill}'")).Rule).OfType<PermissionRule>()];
}
