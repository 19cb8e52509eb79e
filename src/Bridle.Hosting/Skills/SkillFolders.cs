using System.Collections.Concurrent;
using Bridle.Hosting.Trust;
using Bridle.Skills;

namespace Bridle.Hosting.Skills;

/// <summary>
/// Finds skills where the agents of this field look for them. What stands first wins where two have one name: the administrator's, the project's from the working folder up to the
/// root of its repository, the person's; in each place Bridle's own folder before <c>.agents</c> before <c>.claude</c>. A project's skills are loaded when its folder is trusted.
/// </summary>
internal sealed class SkillFolders(HostFiles files, string folder) : ISkillBook
{
    /// <summary>Why a skill is not loaded that a person turned off: no news to them.</summary>
    public const string TurnedOff = "skillOverrides turns it off";

    private const int MostSkills = 500;
    private const int MostFolders = 5_000;
    private const int MostDepth = 3;
    private const int MostLeft = 50;

    // Below the working folder and each one above it.
    private static readonly string[] Projects = [Path.Combine(".bridle", "skills"), Path.Combine(".agents", "skills"), Path.Combine(".claude", "skills")];

    // What a file says is known until it changes: the folders are looked into again at every turn and at every key after a slash.
    private HeldSkills? _held;
    private readonly Lazy<DeniedReads> _denied = new(() => DeniedReads.For(files, folder));
    private readonly ConcurrentDictionary<string, (long Length, DateTime Written, Skill? Skill, string? Reason)> _known = new(StringComparer.Ordinal);

    /// <summary>The folders that are looked into, the strongest first, and whose they are.</summary>
    public IReadOnlyList<(string Path, SkillScope Scope)> Places()
    {
        var environment = files.Environment;
        var claude = environment["CLAUDE_CONFIG_DIR"] is { } moved && Path.IsPathFullyQualified(moved) ? moved : Path.Combine(environment.Home, ".claude");
        return
        [
            (Path.Combine(environment.ManagedFolder, "skills"), SkillScope.Managed),
            .. ProjectFolders().SelectMany(one => Array.ConvertAll(Projects, name => (Path.Combine(one, name), SkillScope.Project))),
            (Path.Combine(files.Folders.Config, "skills"), SkillScope.User),
            (Path.Combine(environment.Home, ".agents", "skills"), SkillScope.User),
            (Path.Combine(claude, "skills"), SkillScope.User),
        ];
    }

    /// <summary>From here on a change of a skill counts once hooks have heard of it. What there is now counts.</summary>
    public void Hold()
    {
        var held = new HeldSkills(Denied);
        foreach (var skill in Find().Skills)
        {
            held.Take(skill.File, () => skill);
        }

        _held = held;
    }

    /// <summary>The files of skills that changed, came or went, and of which hooks have not heard. None where nothing is held.</summary>
    public IReadOnlyList<string> Changed() => _held is not { } held ? [] : [.. held.Changed(Find(null).Skills.Select(skill => skill.File))];

    /// <summary>The skills that a person can name: also those that hooks have not heard of. Naming one begins a turn, and hooks hear of it before its text is read.</summary>
    public FoundSkills ForPerson()
    {
        var (found, waiting) = (Find(), Changed());
        return waiting.Count is 0 ? found
            : found with { Skills = [.. found.Skills.Concat(Find(null).Skills.Where(skill => waiting.Contains(skill.File) && found.Find(skill.Name) is null)).OrderBy(skill => skill.Name, StringComparer.Ordinal)] };
    }

    /// <summary>What a hook said of a change: it counts, or what was there before does.</summary>
    public void Settle(string file, bool refused)
    {
        if (refused)
        {
            _held?.Refuse(file);
        }
        else
        {
            _held?.Take(file, () => Find(null).Skills.FirstOrDefault(skill => skill.File == file));
        }
    }

    /// <inheritdoc/>
    public FoundSkills Find() => Find(_held);

    private FoundSkills Find(HeldSkills? held)
    {
        var (loaded, left, shadowed, seen) = (new Dictionary<string, Skill>(StringComparer.Ordinal), new List<SkillLeft>(), new List<ShadowedSkill>(), new HashSet<string>(StringComparer.Ordinal));

        // What the project shows by a link of its own is judged as the project's, and once more where it is the person's.
        var reached = new Dictionary<SkillScope, HashSet<string>>();

        // With the home folder as the working folder the person's folders are found as the project's as well; they are the person's.
        var own = Places().Where(place => place.Scope is SkillScope.User).Select(place => place.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var (path, scope) in Places().Where(place => place.Scope is not SkillScope.Project || !own.Contains(place.Path)))
        {
            var known = reached.TryGetValue(scope, out var before) ? before : reached[scope] = new(StringComparer.Ordinal);
            if (scope is SkillScope.Project && !files.Trust.IsTrusted)
            {
                var waiting = Below(path, left, known).Count();
                if (waiting > 0)
                {
                    left.Add(new(path, $"{waiting} {(waiting is 1 ? "skill" : "skills")} of the project, whose folder is not trusted; `bridle trust` loads them"));
                }

                continue;
            }

            foreach (var file in Below(path, left, known))
            {
                if (loaded.Count >= MostSkills)
                {
                    left.Add(new(path, $"more than {MostSkills} skills"));
                    break;
                }

                Take(Load(file, scope), file, held, loaded, left, shadowed, seen);
            }
        }

        // Whose file is gone or broken by now, and no hook has let that stand.
        foreach (var kept in held?.All.Where(skill => !seen.Contains(skill.File)) ?? [])
        {
            loaded.TryAdd(kept.Name, kept);
        }

        return new([.. loaded.Values.OrderBy(skill => skill.Name, StringComparer.Ordinal).Select(skill => AsWished(skill, left)).OfType<Skill>()], left.Count <= MostLeft ? left : [.. left.Take(MostLeft), new(folder, $"and {left.Count - MostLeft} more")], shadowed);
    }

