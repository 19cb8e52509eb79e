using System.Text.RegularExpressions;
using Bridle.Permissions.Shell;
using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>
/// Commands that a program may be given to run though nobody knows that it runs any. The list of programs that run others is never whole, so that a program that is not
/// known is heard as well: where one of its words begins a command that a rule speaks of, a person is asked.
/// </summary>
internal static class PossibleCommands
{
    private const int MaxWords = 100;

    // What has no letter and no digit is a sign of the shell.
    private static readonly Regex Name = new(@"\w", RegexOptions.CultureInvariant);

    // In a program of a language that is not known a command stands behind a sign or a word for it: system("rm x"), %sh{rm x}, .shell rm x.
    private static readonly Regex Started = new(@"(?:[""'(\[{$%!`]\s*|\b(?:system|shell|exec|spawn|run|popen)\b[\s(""']*)(?<text>[A-Za-z_/.][^\n]{0,200})", RegexOptions.CultureInvariant);

    /// <summary>The question, or null.</summary>
    public static Judgement? WhatAsks(CallToJudge call, CompiledRules rules)
    {
        if (!rules.HasCommandLimits)
        {
            return null;
        }

        var entries = rules.Of(Verdict.Deny).Concat(rules.Of(Verdict.Ask)).Where(entry => entry.Term is { Command: { } pattern, Parts: null } && call.HearsCommands(entry.Term) && NamesProgram(pattern)).ToList();
        foreach (var one in entries.Count == 0 ? [] : call.Commands.SelectMany(NotKnown))
        {
            foreach (var words in GivenTo(one))
            {
                if (entries.Find(entry => entry.Term.Command!.Hits(words)) is { Rule: { } rule })
                {
                    return new Judgement(Verdict.Ask,
                        $"'{one.Name}' is given '{string.Join(' ', words.Take(6))}' and may run it, for all that is known; the rule '{rule.Verdict.ToString().ToLowerInvariant()} {rule.Text}' ({rule.Source.Name}) speaks of that.", rule.Label) { Firm = true };
                }
            }

            if (one.Texts.Count > MaxWords)
            {
                return new Judgement(Verdict.Ask, $"'{one.Name}' is not known, may run what it is given, and is given more than {MaxWords} words; a rule that denies or asks about commands is in force.") { Firm = true };
            }
        }

        return null;
    }

    private static bool NamesProgram(CommandPattern pattern) => pattern.Words.Count > 0 || (pattern.Shape is CommandPattern.Form.Wildcard && pattern.Text.IndexOf(' ', StringComparison.Ordinal) is > 0 and var end && !pattern.Text.AsSpan(0, end).Contains('*'));

    // Behind a wrapper only what certainly is the program that it runs: its other words are looked at as commands already.
    private static IEnumerable<FoundCommand> NotKnown(JudgedCommand command)
    {
        var guessed = new HashSet<ShellWord>(ReferenceEqualityComparer.Instance);
        foreach (var one in command.Reading.Commands.Where(one => ShellWords.RunsItsArguments(one.Texts)))
        {
            guessed.UnionWith(one.Words.Skip(1));
            guessed.ExceptWith((WrappedCommands.In(one.Words) ?? []).Select(words => words[0]));
        }

        var functions = ShellWalk.All(command.Script.Body).OfType<FunctionDefinition>().Select(function => function.Name.Text).ToHashSet(StringComparer.Ordinal);
        return command.Reading.Commands.Where(one => one.Words.Count > 1 && !guessed.Contains(one.Words[0]) && Name.IsMatch(one.Name) && !PlainPrograms.IsKnown(one.Name) && !functions.Contains(one.Name));
    }

    // From each word on, from behind its '=', and what a text reads as.
    private static IEnumerable<IReadOnlyList<string>> GivenTo(FoundCommand command)
    {
        for (var i = 1; i < command.Texts.Count && i < MaxWords; i++)
        {
            var text = command.Texts[i];
            if (MayBeProgram(text))
            {
                yield return [text, .. command.Texts.Skip(i + 1)];
            }

            var equals = text.LastIndexOf('=');
            var behind = equals >= 0 ? InnerCommands.Bare(text[(equals + 1)..]) : "";
            if (MayBeProgram(behind))
            {
                yield return [behind, .. command.Texts.Skip(i + 1)];
            }

            string[] whole = [InnerCommands.Bare(text), behind, text is ['-', not '-', _, ..] ? text[2..] : ""];
            foreach (var read in text.AsSpan().IndexOfAny(" \t\n;|&!") < 0 ? [] : whole.Distinct().Where(read => read.Length > 0))
            {
                foreach (var inner in CommandReading.Of(ShellParser.Parse(read)).Commands)
                {
                    yield return inner.Texts;
                }
            }

            foreach (var inner in StartedIn(text))
            {
                yield return inner;
            }
        }
    }

    private static IEnumerable<IReadOnlyList<string>> StartedIn(string text)
    {
        for (var match = text.AsSpan().IndexOfAny(" \t\n") < 0 ? Match.Empty : Started.Match(text); match.Success; match = Started.Match(text, match.Groups["text"].Index))
        {
            yield return match.Groups["text"].Value.Split((char[])[' ', '\t', '"', '\'', ')', '}', ']', ';'], StringSplitOptions.RemoveEmptyEntries);
        }
    }

    // A file of the project may bear a program's name.
    private static bool MayBeProgram(string text) => text.Length > 0 && (!text.Contains('/') || text[0] == '/' || (text.StartsWith("./", StringComparison.Ordinal) && text.LastIndexOf('/') == 1));
}
