using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Bridle.Hooks;
using Bridle.Hosting.Settings;
using Bridle.Tools;

namespace Bridle.Hosting.Hooks;

/// <summary>
/// Sees between two steps which of the files changed that hooks ask about: those that their matchers and answers name (<c>FileChanged</c>), settings and skills (<c>ConfigChange</c>).
/// Looks at length and time only, and at nothing that no hook asks about.
/// </summary>
internal sealed class WatchedChanges
{
    private readonly ConcurrentDictionary<string, (long Length, DateTime Written)> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Length, DateTime Written)> _config = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<(string Path, string Source)> _settings;
    private readonly Func<IEnumerable<string>> _skills;
    private readonly bool _hearsConfig;
    private readonly bool _hearsFiles;

    /// <summary>Remembers how everything is now.</summary>
    /// <param name="book">The hooks.</param>
    /// <param name="files">The settings that were read.</param>
    /// <param name="skills">The files of the skills that there are now.</param>
    public WatchedChanges(HookBook book, HostFiles files, Func<IEnumerable<string>> skills)
    {
        _skills = skills;
        (_hearsConfig, _hearsFiles) = (book.Active.Any(hook => hook.Event.Name is HookEvents.ConfigChange), book.Active.Any(hook => hook.Event.Name is HookEvents.FileChanged));
        _settings = _hearsConfig ? files.Layers.Files.Select(file => file.Path).Where(Path.IsPathFullyQualified).Distinct().ToList().ConvertAll(path => (path, SourceOf(path, files))) : [];
        foreach (var (path, _) in Config())
        {
            _config[path] = Stamp(path);
        }

        Watch([.. book.Active.Where(hook => hook.Event.Name is HookEvents.FileChanged).SelectMany(hook => NamesIn(hook.Matcher.Text)).Select(name => Path.Combine(files.Trust.Folder, name))]);
    }

    /// <summary>Leaves a skill out as it stands now, because a hook refused its change.</summary>
    public Action<string> LeaveOut { get; init; } = _ => { };

    /// <summary>Tells the person something.</summary>
    public Action<string> Notify { get; init; } = _ => { };

    /// <summary>Watches more files.</summary>
    public void Watch(IReadOnlyList<string> paths)
    {
        foreach (var path in _hearsFiles ? paths : [])
        {
            _files.TryAdd(path, Stamp(path));
        }
    }

    /// <summary>What changed since it was last asked.</summary>
    public IEnumerable<HookNews> Look()
    {
        foreach (var (path, before) in _files)
        {
            var now = Stamp(path);
            if (now != before)
            {
                _files[path] = now;
                var what = before.Length < 0 ? "add" : now.Length < 0 ? "unlink" : "change";
                yield return new(new HookOccasion(HookEvents.FileChanged) { Subject = Path.GetFileName(path), Facts = new JsonObject { ["file_path"] = path, ["event"] = what } });
            }
        }

        foreach (var (path, source) in _hearsConfig ? Config() : [])
        {
            var now = Stamp(path);
            if (now != _config.GetValueOrDefault(path, Missing))
            {
                _config[path] = now;
                yield return new(new HookOccasion(HookEvents.ConfigChange) { Subject = source, Facts = new JsonObject { ["source"] = source, ["file_path"] = path } }) { Heard = said => Heard(path, source, said) };
            }
        }
    }

    private static (long, DateTime) Missing => (-1, default);

    private void Heard(string path, string source, HookAnswers said)
    {
        if (said is not { Verdict: Verdict.Deny, Decider: { } no } || source is "policy_settings")
        {
            return;
        }

        var why = no.Answer.Reason is { Length: > 0 } reason ? $": {reason}" : ".";
        if (source is "skills")
        {
            LeaveOut(path);
            Notify($"{path} changed, and the hook '{no.Hook}' refuses that{why} The skill is left out until it changes again.");
        }
        else
        {
            Notify($"{path} changed, and the hook '{no.Hook}' refuses that{why} This session goes on as it began; the next one will read it as it is then.");
        }
    }

    private IEnumerable<(string Path, string Source)> Config() => _hearsConfig ? _settings.Concat(_skills().ToList().ConvertAll(path => (path, "skills"))) : [];

    // Of a matcher the plain names; what is an expression says nothing about which files there are.
    private static IEnumerable<string> NamesIn(string matcher) =>
        matcher.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(name => name.IndexOfAny(['*', '?', '[', '(', '^', '$', '\\', '/', '+']) < 0);

    private static string SourceOf(string path, HostFiles files) =>
        path.StartsWith(files.Environment.ManagedFolder.TrimEnd('/') + '/', StringComparison.Ordinal) ? "policy_settings"
        : !path.StartsWith(files.Trust.Folder.TrimEnd('/') + '/', StringComparison.Ordinal) || path == files.Folders.UserSettings ? "user_settings"
        : Path.GetFileName(path) is "settings.local.json" ? "local_settings" : "project_settings";

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
}