    /// <inheritdoc/>
    public SkillContent Read(Skill skill) => _held?.ContentOf(skill) ?? SkillFile.Content(skill, Denied);

    /// <summary>Whether tools may read what lies beside the skill though it be outside the workspace: a project's link must not open what its author chose.</summary>
    public bool IsLent(Skill skill) =>
        !Holds(skill.Folder, folder) && !Holds(skill.Folder, files.Environment.Home) && !Holds(skill.Folder, files.Folders.Config) && !Holds(skill.Folder, files.Folders.Data) && !Holds(skill.Folder, files.Folders.State)
        && (skill.Scope is not SkillScope.Project || Holds(ProjectFolders()[^1], skill.Folder));

    // What settings make of a skill by its name. They can take away only: what its author keeps from the model or from people stays kept.
    private Skill? AsWished(Skill skill, List<SkillLeft> left)
    {
        switch (files.Layers.Effective.SkillOverrides?.GetValueOrDefault(skill.Name))
        {
            case "off":
                left.Add(new(skill.Found, TurnedOff));
                return null;
            case "user-invocable-only":
                return skill with { ForModel = false };
            case "name-only":
                return skill with { NameOnly = true };
            default:
                return skill;
        }
    }

    private (Skill? Skill, string? Reason) Load(string file, SkillScope scope)
    {
        var (length, written) = (SmallFile.Length(file), File.GetLastWriteTimeUtc(RealFolder.Resolve(file) ?? file));
        if (_known.TryGetValue(file, out var known) && known.Length == length && known.Written == written)
        {
            return (known.Skill, known.Reason);
        }

        // A link of the project may lead to a skill that several share, never to another file that its author chose.
        var (skill, reason) = scope is SkillScope.Project && RealFolder.Resolve(file) is { } real && !Holds(ProjectFolders()[^1], real) && !Path.GetFileName(real).Equals("SKILL.md", StringComparison.OrdinalIgnoreCase)
            ? (null, "it leads out of the project, to a file that is no SKILL.md") : SkillFile.Load(file, scope, Denied);
        _known[file] = (length, written, skill, reason);
        return (skill, reason);
    }

    private static void Take(
        (Skill? Skill, string? Reason) found, string file, HeldSkills? held, Dictionary<string, Skill> loaded, List<SkillLeft> left, List<ShadowedSkill> shadowed, HashSet<string> seen)
    {
        var (skill, reason) = found.Skill is { } there && held is not null ? held.Standing(there.File) : found;

        if (skill is null)
        {
            left.Add(new(file, reason!));
        }
        else if (!seen.Add(skill.File))
        {
            // Links make one skill appear in several places.
        }
        else if (!loaded.TryAdd(skill.Name, skill))
        {
            shadowed.Add(new(skill, loaded[skill.Name]));
        }
    }

    // The working folder first, the root of the repository last; a folder without a repository stands alone, as what lies above belongs to others.
    private IReadOnlyList<string> ProjectFolders()
    {
        var here = RealFolder.Of(folder);
        var root = here?.Repository() ?? here?.Path ?? folder;
        var folders = new List<string>();
        for (var at = new DirectoryInfo(here?.Path ?? folder); at is not null; at = at.Parent)
        {
            folders.Add(at.FullName);
            if (at.FullName == root)
            {
                break;
            }
        }

        return folders;
    }

    // A folder with a SKILL.md is a skill, whatever lies below it; others may hold skills in groups. However many links lead to a folder, it is looked into once, from where it lies highest,
    // and a skill in it is one skill, whether it is loaded or not.
    private static IEnumerable<string> Below(string root, List<SkillLeft> left, HashSet<string> skills)
    {
        var groups = new HashSet<string>(StringComparer.Ordinal) { Real(root) };
        var (waiting, looked) = (new Queue<(string Path, int Depth)>(Listed(root, left).Select(path => (path, 1))), 0);
        while (waiting.TryDequeue(out var next) && looked++ < MostFolders)
        {
            if (SkillFile.In(next.Path) is { } file)
            {
                if (skills.Add(Real(next.Path)))
                {
                    yield return file;
                }
            }
            else if (next.Depth < MostDepth && groups.Add(Real(next.Path)))
            {
                foreach (var inner in Listed(next.Path, left).TakeWhile(_ => looked + waiting.Count < MostFolders))
                {
                    waiting.Enqueue((inner, next.Depth + 1));
                }
            }
        }
    }

    private static string Real(string folder) => RealFolder.Resolve(folder) ?? folder;

    private static IReadOnlyList<string> Listed(string root, List<SkillLeft> left)
    {
        try
        {
            return Directory.Exists(root)
                ? [.. Directory.EnumerateDirectories(root).Where(path => Path.GetFileName(path) is not (".git" or "node_modules")).Order(StringComparer.Ordinal).Take(MostFolders)]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            left.Add(new(root, $"it cannot be listed ({e.Message})"));
            return [];
        }
    }

    private string? Denied(string path) => _denied.Value.Of(path);

    private static bool Holds(string outer, string inner) => inner == outer || inner.StartsWith(outer.TrimEnd('/') + "/", StringComparison.Ordinal);
}
