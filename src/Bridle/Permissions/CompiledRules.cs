using Bridle.Permissions.Shell;
using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>All rules of a policy with their path patterns ready, by verdict.</summary>
internal sealed class CompiledRules
{
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<Verdict, Entry[]> _byVerdict;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<Verdict, PathParts> _parts = new();
    private readonly Dictionary<string, IReadOnlyList<string>> _places = new(StringComparer.Ordinal);
    private readonly Func<Func<string, string>>? _follow;
    private readonly bool _someAreForOthers;

    private CompiledRules(IEnumerable<Entry> entries)
    {
        _entries = [.. entries];
        _byVerdict = ByVerdict(_entries);
        HasPathDenials = Of(Verdict.Deny).Any(entry => entry.Path is not null);
        HasFileRules = HasPathDenials || Of(Verdict.Ask).Any(entry => entry.Path is not null);
    }

    public CompiledRules(PolicyOptions options)
    {
        _follow = options.FollowLinks;
        var follow = _follow();
        foreach (var rule in options.Rules.Where(rule => rule.Verdict is not Verdict.Allow || rule.Source.MayWiden))
        {
            foreach (var term in rule.Terms)
            {
                var pattern = term.Scope is RuleScope.Reads or RuleScope.Writes
                    ? PathPattern.Parse(term.Specifier, rule.Verdict is not Verdict.Allow, options.Root, options.Home, rule.Source.Folder)
                    : null;
                _entries.Add(new Entry(rule, term, pattern));
                if (pattern is not null && rule.Verdict is not Verdict.Allow && pattern.PlaceIn(options.Root) is { } place)
                {
                    var led = _places[place] = LedTo(place, follow(place), _places.GetValueOrDefault(place) ?? options.LinksBefore.GetValueOrDefault(place));
                    foreach (var real in led)
                    {
                        _entries.Add(new Entry(rule, term, pattern.MovedTo(real)) { ByLink = true });
                    }
                }

                _someAreForOthers |= rule.Source.Actor is not null and not PermissionGrant.MainActor;
            }
        }

        _byVerdict = ByVerdict(_entries);
        HasPathDenials = Of(Verdict.Deny).Any(entry => entry.Path is not null);
        HasFileRules = HasPathDenials || Of(Verdict.Ask).Any(entry => entry.Path is not null);
    }

    /// <summary>The rules that count for that actor's calls: what was granted to another allows it nothing.</summary>
    public CompiledRules For(string actor) => !_someAreForOthers && actor is PermissionGrant.MainActor ? this
        : new(_entries.Where(entry => entry.Rule.Verdict is not Verdict.Allow || entry.Rule.Source.Actor is null || entry.Rule.Source.Actor == actor));

    /// <summary>
    /// Where the places that rules which tighten name in plain words lie through links, now and before, by place, when that is more than these rules know; else null. A link that leads
    /// elsewhere now takes nothing back: what was kept from being touched is kept.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? MovedLinks()
    {
        if (_places.Count == 0)
        {
            return null;
        }

        var (moved, follow) = (false, _follow!());
        var now = new Dictionary<string, IReadOnlyList<string>>(_places.Count, StringComparer.Ordinal);
        foreach (var (place, known) in _places)
        {
            now[place] = LedTo(place, follow(place), known);
            moved |= now[place].Count != known.Count;
        }

        return moved ? now : null;
    }

    private static IReadOnlyList<string> LedTo(string place, string real, IReadOnlyList<string>? known) =>
        real == place || known?.Contains(real) is true ? known ?? [] : [.. known ?? [], real];

    /// <summary>Whether a rule that denies or asks speaks of commands.</summary>
    public bool HasCommandLimits => Of(Verdict.Deny).Any(entry => entry.Term.Scope is RuleScope.Command) || Of(Verdict.Ask).Any(entry => entry.Term.Scope is RuleScope.Command);

    public bool HasReadDenials => Of(Verdict.Deny).Any(entry => entry.Term.Scope is RuleScope.Reads);

    /// <summary>Whether a rule refuses files to be written and says nothing of reading them.</summary>
    public bool HasWriteDenials => Of(Verdict.Deny).Any(entry => entry is { Term.Scope: RuleScope.Writes, Path: not null });

