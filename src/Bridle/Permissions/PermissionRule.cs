using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>
/// One rule: which calls it speaks of, what it says, and where it was written. Texts: <c>Tool</c>, <c>A|B</c>, <c>mcp__server__*</c>, <c>Bash(git log:*)</c>,
/// <c>Read(src/**)</c>, <c>WebFetch(domain:example.com)</c>. Made by <see cref="Parse"/>.
/// </summary>
public sealed record PermissionRule
{
    private PermissionRule(string text, Verdict verdict, RuleSource source, IReadOnlyList<RuleTerm> terms) => (Text, Verdict, Source, Terms) = (text, verdict, source, terms);

    /// <summary>The rule as it was written.</summary>
    public string Text { get; }

    /// <summary>What it says.</summary>
    public Verdict Verdict { get; }

    /// <summary>Where it was written.</summary>
    public RuleSource Source { get; }

    internal IReadOnlyList<RuleTerm> Terms { get; }

    /// <summary>Whether it names files that may be read or written.</summary>
    public bool SpeaksOfFiles => Terms.Any(term => term.Scope is RuleScope.Reads or RuleScope.Writes);

    /// <summary>The hosts that the rule speaks of by name or pattern, in lower case; empty for a rule about anything else.</summary>
    public IReadOnlyList<string> Hosts => [.. Terms.Where(term => term.Scope is RuleScope.Host).Select(term => term.Specifier)];

    /// <summary>The rule and its source, as shown to a person and kept in the log.</summary>
    public string Label => $"{Verdict.ToString().ToLowerInvariant()} {Text} ({Source.Name})";

    /// <summary>
    /// Whether the rule, which must be one that tightens, speaks of any part of the call, or may: of a command that is only known when it runs, nobody can say that it does
    /// not. No other rule and no table takes part. <paramref name="options"/> say where paths start.
    /// </summary>
    public bool MaySpeakOf(CallToJudge call, PolicyOptions options)
    {
        var rules = new CompiledRules(options with { Rules = [this] });
        var (commands, paths) = (Terms.Any(call.HearsCommands), Terms.Any(term => term.Scope is RuleScope.Reads or RuleScope.Writes));
        return rules.Touching(Verdict, new WorkspaceBounds(options).Place(call)) is not null || rules.MayTouch(call) is not null
            || ((commands || paths) && call.Commands.Any(command => command.TooManyWords || command.Reading.Unresolved is not null))
            || (paths && call.Commands.Any(command => CommandEffects.FoldersRead(command, _ => 0).Any() || command.Reading.Words.Concat(command.Reading.Commands.SelectMany(one => one.Words)).Any(word => word.Marks is not (Shell.WordMarks.None or Shell.WordMarks.Tilde))));
    }

    /// <summary>
    /// Reads a rule. ReIN's list form <c>{tool, decision}</c> is the same text with its decision. A rule that cannot be understood is reported and left out when it
    /// would allow; one that would tighten holds for the whole tool and is reported.
    /// </summary>
    public static RuleOutcome Parse(string text, Verdict verdict, RuleSource source)
    {
        var problems = new List<string>();
        var terms = new List<RuleTerm>();
        foreach (var part in SplitAlternatives(text))
        {
            var term = RuleGrammar.Parse(part, verdict, out var problem);
            if (problem is not null)
            {
                problems.Add($"Rule '{text.Trim()}' in {source.Name}: {problem}");
            }

            if (term is not null)
            {
                terms.Add(term);
            }
        }

        if (verdict is Verdict.Allow && !source.MayWiden && terms.Count > 0)
        {
            return new RuleOutcome(null, [.. problems, $"Rule 'allow {text.Trim()}' in {source.Name} is ignored: a project's own files can only tighten. Put it into your user settings if you want it."]);
        }

        return terms.Count == 0
            ? new RuleOutcome(null, problems.Count > 0 ? problems : [$"A rule in {source.Name} is empty and is ignored."])
            : new RuleOutcome(new PermissionRule(text.Trim(), verdict, source, terms), problems);
    }

    /// <summary>The rule about reading exactly this path and what is in it, whatever letters it has; null when no rule can say it.</summary>
    public static PermissionRule? OfPath(string absolute, Verdict verdict, RuleSource source) => Parse($"Read({PathPattern.Quote(absolute)})", verdict, source) is { Rule: { } rule, Problems: [] } ? rule : null;

    /// <summary>The same for writing it.</summary>
    public static PermissionRule? OfWriting(string absolute, Verdict verdict, RuleSource source) => Parse($"Edit({PathPattern.Quote(absolute)})", verdict, source) is { Rule: { } rule, Problems: [] } ? rule : null;

    /// <summary>
    /// Whether the rule, were it the only one, speaks of the call: an allow rule by covering all of it, the others by touching any part of it. Modes and built-in lists count for
    /// nothing. <paramref name="options"/> say where the workspace and home are.
    /// </summary>
    public bool SpeaksOf(CallToJudge call, PolicyOptions options)
    {
        options = options with { Rules = [this], ReadOnlyCommands = false };
        var rules = new CompiledRules(options);
        return Verdict is Verdict.Allow ? AllowRules.Covering(rules.For(call.Actor), call, options).Rule is not null : rules.Touching(Verdict, call) is not null;
    }

    /// <summary>The same verdict for every call of the tools that it names.</summary>
    public PermissionRule ForWholeTools() =>
        new(string.Join('|', Terms.Select(term => term.Tool).Distinct()), Verdict, Source, [.. Terms.Select(term => new RuleTerm(term.Tool, RuleScope.Tool, "")).Distinct()]);

    /// <summary>The tool names in the rule that no tool has. Names with wildcards and names of MCP tools, whose servers may come later, are left out.</summary>
    public IReadOnlyList<string> UnknownTools(IReadOnlySet<string> known) =>
        [.. Terms.Select(term => term.Tool)
            .Where(tool => !tool.Contains('*') && !tool.StartsWith("mcp__", StringComparison.OrdinalIgnoreCase))
            .Where(tool => !known.Contains(tool) && !known.Any(one => one.Equals(tool, StringComparison.OrdinalIgnoreCase)))];

    /// <inheritdoc/>
    public override string ToString() => Label;

    // A | between parentheses belongs to the specifier.
    private static IEnumerable<string> SplitAlternatives(string text)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            if (text[i] == '|' && depth <= 0)
            {
                yield return text[start..i].Trim();
                start = i + 1;
            }
        }

        yield return text[start..].Trim();
    }
}

/// <summary>What came of reading a rule.</summary>
/// <param name="Rule">The rule, or null when it was left out.</param>
/// <param name="Problems">What a person should know about it.</param>
public sealed record RuleOutcome(PermissionRule? Rule, IReadOnlyList<string> Problems);
