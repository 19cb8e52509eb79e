using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.CrashTarget;

/// <summary>Appends until the disk is full, then opens the session again and closes its run.</summary>
internal static class FillScript
{
    public static int Run(string data, string state, string session)
    {
        var store = new SessionStore(data, state);
        var journal = store.Create(data, session).Journal;
        Append(journal, new UserSpoke("m1", [new TextPart("Fill it.")]));
        try
        {
            while (true)
            {
                Append(journal, new ReminderAdded("mode", new string('x', 9000)));
            }
        }
        catch (JournalException failure)
        {
            Console.Out.WriteLine($"refused {failure.Message}");
        }

        journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
        var again = store.Open(session);
        Console.Out.WriteLine($"cut {again.Report.BytesCut}");
        Append(again.Journal, new RunFinished(TurnOutcome.Interrupted, Usage.None, null, 0, []));
        again.Journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Console.Out.WriteLine("closed");
        return 0;
    }

    private static void Append(IJournal journal, DurableEvent durableEvent)
    {
        var record = journal.AppendAsync(new RunId("1"), durableEvent, Durability.Synced, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        Console.Out.WriteLine($"ack {record.N} synced");
    }
}
