using Bridle.Hooks;
using Bridle.Hosting.Assembly;
using Bridle.Hosting.Hooks;
using Bridle.Hosting.Skills;
using Bridle.Skills;

namespace Bridle.Hosting.DryRuns;

/// <summary>A first word such as <c>/compact</c>, which people type where commands are known. A path is none, and neither is one behind a space.</summary>
public static class SlashWord
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_:";

    /// <summary>Why a run does not take the task: it begins with a command that a run does not know and that is no skill for people. Null when it does, or when a hook of the start may make
    /// such a skill: then ask again once the session has started. Reads the skills' folders.</summary>
    public static HarnessRefused? Refused(string task, HarnessRequest request)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(request);
        return IsOne(task) && SessionOpening.Settled(request) is { Workspace: null } settled && Directory.Exists(settled.Folder)
            && HostFiles.Read(settled) is var files && !MayCome(files) ? Refused(task, files, settled.Folder) : null;
    }

    /// <summary>The same once the session has started, with the skills that there are then.</summary>
    public static HarnessRefused? Refused(string task, FoundSkills found)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(found);
        return IsOne(task) ? Refused(WordOf(task), found, found.Skills.Where(skill => skill.ForPerson).Select(skill => skill.Name).ToList()) : null;
    }

    /// <summary>Whether hooks of the start may make skills that are not there yet.</summary>
    internal static bool MayCome(HostFiles files) => HookFiles.Read(files).Book.Active.Any(hook => hook.Event.Name is HookEvents.SessionStart or HookEvents.Setup);

    /// <summary>The same for settings that were read already.</summary>
    internal static HarnessRefused? Refused(string task, HostFiles files, string folder)
    {
        return IsOne(task) ? Refused(task, new SkillFolders(files, folder).Find()) : null;
    }

    private static HarnessRefused? Refused(string word, FoundSkills found, List<string> names)
    {
        if (names.Contains(word[1..], StringComparer.Ordinal))
        {
            return null;
        }

        var near = NearestName.Of(word[1..], names) is { } name ? $" Did you mean the skill /{name}?" : "";
        var waits = found.Left.Count > 0 ? $" Not loaded as skills: {string.Join("; ", found.Left.Take(3).Select(left => $"{left.File}: {left.Reason}"))}." : "";
        return new("usage", $"There is no command or skill {word} in a run.{near}{waits}", "Commands with a slash are for `bridle chat`; `bridle skills list` lists the skills. Put a space before it if the model should read it as it stands.");
    }

    private static bool IsOne(string task) =>
        WordOf(task) is { Length: > 1 } word && word[0] == '/' && char.IsAsciiLetter(word[1]) && word.AsSpan(1).IndexOfAnyExcept(Letters) < 0 && !Path.Exists(word);

    private static string WordOf(string task) => task.Split([' ', '\n', '\t', '\r'], 2)[0];
}
