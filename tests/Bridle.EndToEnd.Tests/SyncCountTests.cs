using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

/// <summary>How often the real program waits for the disk, counted from outside by strace.</summary>
public sealed class SyncCountTests
{
    private const int Turns = 5;

    [Fact]
    public async Task Read_only_turns_cost_no_sync_beyond_those_of_the_start_and_the_end()
    {
        var none = await CountAsync(_ => null);
        var reads = await CountAsync(_ => new("Read", """{"file_path":"a.txt"}"""));
        Assert.True(none > 0, "Not a single sync was seen: either the tracer saw nothing, or what the person said is not kept.");
        Assert.Equal(none, reads);
    }

    [Fact]
    public async Task A_call_that_must_not_run_twice_costs_two_syncs_and_no_more()
    {
        var none = await CountAsync(_ => null);
        var commands = await CountAsync(turn => new("Bash", $$"""{"command":"touch made{{turn}}"}"""));
        // Before it starts and when it has returned; fewer would lose something in a power cut.
        Assert.Equal(none + (2 * Turns), commands);
    }

    private static async Task<int> CountAsync(Func<int, FakeCall?> call)
    {
        using var trace = new Trace();
        using var place = new Place { Under = ["strace", "-f", "-qq", "-e", "trace=fsync,fdatasync,sync,syncfs,sync_file_range,msync", "-e", "signal=none", "-o", trace.Path] };
        place.Write("a.txt", "alpha\n");
        await using var vendor = Vendors.Make("openai", place);
        for (var turn = 0; turn < Turns; turn++)
        {
            vendor.Add(call(turn) is { } made ? new FakeTurn { Calls = [made] } : FakeTurn.Say("Nothing to do."));
            if (call(turn) is null)
            {
                break;
            }
        }

        vendor.Add(FakeTurn.Say("Done."));
        var ended = await place.RunAsync("run", "--model", Vendors.Model("openai"), "--allow", "Bash(touch:*)", "do it");
        Assert.True(ended.Code is 0, ended.ToString());
        return File.ReadLines(trace.Path).Count(line => line.Contains("sync", StringComparison.Ordinal) && !line.Contains("resumed>", StringComparison.Ordinal));
    }

    private sealed class Trace : IDisposable
    {
        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
