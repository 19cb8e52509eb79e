using System.Text.Json;
using Bridle.Permissions.Shell;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>A call as permission sees it: its tool and everything it would touch, with paths resolved. Made by <see cref="CallReader"/>.</summary>
/// <param name="Tool">The tool's canonical name.</param>
/// <param name="Kind">What the tool does to the world.</param>
/// <param name="WorkingDirectory">Where relative paths start.</param>
/// <param name="Paths">The files it names.</param>
/// <param name="Addresses">The addresses it names.</param>
public sealed record CallToJudge(string Tool, ToolKind Kind, string WorkingDirectory, IReadOnlyList<JudgedPath> Paths, IReadOnlyList<string> Addresses)
{
    /// <summary>The call asks to run without confinement; always asked.</summary>
    public bool AsksForNoSandbox { get; init; }

    /// <summary>There is no sandbox in the session, so that asking for none changes nothing.</summary>
    public bool NothingConfines { get; init; }

    /// <summary>The operating system keeps the call to the workspace, with no network beyond what a rule names; see <see cref="IsolationPlan.KeepsToWorkspace"/>.</summary>
    public bool Confined { get; init; }

    /// <summary>What may reach the registries of its packages where the call runs only because it is confined; see <see cref="IsolationPlan.Fetching"/>.</summary>
    public IReadOnlyList<PackageFetching> Fetching { get; init; } = [];

    /// <summary>Who makes the call; see <see cref="PermissionGrant.Actor"/>.</summary>
    public string Actor { get; init; } = PermissionGrant.MainActor;

    /// <summary>The bound input, for rules about single parameters and about agents and skills by name.</summary>
    public JsonElement Input { get; init; }

    /// <summary>Files among those that it names which begin as a private key.</summary>
    public IReadOnlyList<string> PrivateKeys { get; init; } = [];

    /// <summary>Looks for the places of the workspace that a program should not simply have. Asked only where the verdict depends on it.</summary>
    internal Func<GuardedPlaces> Guarded { get; init; } = () => GuardedPlaces.Nothing;

    /// <summary>The same, judged with what lies in the workspace of that policy now, and with what git says of it.</summary>
    public CallToJudge In(PermissionPolicy policy, IGitForesight? git = null)
    {
        var places = new Lazy<GuardedPlaces>(() => GuardedPlaces.Of(policy));
        return this with { Guarded = () => places.Value, Foreseen = new(git) };
    }

    /// <summary>The same, judged with what lies in a workspace that is reached through a door of its own.</summary>
    public CallToJudge In(PermissionPolicy policy, IFiles files)
    {
        var places = new Lazy<GuardedPlaces>(() => GuardedPlaces.Of(policy, files));
        return this with { Guarded = () => places.Value };
    }

    /// <summary>What its commands of git would change without naming it. Looked up only where the verdict depends on it.</summary>
    internal GitForeseen Foreseen { get; init; } = new(null);

    internal IReadOnlyList<JudgedCommand> Commands { get; init; } = [];

    /// <summary>The tool runs no shell: its command says in words what the call does, so that rules hear of it. What is free for commands is not free for the call.</summary>
    internal bool IsSaidAsCommand { get; init; }

    /// <summary>Whether there is a command that a shell runs.</summary>
    internal bool RunsShell => Commands.Count > 0 && !IsSaidAsCommand;

    /// <summary>Whether a rule for commands may speak of this call's.</summary>
    internal bool HearsCommands(RuleTerm term) => term.Scope is RuleScope.Command && (term.Names(Tool) || (IsSaidAsCommand && term.Names(Shell)));

    private const string Shell = "Bash";
}


/// <summary>A shell command: its tree, what the tree runs, and every path its words may mean.</summary>
internal sealed record JudgedCommand(ShellScript Script, CommandReading Reading, IReadOnlyList<WordPath> Paths, bool TooManyWords)
{
    private ILookup<string, WordPath>? _whole;
    private HashSet<ShellWord>? _passedOver;
    private IReadOnlyList<(FoundCommand Command, IReadOnlyList<WordShape> Words)>? _computed;

    /// <summary>The text as given.</summary>
    public string Text => Script.Source;

    /// <summary>Where it may work: the folder that it begins in, and those that it may change to.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>The same, links followed.</summary>
    public IReadOnlyList<ResolvedPath> Places { get; init; } = [];

    /// <summary>It copies, moves or removes folders with more in them than was looked at.</summary>
    public bool CopiesUnseen { get; init; }

    /// <summary>The repositories whose history it may print.</summary>
    public RepositoryTops Repositories { get; init; } = RepositoryTops.None;

    /// <summary>The repositories of its commands of git with what settings make these print. Looked up when it is first asked for.</summary>
    public Lazy<GitPlaces> Git { get; init; } = new(GitPlaces.None);

    /// <summary>Why no rules for its parts can allow it, or null.</summary>
    public string? OffList { get; } = ShortList.Problem(Script);

    /// <summary>The commands that stand in the text itself: what an allow must cover, each of them.</summary>
    public IEnumerable<FoundCommand> Direct => Reading.Commands.Where(command => command.Direct);

    /// <summary>The commands of which some words are only known when they run, with what these may be.</summary>
    public IReadOnlyList<(FoundCommand Command, IReadOnlyList<WordShape> Words)> Computed =>
        _computed ??= [.. Reading.Commands.Concat(Reading.OtherNames).Where(one => one.Words.Any(word => !word.Plain) && !Reading.Expansions.Have(one))
            .Select(one => (one, (IReadOnlyList<WordShape>)[.. one.Words.Select(word => WordShape.Of(word, Reading.Expansions.Known))])).Where(one => one.Item2.Any(word => word.Text is null))];

    /// <summary>See <see cref="WordUses.PassedOver"/>.</summary>
    public HashSet<ShellWord> PassedOver => _passedOver ??= WordUses.PassedOver(Reading);

    /// <summary>Every file that a whole word may name: one for each folder the command may be in.</summary>
    public IEnumerable<WordPath> PathsOf(string word) => (_whole ??= Paths.Where(path => path.Whole).ToLookup(path => path.Word))[word];
}

/// <summary>A path that a shell word may mean. <paramref name="Whole"/> when it is the word itself and not a part of it.</summary>
internal sealed record WordPath(string Word, ResolvedPath Path, bool Whole, bool Redirected)
{
    /// <summary>The word is a pattern, and this is one of the files that it matches now.</summary>
    public bool IsMatch { get; init; }

    /// <summary>The command does not name it: it lies in a folder that is moved, copied or removed as a whole, and only rules speak of it.</summary>
    public bool OnlyRules { get; init; }
}
