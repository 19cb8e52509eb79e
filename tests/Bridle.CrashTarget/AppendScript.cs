using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.CrashTarget;

/// <summary>Makes or opens a session and writes turns as a run would, synced where docs/reference/log.md says so.</summary>
internal static class AppendScript
{
    private const int Turns = 1;
    private const int Calls = 3;

    public static int Run(string data, string state, string session)
    {
        var store = new SessionStore(data, state);
        try
        {
            var journal = (store.Exists(session) ? store.Open(session) : store.Create(data, session)).Journal;
            Tell($"ack {journal.Last} opened");
            for (var turn = 1; turn <= Turns; turn++)
            {
                Turn(journal, turn);
            }

            journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
            Tell("closed");
            return 0;
        }
        catch (JournalException failure)
        {
            Tell($"refused {failure.Message}");
            return 1;
        }
    }

    private static void Turn(IJournal journal, int turn)
    {
        var run = new RunId($"{turn}");
        Append(journal, run, new UserSpoke($"m{turn}", [new TextPart($"Message {turn}")]), Durability.Synced);
        Append(journal, run, new RunStarted("turn", "x/y", "default", new RunLimits()), Durability.Written);
        for (var i = 0; i < Calls; i++)
        {
            var call = new CallId($"c{turn}-{i}");
            Append(journal, run, new ModelReplied(new ModelReply([new ToolCallPart(call, "Bash", "{}")], StopReason.ToolUse, null, null), null, 1), Durability.Written);
            Append(journal, run, new ToolStarted(call, "Bash", "00", ToolEffect.Once, "none"), Durability.Synced);
            var spill = journal.Blobs.Put([(byte)turn, (byte)i]);
            Append(journal, run, new ToolReturned(call, CallOutcome.Completed, [new TextPart("done")], 1) { Spill = spill }, Durability.Synced);
        }

        Append(journal, run, new RunFinished(TurnOutcome.Completed, Usage.None, null, Calls, []), Durability.Synced);
    }

    private static void Append(IJournal journal, RunId run, DurableEvent durableEvent, Durability durability)
    {
        try
        {
            // Completes at once and on this thread, which matters to whoever counts this thread's system calls.
            var record = journal.AppendAsync(run, durableEvent, durability, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            Tell($"ack {record.N} {(durability == Durability.Synced ? "synced" : "written")}");
        }
        catch (JournalException)
        {
            try
            {
                journal.AppendAsync(run, durableEvent, durability, CancellationToken.None).AsTask().GetAwaiter().GetResult();
                Tell("a journal that failed took another record");
            }
            catch (JournalException)
            {
                Tell("still refused");
            }

            throw;
        }
    }

    private static void Tell(string line)
    {
        Console.Out.WriteLine(line.ReplaceLineEndings(" "));
        Console.Out.Flush();
    }
}
