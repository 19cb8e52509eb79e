using Bridle.Permissions.Shell;

namespace Bridle.Permissions;

/// <summary>
/// What stands in <c>Bash(...)</c> where it is more than one command: <c>git push &amp;&amp; *</c>, <c>curl * | sh</c>. Rules look at commands one by one, so such a text would be
/// found nowhere; one that tightens speaks of every call that runs all of them, in whatever order and however joined.
/// </summary>
internal static class CompoundPattern
{
    /// <summary>Takes the text apart; gives what is wrong with it, or null.</summary>
    /// <param name="text">What stands between the parentheses.</param>
    /// <param name="tightens">Whether the rule denies or asks.</param>
    /// <param name="parts">The commands, where there are several.</param>
    public static string? Read(string text, bool tightens, out IReadOnlyList<CommandPattern>? parts)
    {
        parts = null;
        var script = ShellParser.Parse(text);
        var isWild = text.Contains('*');
        if (script.Problem is { } problem)
        {
            // Without an operator it is a text that one command's words may hold.
            return (tightens || isWild) && problem is not ShellParser.Empty && text.AsSpan().IndexOfAny(";|&<>\n") >= 0 ? $"it cannot be read as a command ({problem})." : null;
        }

        if (!tightens && !isWild)
        {
            return null;
        }

        var commands = new List<SimpleCommand>();
        if (!script.Body.Items.All(item => Take(item.Command, commands)))
        {
            return "a rule names commands by their words, joined by ; | && or ||, without redirections, variables set in front, loops or functions. Name the program, and with 'Edit(PATH)' the file that must not be written.";
        }

        if (commands is [var only] && only.Span.End >= text.TrimEnd().Length && script.Body.Items is [{ Ending: '\0' }])
        {
            return null;
        }

        if (!tightens)
        {
            return "a pattern allows one command, and each command of a line is allowed by a rule of its own. Write a rule for each.";
        }

        parts = [.. commands.Select(command => CommandPattern.Parse(text[command.Span.Start..command.Span.End]))];
        return null;
    }

    /// <summary>Whether all of them run in the call.</summary>
    public static bool Hits(IReadOnlyList<CommandPattern> parts, CallToJudge call)
    {
        var found = call.Commands.SelectMany(command => command.Reading.Commands).ToList();
        return found.Count >= parts.Count && parts.All(part => found.Exists(one => part.Hits(one.Texts)) || call.Commands.Any(command => command.Reading.OtherNames.Exists(one => part.Hits(one.Texts))));
    }

    /// <summary>Whether all of them may run in the call, some words of which are only known when it runs.</summary>
    public static bool MayHit(IReadOnlyList<CommandPattern> parts, CallToJudge call) =>
        parts.All(part => call.Commands.Any(command => command.Reading.Commands.Concat(command.Reading.OtherNames).Any(one => part.Hits(one.Texts)) || command.Computed.Any(one => part.MayHit(one.Command.Texts, one.Words))));

    private static bool Take(ShellStatement statement, List<SimpleCommand> into)
    {
        switch (statement)
        {
            case { Redirects.Count: > 0 }:
                return false;
            case SimpleCommand { Assignments: [], Words.Count: > 0 } simple:
                into.Add(simple);
                return true;
            case AndOr joined:
                return Take(joined.First, into) && joined.Rest.All(next => Take(next.Command, into));
            case Pipeline { Prefixes: [] } piped:
                return piped.Commands.All(one => Take(one, into));
            default:
                return false;
        }
    }
}
