using System.Threading.Channels;
using Bridle.Events;
using Bridle.Hosting.Sensors;
using Bridle.Sensors;
using Bridle.Testing;

namespace Bridle.Hosting.Tests.Sensors;

public sealed class ContinuousTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Who_ever_changes_a_file_that_concerns_it_lets_it_look_and_only_news_are_left()
    {
        _folder.Write("src/old.txt", "x");
        var looks = Channel.CreateUnbounded<IReadOnlyList<string>>();
        var left = new List<string>();
        var states = new Queue<SensorState>([SensorState.Red, SensorState.Red, SensorState.Green]);
        var sensor = new Sensor("lint", SensorStages.Continuous, (_, _) => throw new NotSupportedException()) { Concerns = file => file.EndsWith(".cs", StringComparison.Ordinal) };
        await using (new ContinuousSensors([sensor], _folder.Path, (_, files, _) =>
        {
            var state = states.Dequeue();
            looks.Writer.TryWrite(files);
            return ValueTask.FromResult(new SensorLooked(state, $"{state}"));
        }, TimeProvider.System) { Leave = left.Add })
        {
            async Task<string> NextAsync() => string.Join(' ', await looks.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
            _folder.Write("src/obj/made.cs", "x");
            _folder.Write("src/b.txt", "x");
            _folder.Write("src/a.cs", "x");
            Assert.Equal("src/a.cs", await NextAsync());
            File.Move(Path.Combine(_folder.Path, "src/a.cs"), Path.Combine(_folder.Path, "src/c.cs"));
            Assert.Equal("src/a.cs src/c.cs", await NextAsync());
            File.Delete(Path.Combine(_folder.Path, "src/c.cs"));
            Assert.Equal("src/c.cs", await NextAsync());
        }

        Assert.Equal(["Red", "Green"], left);
    }

    [Fact]
    public async Task What_was_found_between_turns_is_told_with_the_next_one()
    {
        _folder.Write(".config/bridle/settings.json", """{ "sensors": { "define": { "lint": { "command": "echo 'a.cs:1:1: error E1: bad'; exit 1", "files": ["*.cs"], "when": ["continuous"] } } } }""");
        var found = new TaskCompletionSource();
        var sink = new CollectingSink { OnEvent = one => { if (one is Recorded { Event: SensorRan { Stage: "continuous" } }) { found.TrySetResult(); } } };
        var model = new ScriptedModel(Enumerable.Repeat(0, 200).Select(_ => ScriptedReply.Text("I see.")));
        var work = Directory.CreateDirectory(Path.Combine(_folder.Path, "work")).FullName;
        var request = new HarnessRequest(_folder.Environment(("PATH", Environment.GetEnvironmentVariable("PATH")!)), work) { Model = model, Sinks = [sink], InMemory = true, Sandbox = "off" };
        await using var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(request, TestContext.Current.CancellationToken)).Harness;
        await harness.Session.RunAsync("Hello.", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(work, "a.cs"), "x", TestContext.Current.CancellationToken);
        await found.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        string last;
        do
        {
            // The record stands a moment before the note is left.
            await harness.Session.RunAsync("And now?", TestContext.Current.CancellationToken);
            last = string.Join('\n', model.Requests[^1].Messages.Select(message => message.Text));
        }
        while (!last.Contains("a.cs:1:1: error E1: bad", StringComparison.Ordinal) && model.Requests.Count < 200);
        Assert.Contains("a.cs:1:1: error E1: bad", last, StringComparison.Ordinal);
    }
}