    /// <summary>What rules refuse to be read.</summary>
    public IEnumerable<Entry> ReadDenials => Of(Verdict.Deny).Where(entry => entry.Term.Scope is RuleScope.Reads && entry.Path is not null);

    /// <summary>Whether the sandbox can hide and hold what every rule that denies says of files: what lies in the workspace, and what is named in plain words.</summary>
    public bool AreHeldIn(string root) => Of(Verdict.Deny).All(entry => entry.Path is null || entry.Path.IsHeldIn(root));

    /// <summary>The rule that may speak of a command in which words are only known when it runs, for deny and ask; with the command and the word.</summary>
    public (PermissionRule Rule, string Command, string Word)? MayTouch(CallToJudge call)
    {
        var computed = call.Commands.SelectMany(command => command.Computed).ToList();
        foreach (var entry in computed.Count == 0 ? [] : Of(Verdict.Deny).Concat(Of(Verdict.Ask)).Where(entry => call.HearsCommands(entry.Term)))
        {
            var found = entry.Term.Parts is { } parts ? CompoundPattern.MayHit(parts, call) ? computed[0].Command : null
                : computed.Find(one => entry.Term.Command!.MayHit(one.Command.Texts, one.Words)).Command;
            if (found is not null)
            {
                var words = found.Words.Select(word => word.Plain ? word.Text : ShellPrinter.Print(word)).ToList();
                return (entry.Rule, string.Join(' ', words), words[Math.Max(found.Words.ToList().FindIndex(word => !word.Plain), 0)]);
            }
        }

        return null;
    }

    public bool HasFileRules { get; }

    /// <summary>The places that rules which tighten name in plain words from end to end, and where those lead; absolute.</summary>
    public IReadOnlyList<string> NamedPlaces(string root) =>
        [.. Of(Verdict.Deny).Concat(Of(Verdict.Ask)).Select(entry => entry.Path is { IsPlace: true } path ? path.PlaceIn(root) : null).OfType<string>().Distinct()];

    public bool HasPathDenials { get; }

    /// <summary>What tells at once that a path is none of the rules with that verdict.</summary>
    public PathParts PartsOf(Verdict verdict) => _parts.GetOrAdd(verdict, static (wanted, rules) => new(rules.Of(wanted).Select(entry => entry.Path).OfType<PathPattern>()), this);

    public IReadOnlyList<Entry> Of(Verdict verdict) => _byVerdict.TryGetValue(verdict, out var entries) ? entries : [];

    /// <summary>The rule that speaks of any part of the call, for deny and ask: one hit is enough.</summary>
    public (PermissionRule Rule, string What)? Touching(Verdict verdict, CallToJudge call)
    {
        var parts = PartsOf(verdict);
        var isFar = call.Paths.All(path => parts.AreFarFrom(path.Path)) && call.Commands.All(command => command.Paths.All(word => parts.AreFarFrom(word.Path)));
        foreach (var entry in Of(verdict))
        {
            if (!(isFar && entry.Path is { Part.Length: > 0 }) && Touches(entry, call) is { } what)
            {
                return (entry.Rule, what);
            }
        }

        return null;
    }

    /// <summary>The rule that speaks of a path, for deny and ask.</summary>
    public PermissionRule? Touching(Verdict verdict, Workspaces.ResolvedPath path, FileAccessKind access) =>
        Of(verdict).FirstOrDefault(entry => entry.Path is not null && Speaks(entry, access) && Hits(entry, path)).Rule;

    /// <summary>The rule that allows a path, which must cover it as written and as it really is.</summary>
    public PermissionRule? Allowing(Workspaces.ResolvedPath path, FileAccessKind access, string tool) =>
        Of(Verdict.Allow).FirstOrDefault(entry => Allows(entry, path, access, tool)).Rule;

    /// <summary>Whether this one rule allows a path.</summary>
    public static bool Allows(Entry entry, Workspaces.ResolvedPath path, FileAccessKind access, string tool) => entry.Path is { } pattern
        && (entry.Term.Scope is RuleScope.Writes) == (access is FileAccessKind.Write)
        && (entry.Term.Scope is RuleScope.Writes || entry.Term.Tool.Equals("Read", StringComparison.OrdinalIgnoreCase) || entry.Term.Names(tool))
        && pattern.Matches(path.Normalised) && (path.Real == path.Normalised || pattern.Matches(path.Real));

