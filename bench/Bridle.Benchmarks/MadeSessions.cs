using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Benchmarks;

/// <summary>Sessions for whole-process measurements (bench/sessions.sh): many short ones, and a long one of a given number of records.</summary>
internal static class MadeSessions
{
    /// <summary>Writes sessions of some forty records each, copies of each other but for their names.</summary>
    public static async Task ManyAsync(string data, string state, int count)
    {
        var store = new SessionStore(data, state);
        await WriteAsync(store, "0", 40);
        var bytes = File.ReadAllBytes(store.PathOf("0"));
        var settled = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-5);
        for (var i = 1; i < count; i++)
        {
            var path = store.PathOf($"{i}");
            File.WriteAllBytes(path, bytes);
            File.SetLastWriteTimeUtc(path, settled);
        }
    }

    /// <summary>Writes one session of so many records; with a summary of all before the last turn after each <paramref name="summaryEvery"/> of them, or none for 0.</summary>
    public static async Task WriteAsync(SessionStore store, string name, int records, int summaryEvery = 0)
    {
        await using var journal = store.Create(store.DataFolder, name).Journal;
        ValueTask<Recorded> AppendAsync(DurableEvent one) => journal.AppendAsync(Conversation.Run, one, Durability.Written, CancellationToken.None);
        await AppendAsync(new UserSpoke("m1", [new TextPart("Find where the factor is set and explain it.")]));
        await AppendAsync(new RunStarted("turn", "openai/mock", "default", new RunLimits(100)));
        var nextSummary = summaryEvery > 0 ? summaryEvery : long.MaxValue;
        for (var turn = 1; journal.Last < records - 2; turn++)
        {
            var before = journal.Last;
            await AppendAsync(new ModelRequested("openai/mock", "openai-chat", [], before, null, ToolCalling.Native));
            foreach (var happened in Conversation.Turn(turn))
            {
                await AppendAsync(happened);
            }

            if (journal.Last >= nextSummary)
            {
                await AppendAsync(new Compacted(before, "The factor was looked for in many files. It is not found yet.", "auto") { How = "model" });
                nextSummary += summaryEvery;
            }
        }

        await AppendAsync(new ModelReplied(new ModelReply([new TextPart("Done.")], StopReason.EndTurn, null, null), 0.01m, 5));
        await AppendAsync(new RunFinished(TurnOutcome.Completed, Usage.None, 0.01m, 1, []));
    }
}
