using Bridle.Permissions.Shell;
using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>Whether a shell command is covered in all its parts: each simple command by a rule or the built-in list, each redirection by a rule for its file.</summary>
internal sealed class CommandAllowance(CompiledRules rules, CallToJudge call, JudgedCommand command, PolicyOptions options)
{
    private readonly List<CompiledRules.Entry> _entries = [.. rules.Of(Verdict.Allow).Where(entry => call.HearsCommands(entry.Term) && (!call.IsSaidAsCommand || GitCalls.IsNamedBy(entry.Term.Command!)))];
    private HashSet<string>? _functions;

    /// <summary>A rule that was needed.</summary>
    public PermissionRule? Rule { get; private set; }

    /// <summary>What is not covered, in words, or null when there is nothing to say.</summary>
    public string? Missing { get; private set; }

    /// <summary>Looks. <paramref name="whole"/> is a rule for every command of the tool.</summary>
    public bool Covers(PermissionRule? whole)
    {
        if (ShellParser.HiddenIn(command.Text) is null && _entries.FirstOrDefault(entry => entry.Term.Command!.IsExactly(command.Text)) is { Rule: { } exact })
        {
            Rule = exact;
            return true;
        }

        if (command.OffList is not null)
        {
            return false;
        }

        foreach (var one in command.Direct)
        {
            var cover = CoverOf(one, whole);
            Rule = cover.Rule ?? Rule;
            if (!cover.Covers)
            {
                Missing = cover.Missing;
                return false;
            }
        }

        return command.Reading.Redirects.All(CoversTarget) && !Moves();
    }

    /// <summary>What covers one simple command that stands in the text itself. <paramref name="whole"/> is a rule for every command of the tool.</summary>
    public PartCover CoverOf(FoundCommand one, PermissionRule? whole)
    {
        var words = AllowedWrappers.Strip(one.Words);
        string? missing = null;
        foreach (var entry in _entries)
        {
            // What a rule names word for word may be a wrapper itself.
            var exact = entry.Term.Command!.Shape is CommandPattern.Form.Exact;
            var coverage = exact && entry.Term.Command.Allows(one.Words).Covers ? Coverage.Full : entry.Term.Command.Allows(words);
            if (coverage.Covers && (exact || RunsOthers(words) is null))
            {
                return new(true, entry.Rule, "");
            }

            missing ??= coverage.Missing is { } part ? $"The rule 'allow {entry.Rule.Text}' does not cover it: {part}." : null;
        }

        var runs = RunsOthers(words);
        var computed = IsWrittenOut(one) ? null : ProgramOptions.Computed(words);
        if (whole is not null && runs is null && computed is null)
        {
            return new(true, whole, "");
        }

        if (IsOwnFunction(one))
        {
            return new(true, null, "a function of its own");
        }

        if (options is { ReadOnlyCommands: true, Strict: false } && CommandEffects.IsHarmless(command, words, options, call.WorkingDirectory))
        {
            return new(true, null, "only looks (built-in list)");
        }

        return new(false, null, "", missing ?? runs ?? (whole is not null ? $"The rule 'allow {whole.Text}' does not cover it: {computed}." : null) ?? (command.Script.Body.Items.Count > 1 || command.Direct.Skip(1).Any() ? $"Nothing allows '{string.Join(' ', one.Texts)}' in it." : null));
    }

    // Braces alone hide nothing: what they make is judged by itself beside it.
    private bool IsWrittenOut(FoundCommand one) => one.Words.All(word => (word.Marks & ~(WordMarks.Brace | WordMarks.Tilde)) == 0) && command.Reading.Expansions.Have(one);

    private static string? RunsOthers(IReadOnlyList<ShellWord> words) =>
        words.Count > 1 && ShellWords.RunsItsArguments([.. words.Select(word => word.Text)]) ? $"The command cannot be allowed by a rule for its parts: '{words[0].Text}' runs its arguments as a command." : null;

    // What it does is judged where it is defined.
    private bool IsOwnFunction(FoundCommand one)
    {
        _functions ??= [.. command.Script.Body.Items.Select(item => item.Command).OfType<FunctionDefinition>().Select(function => function.Name.Text)];
        return _functions.Contains(one.Texts[0])
            && command.Script.Body.Items.Select(item => item.Command).OfType<FunctionDefinition>().Any(function => function.Name.Text == one.Texts[0] && function.Span.End <= one.Words[0].Span.Start);
    }

    private bool CoversTarget(Redirect redirect)
    {
        if (redirect.NamesNoFile || redirect.Target.Text is "/dev/null")
        {
            return true;
        }

        var kinds = new List<FileAccessKind>();
        kinds.AddRange(redirect.Writes ? [FileAccessKind.Write] : []);
        kinds.AddRange(redirect.Reads ? [FileAccessKind.Read] : []);
        foreach (var (path, kind) in command.PathsOf(redirect.Target.Text).SelectMany(path => kinds.Select(kind => (path.Path, kind))))
        {
            if (rules.Allowing(path, kind, "Read") is { } rule)
            {
                Rule ??= rule;
            }
            else if (!path.InsideRoot || (kind is FileAccessKind.Read ? options.Strict || !options.ReadOnlyCommands : options.Mode is not PermissionMode.AcceptEdits))
            {
                Missing = $"The redirection '{redirect.Operator} {redirect.Target.Text}' needs the rule '{RuleFor.Path(path, kind)}'.";
                return false;
            }
        }

        return command.PathsOf(redirect.Target.Text).Any();
    }

    // In another folder the same words are other files, and git finds other settings.
    private bool Moves()
    {
        var moves = command.Reading.Commands.Where(one => one.Name is "cd" or "pushd" or "popd").ToList();
        if (moves.Count == 0 || command.Reading.Commands.Count == 1)
        {
            return false;
        }

        Missing = CommandEffects.MovesUnderGit(command) ? "After 'cd' git reads the settings of another repository, which can name programs."
            : command.Reading.Redirects.Any(redirect => redirect.Writes && redirect.Target.Text is not "/dev/null") ? "After 'cd' the redirection writes in another folder."
            : moves.Any(one => one.Words.Count != 2 || !one.Words[1].Plain || one.Texts[1] is ['-', ..] || !command.PathsOf(one.Texts[1]).All(path => path.Path.InsideRoot)) ? "It goes to a folder that is not known to be in the workspace."
            : null;
        return Missing is not null;
    }
}

/// <summary>What covers one part of a command.</summary>
/// <param name="Covers">Whether anything does.</param>
/// <param name="Rule">The rule that does, or null.</param>
/// <param name="Because">What does where it is no rule.</param>
/// <param name="Missing">What is left uncovered, in words, or null when there is nothing to say.</param>
internal sealed record PartCover(bool Covers, PermissionRule? Rule, string Because, string? Missing = null);