    /// <summary>Whether a rule of the person with that verdict names the file itself, not by a wildcard.</summary>
    public PermissionRule? Naming(Verdict verdict, Workspaces.ResolvedPath path, FileAccessKind access) =>
        Of(verdict).FirstOrDefault(entry => entry is { Path: { } pattern, ByLink: false } && !entry.Rule.Source.IsProject
            && (entry.Term.Scope is RuleScope.Writes) == (access is FileAccessKind.Write)
            && pattern.Names(path.Normalised) && pattern.Names(path.Real)).Rule;

    private static bool Hits(Entry entry, Workspaces.ResolvedPath path) => entry.Path!.Matches(path.Normalised) || (path.Real != path.Normalised && entry.Path.Matches(path.Real));

    // A rule against reading a file also stands against writing it.
    private static bool Speaks(Entry entry, FileAccessKind access) => entry.Term.Scope is RuleScope.Reads || access is FileAccessKind.Write;

    /// <summary>The part of a call that a rule which tightens speaks of, or null.</summary>
    public static string? Touches(Entry entry, CallToJudge call)
    {
        switch (entry.Term.Scope)
        {
            case RuleScope.Tool:
                return entry.Term.Names(call.Tool) ? call.Tool : null;
            case RuleScope.Subject:
                return entry.Term.Names(call.Tool) && RuleInput.NamesSubject(entry.Term.Tool, call.Input, entry.Term.Specifier, tightens: true) ? $"{call.Tool}({entry.Term.Specifier})" : null;
            case RuleScope.Parameter:
                return entry.Term.Names(call.Tool) && RuleInput.Matches(call.Input, entry.Term.Parameter!, entry.Term.Specifier) ? $"{entry.Term.Parameter}: {entry.Term.Specifier}" : null;
            case RuleScope.Command:
                return !call.HearsCommands(entry.Term) ? null
                    : entry.Term.Parts is { } parts ? CompoundPattern.Hits(parts, call) ? entry.Term.Specifier : null
                    : Hit(entry, call) is { } hit ? string.Join(' ', hit) : null;
            case RuleScope.Host:
                return entry.Term.Names(call.Tool)
                    ? call.Addresses.FirstOrDefault(one => !Uri.TryCreate(one, UriKind.Absolute, out var uri) || HostSpelling.Names(entry.Term.Specifier, uri))
                    : null;
            default:
                var file = call.Paths.FirstOrDefault(path => Speaks(entry, path.Access) && Hits(entry, path.Path));
                return file?.Path.Given ?? call.Commands.SelectMany(command => WordsTouched(entry, command, call)).FirstOrDefault();
        }
    }

    // While a file is denied, every pattern is asked about: what it matches when the command runs nobody knows.
    private static IEnumerable<string> WordsTouched(Entry entry, JudgedCommand command, CallToJudge call)
    {
        foreach (var word in command.Paths.Where(word => !(word.IsMatch && entry.Rule.Verdict is Verdict.Deny) && Hits(entry, word.Path)))
        {
            var use = WordUses.Of(command, word);
            if (use is WordUse.Writes || (use is not WordUse.None && entry.Term.Scope is RuleScope.Reads))
            {
                yield return word.Word;
            }
            else if (use is WordUse.MayWrite && !(entry.Rule.Verdict is Verdict.Deny && ConfinedCalls.Holds(call, word.Path)))
            {
                yield return $"what may write {word.Word}";
            }
        }
    }

    private static IReadOnlyList<string>? Hit(Entry entry, CallToJudge call)
    {
        foreach (var command in call.Commands)
        {
            foreach (var found in command.Reading.Commands.Concat(command.Reading.OtherNames))
            {
                if (entry.Term.Command!.Hits(found.Texts))
                {
                    return found.Texts;
                }
            }
        }

        return null;
    }

    private static Dictionary<Verdict, Entry[]> ByVerdict(List<Entry> entries) =>
        entries.GroupBy(entry => entry.Rule.Verdict).ToDictionary(group => group.Key, group => group.ToArray());

    internal readonly record struct Entry(PermissionRule Rule, RuleTerm Term, PathPattern? Path)
    {
        /// <summary>The path is not what the rule says but where that leads through links: only for what tightens.</summary>
        public bool ByLink { get; init; }
    }
}
