using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Tests.Journal;

/// <summary>
/// A disk that keeps what was synced and, of the rest, any sectors of 512 bytes and any length: every such state of scripted sessions
/// up to eight unsynced sectors, and random ones beyond.
/// </summary>
public sealed class PowerLossTests : IDisposable
{
    private const int Sector = 512;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_a_power_cut_leaves_of_unsynced_records_the_log_opens_with_all_that_was_synced(int seed)
    {
        var random = new Random(seed);
        var (log, synced) = await WriteAsync(random);
        var path = _folder.Store.PathOf("s");
        foreach (var (bytes, records) in synced)
        {
            var next = synced.Find(point => point.Bytes > bytes);
            var until = next.Bytes == 0 ? log.Length : next.Bytes;
            foreach (var state in StatesOf(log, bytes, until, random))
            {
                await File.WriteAllBytesAsync(path, state);
                _folder.ForgetSeals();

                var opened = _folder.Store.Open("s");
                await using (opened.Journal)
                {
                    Assert.True(opened.Report.CanAppend, $"synced {bytes} of {until}: {opened.Report.Describe()}");
                    Assert.True(opened.Journal.Read().Count() >= records);
                }

                var now = await File.ReadAllBytesAsync(path);
                Assert.True(now.AsSpan(0, bytes).SequenceEqual(log.AsSpan(0, bytes)));
            }
        }
    }

    [Fact]
    public async Task Zeros_before_a_synced_record_are_damage()
    {
        var (log, synced) = await WriteAsync(new Random(1));
        Array.Clear(log, synced[1].Bytes + 30, 100);
        await File.WriteAllBytesAsync(_folder.Store.PathOf("s"), log);

        var opened = _folder.Store.Open("s", _ => true);

        Assert.Equal(OpenState.Damaged, opened.Report.State);
        Assert.Equal(log, await File.ReadAllBytesAsync(_folder.Store.PathOf("s")));
    }

    private static IEnumerable<byte[]> StatesOf(byte[] log, int synced, int until, Random random)
    {
        var first = synced / Sector;
        var count = ((until - 1) / Sector) - first + 1;
        var all = count <= 8 ? 1 << count : 0;
        for (var i = 0; i < Math.Max(all, 40); i++)
        {
            var kept = all > 0 ? i : random.Next();
            var state = log[..until];
            for (var sector = 0; sector < count; sector++)
            {
                if ((kept >> (sector % 31) & 1) == 0)
                {
                    var from = Math.Max((first + sector) * Sector, synced);
                    state.AsSpan(from, Math.Min((first + sector + 1) * Sector, until) - from).Clear();
                }
            }

            yield return state;
            yield return state[..random.Next(synced, until + 1)];
        }
    }

    private async Task<(byte[] Log, List<(int Bytes, int Records)> Synced)> WriteAsync(Random random)
    {
        var synced = new List<(int, int)>();
        await using var journal = (JournalFile)_folder.Store.Create(_folder.Root, "s").Journal;
        for (var turn = 1; turn <= 2; turn++)
        {
            await AppendAsync(new UserSpoke($"m{turn}", [new TextPart(Text(random, 300))]), Durability.Synced);
            for (var step = 0; step < random.Next(1, 4); step++)
            {
                await AppendAsync(new ModelRequested("x/y", "openai", [], journal.Last, null, ToolCalling.Native), Durability.Written);
                await AppendAsync(new ModelReplied(new ModelReply([new TextPart(Text(random, 700))], StopReason.EndTurn, null, null), null, 1), Durability.Written);
            }

            await AppendAsync(new ToolStarted(new CallId($"c{turn}"), "Bash", "00", ToolEffect.Once, "none"), Durability.Synced);
            await AppendAsync(new ToolReturned(new CallId($"c{turn}"), CallOutcome.Completed, [new TextPart(Text(random, 1500))], 1), Durability.Synced);
            await AppendAsync(new RunFinished(TurnOutcome.Completed, Usage.None, null, 1, []), Durability.Synced);
        }

        return (await File.ReadAllBytesAsync(journal.Path), synced);

        async Task AppendAsync(DurableEvent durableEvent, Durability durability)
        {
            var record = await journal.AppendAsync(new RunId("1"), durableEvent, durability, CancellationToken.None);
            if (durability == Durability.Synced)
            {
                synced.Add(((int)new FileInfo(journal.Path).Length, (int)record.N));
            }
        }
    }

    private static string Text(Random random, int longest) => new('x', random.Next(1, longest));
}
