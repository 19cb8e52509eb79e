using System.CommandLine;
using Bridle.Cli.Terminals;
using Bridle.Journal;

namespace Bridle.Cli.Commands.Sessions;

/// <summary><c>bridle sessions verify</c>: which records are damaged, or are not what they were when Bridle last closed the session.</summary>
internal static class SessionVerification
{
    public static Command Build(CommandContext context)
    {
        var names = new Argument<string[]>("name") { Description = "Which sessions; all of them unless given", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("verify", "Say which records were changed since Bridle wrote them") { names };
        command.SetAction(parsed => SessionFiles.Run(context, parsed.GetValue(names) ?? [], store =>
        {
            var chosen = parsed.GetValue(names) is { Length: > 0 } given ? given : [.. store.List().Select(session => session.Name)];
            var sound = true;
            foreach (var name in chosen)
            {
                sound &= Verify(context, store, name);
            }

            // Of all of them: a place that a folder has taken is none that may be left out.
            foreach (var (name, words) in parsed.GetValue(names) is { Length: > 0 } ? [] : SessionAbsence.All(store))
            {
                sound = false;
                context.Io.Out.WriteLine($"BAD  {VisibleText.Of(name)}: {VisibleText.Of(words)}");
            }

            return sound ? ExitCode.Done : ExitCode.Failed;
        }));
        return command;
    }

    private static bool Verify(CommandContext context, SessionStore store, string name)
    {
        var verdict = store.Verify(name);
        var report = store.Read(name).Report;
        string[] findings =
        [
            .. verdict.IsSealBroken ? ["what Bridle remembered of it is damaged, so changes since then cannot be told"] : Array.Empty<string>(),
            .. verdict.Changed.Count > 0 ? [$"changed since it was last closed: {Records(verdict.Changed)}"] : Array.Empty<string>(),
            .. verdict.Missing > 0 ? [$"{verdict.Missing} {(verdict.Missing == 1 ? "record is" : "records are")} gone from its end"] : Array.Empty<string>(),
            .. report.CanAppend ? Array.Empty<string>() : [report.Describe().Trim()],
        ];
        if (findings.Length == 0)
        {
            context.Io.Out.WriteLine(verdict.Sealed > 0
                ? $"ok   {name}: {verdict.Sealed} records are as Bridle wrote them."
                : $"ok   {name}: every checksum holds. There was nothing to compare with{(store.Remember(name) ? "; from now on there is" : " while it is open")}.");
            return true;
        }

        context.Io.Out.WriteLine($"BAD  {name}: {VisibleText.Of(string.Join("; ", findings))}");
        return false;
    }

    private static string Records(IReadOnlyList<long> numbers)
    {
        const int Most = 20;
        var shown = string.Join(", ", numbers.Take(Most));
        return $"{(numbers.Count == 1 ? "record" : "records")} {shown}{(numbers.Count > Most ? $" and {numbers.Count - Most} more" : "")}";
    }
}
