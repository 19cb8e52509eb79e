using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

/// <summary>Notes between real processes.</summary>
public sealed class MemoryTests : IDisposable
{
    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task What_one_process_remembers_the_next_one_sends_to_the_vendor()
    {
        await using var vendor = Vendors.Make("openai", _place,
            FakeTurn.Call("Remember", """{"name":"coffee","description":"What the person drinks","text":"Dark roast.","scope":"user"}"""), FakeTurn.Say("Kept."), FakeTurn.Say("Dark roast."));
        Assert.Equal(0, (await _place.RunAsync("run", "-m", "openai/test-model", "--allow", "Remember", "Remember that I drink dark roast.")).Code);
        Assert.Equal(0, (await _place.RunAsync("run", "-m", "openai/test-model", "What do I drink?")).Code);
        Assert.DoesNotContain("<memory>", Decoded(vendor.Bodies[0]), StringComparison.Ordinal);
        Assert.Contains("- coffee: What the person drinks (written today)", Decoded(vendor.Bodies[^1]), StringComparison.Ordinal);
        Assert.Contains("coffee", (await _place.RunAsync("memory", "list")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Processes_that_write_at_once_lose_nothing_and_one_that_is_killed_leaves_whole_notes_and_no_lock()
    {
        static string Lines(string prefix, int count) => string.Concat(Enumerable.Range(0, count).Select(i => $$"""{"name":"{{prefix}}-{{i}}","description":"Number {{i}}","text":"{{new string((char)('a' + (i % 26)), 2_000)}}"}""" + "\n"));
        using var doomed = _place.Start("memory", "import", "-");
        await doomed.StandardInput.WriteAsync(Lines("doomed", 300));
        doomed.StandardInput.Close();
        var others = new[] { "a", "b" }.Select(prefix => _place.RunWithInputAsync(Lines(prefix, 20), "memory", "import", "-")).ToList();
        Assert.StartsWith("Kept as doomed-0", await doomed.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        doomed.Kill();
        await doomed.WaitForExitAsync(TestContext.Current.CancellationToken);
        foreach (var ended in await Task.WhenAll(others))
        {
            Assert.True(ended.Code == 0 && ended.Error.Contains("20 notes imported.", StringComparison.Ordinal), ended.ToString());
        }

        var exported = await _place.RunAsync("memory", "export");
        Assert.Equal((0, ""), (exported.Code, exported.Error));
        var notes = exported.Out.Trim().Split('\n');
        Assert.Equal(40, notes.Count(note => note.Contains("\"name\":\"a-", StringComparison.Ordinal) || note.Contains("\"name\":\"b-", StringComparison.Ordinal)));
        Assert.Contains("\"name\":\"doomed-0\"", exported.Out, StringComparison.Ordinal);
        Assert.All(notes, note => Assert.Matches("\"text\":\"([a-z])\\1{1999}\"", note));
        Assert.Contains("Kept as later", (await _place.RunWithInputAsync("""{"name":"later","description":"d","text":"t"}""", "memory", "import", "-")).Out, StringComparison.Ordinal);
    }

    private static string Decoded(System.Text.Json.JsonElement body) => System.Text.RegularExpressions.Regex.Unescape(body.GetRawText().Replace("\\\"", "\"", StringComparison.Ordinal));
}
