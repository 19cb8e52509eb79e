using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Bridle.Hooks;
using Bridle.Hosting.Assembly;
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
    private readonly SkillAssembly _skills;
    private readonly bool _hearsConfig;
    private readonly bool _hearsFiles;

    /// <summary>Remembers how everything is now.</summary>
    /// <param name="book">The hooks.</param>
    /// <param name="files">The settings that were read.</param>
    /// <param name="skills">The skills, whose changes wait for what hooks say where one hears of them.</param>
    public WatchedChanges(HookBook book, HostFiles files, SkillAssembly skills)
    {
        _skills = skills;
        (_hearsConfig, _hearsFiles) = (book.Active.Any(hook => hook.Event.Name is HookEvents.ConfigChange), book.Active.Any(hook => hook.Event.Name is HookEvents.FileChanged));
        _settings = _hearsConfig ? files.Layers.Files.Select(file => file.Path).Where(Path.IsPathFullyQualified).Distinct().ToList().ConvertAll(path => (path, SourceOf(path, files))) : [];
        foreach (var (path, _) in _settings)
        {
            _config[path] = Stamp(path);
        }

        if (_hearsConfig)
        {
            skills.Hold();
        }

        Watch([.. book.Active.Where(hook => hook.Event.Name is HookEvents.FileChanged).SelectMany(hook => NamesIn(hook.Matcher.Text)).Select(name => Path.Combine(files.Trust.Folder, name))]);
    }

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

        foreach (var (path, source) in _settings)
        {
            var now = Stamp(path);
            if (now != _config.GetValueOrDefault(path, Missing))
            {
                _config[path] = now;
                yield return Changed(path, source);
            }
        }

        foreach (var path in _hearsConfig ? _skills.Changed() : [])
        {
            yield return Changed(path, "skills");
        }
    }

    private HookNews Changed(string path, string source) =>
        new(new HookOccasion(HookEvents.ConfigChange) { Subject = source, Facts = new JsonObject { ["source"] = source, ["file_path"] = path } }) { Heard = said => Heard(path, source, said) };

    private static (long, DateTime) Missing => (-1, default);

    private void Heard(string path, string source, HookAnswers said)
    {
        var refusal = said is { Verdict: Verdict.Deny, Decider: { } no } && source is not "policy_settings" ? no : null;
        if (source is "skills")
        {
            _skills.Settle(path, refusal is not null);
        }

        if (refusal is not null)
        {
            var why = refusal.Answer.Reason is { Length: > 0 } reason ? $": {reason}" : ".";
            Notify($"{path} changed, and the hook '{refusal.Hook}' refuses that{why} {(source is "skills" ? "The skill stays as it was until its file changes again; one that was not there stays left out."
                : "This session goes on as it began; the next one will read it as it is then.")}");
        }
    }

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
