using System.Text.Json;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.EndToEnd.Tests;

/// <summary>The index of past sessions while its program is killed: what is found afterwards is what the sessions say, each message once.</summary>
public sealed class RecallKillTests : IDisposable
{
    private const int Sessions = 60;
    private const int Messages = 50;

    private readonly Place _place = new();

    private string Folder => Path.Combine(_place.Home, ".local/share/bridle/recall");

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task A_killed_build_leaves_the_old_index_or_the_new_one_and_a_killed_update_nothing_half()
    {
        var random = new Random(20261121);
        for (var session = 0; session < Sessions; session++)
        {
            await SayAsync(session, Messages);
        }

        var said = Sessions * Messages;
        for (var round = 0; round < 4; round++)
        {
            // Making it anew and bringing it up to date by turns, killed at some moment after it began to write.
            if (round % 2 is 1)
            {
                await SayAsync(round, 2 * Messages);
                said += 2 * Messages;
            }

            using var doomed = round % 2 is 0 ? _place.Start("recall", "--rebuild") : _place.Start("recall", "heron");
            doomed.StandardInput.Close();
            await WritesAsync(doomed, round % 2 is 0 ? "*.new" : "*-wal");
            await Task.Delay(random.Next(60), TestContext.Current.CancellationToken);
            doomed.Kill();
            await doomed.WaitForExitAsync(TestContext.Current.CancellationToken);

            var found = await _place.RunAsync("recall", "--json", "--limit", "1", "session:s0 number0");
            Assert.True(found.Code is 0, $"{found}");
            var status = JsonDocument.Parse((await _place.RunAsync("recall", "--json", "--status")).Out).RootElement;
            Assert.Equal((said, Sessions), (status.GetProperty("messages").GetInt32(), status.GetProperty("sessions").GetInt32()));
            Assert.Single(JsonDocument.Parse(found.Out).RootElement.GetProperty("hits").EnumerateArray());
        }

        // The messages of one session that were appended in a killed update, by words and by pieces: each line once.
        foreach (var query in new[] { "session:s1 heron", "session:s1 eron" })
        {
            var hits = JsonDocument.Parse((await _place.RunAsync("recall", "--json", "--limit", "200", query)).Out).RootElement.GetProperty("hits").EnumerateArray().Select(hit => hit.GetProperty("message").GetInt32()).Order().ToList();
            Assert.Equal(Enumerable.Range(2, 3 * Messages), hits);
        }

        Assert.DoesNotContain(Directory.EnumerateFiles(Folder), file => file.EndsWith(".new", StringComparison.Ordinal));
    }

    private async Task SayAsync(int session, int count)
    {
        var store = new SessionStore(Path.Combine(_place.Home, ".local/share/bridle"), Path.Combine(_place.Home, ".local/state/bridle"));
        await using var journal = (store.Exists($"s{session}") ? store.Open($"s{session}") : store.Create(_place.Work, $"s{session}")).Journal;
        for (var i = 0; i < count; i++)
        {
            await journal.AppendAsync(new RunId("1"), new UserSpoke($"{journal.Last}", [new TextPart($"the heron said number{session} in line{i} of many lines that make the file long enough")]), Durability.Written, CancellationToken.None);
        }
    }

    /// <summary>Until a file that it writes to is there and has grown, or it is done.</summary>
    private async Task WritesAsync(System.Diagnostics.Process process, string pattern)
    {
        for (var waited = 0; waited < 6000 && !process.HasExited; waited++)
        {
            if (Directory.Exists(Folder) && new DirectoryInfo(Folder).EnumerateFiles(pattern).Any(file => file.Length > 0))
            {
                return;
            }

            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
