using System.Text;
using System.Text.Json;
using Bridle.Events;
using Bridle.Hosting.Sensors.LanguageServers;
using Bridle.Testing;

namespace Bridle.Hosting.Tests.Sensors.LanguageServers;

/// <summary>Against clangd where it is installed, and against a small server of our own that misbehaves on demand.</summary>
public sealed class LanguageServerTests : IDisposable
{
    // Publishes a diagnostic for each line with "bad"; says nothing about, or ends at, what it is told to; asks for settings first.
    private const string Server = """
        let left = Buffer.alloc(0);
        const send = message => { const body = JSON.stringify({ jsonrpc: '2.0', ...message }); process.stdout.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`); };
        const found = text => text.split('\n').flatMap((line, n) => line.includes('bad') ? [{ message: 'bad word', severity: 1, code: 'B1', range: { start: { line: n, character: line.indexOf('bad') } } }] : []);
        let text = '';
        const show = (uri, given) => {
          text = given;
          if (text.includes('die')) { console.error('I am ill'); process.exit(3); }
          if (process.argv[2] !== 'pull') { send({ method: 'textDocument/publishDiagnostics', params: { uri, diagnostics: found(text) } }); }
        };
        process.stdin.on('data', chunk => {
          left = Buffer.concat([left, chunk]);
          for (;;) {
            const head = left.indexOf('\r\n\r\n');
            if (head < 0) { return; }
            const length = +/Content-Length: (\d+)/.exec(left.subarray(0, head))[1];
            if (left.length < head + 4 + length) { return; }
            const message = JSON.parse(left.subarray(head + 4, head + 4 + length));
            left = left.subarray(head + 4 + length);
            if (message.method === 'initialize') {
              send({ id: 77, method: 'workspace/configuration', params: { items: [{}, {}] } });
              send({ id: message.id, result: { capabilities: process.argv[2] === 'pull' ? { diagnosticProvider: {} } : {} } });
            } else if (message.method === 'textDocument/didOpen') { show(message.params.textDocument.uri, message.params.textDocument.text); }
            else if (message.method === 'textDocument/didChange') { show(message.params.textDocument.uri, message.params.contentChanges[0].text); }
            else if (message.method === 'textDocument/diagnostic') { send({ id: message.id, result: { kind: 'full', items: found(text) } }); }
          }
        });
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly CollectingSink _sink = new();

    public void Dispose() => _folder.Dispose();

    private string Work => Directory.CreateDirectory(Path.Combine(_folder.Path, "work")).FullName;

    private List<SensorRan> Looks => [.. _sink.Events.OfType<Recorded>().Select(record => record.Event).OfType<SensorRan>()];

    private async Task<TurnOutcome> RunAsync(string settings, string file, params string[] contents)
    {
        _folder.Write(".config/bridle/settings.json", settings);
        var environment = _folder.Environment(("PATH", Environment.GetEnvironmentVariable("PATH")!));
        var replies = contents.SelectMany((content, n) => new[] { n == 0 ? null : ScriptedReply.Calls(("Read", $$"""{"file_path":"{{file}}"}""")), ScriptedReply.Calls(("Write", $$"""{"file_path":"{{file}}","content":"{{JsonEncodedText.Encode(content)}}"}""")) }).OfType<ScriptedReply>();
        var model = new ScriptedModel([.. replies, .. Enumerable.Repeat(0, 5).Select(_ => ScriptedReply.Text("Done."))]);
        var request = new HarnessRequest(environment, Work) { Model = model, Sinks = [_sink], Mode = "acceptEdits", InMemory = true };
        await using var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(request, TestContext.Current.CancellationToken)).Harness;
        return (await harness.Session.RunAsync("task", TestContext.Current.CancellationToken)).Outcome;
    }

    private string Settings(string argument = "push")
    {
        _folder.Write("work/server.js", Server);
        return $$"""{ "languageServers": { "words": { "command": "node", "args": ["server.js", "{{argument}}"], "extensions": { ".txt": "plaintext" } } } }""";
    }

    [Fact]
    public async Task A_real_server_finds_what_a_compiler_would_and_that_it_is_gone()
    {
        Assert.SkipUnless((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "clangd"))), "clangd is not installed.");
        const string Settings = """{ "languageServers": { "clangd": { "command": "clangd", "args": ["--log=error"], "extensions": { ".c": "c" } } } }""";
        Assert.Equal(TurnOutcome.Completed, await RunAsync(Settings, "a.c", "int main(void) {\n  return qqzzxx;\n}\n", "int main(void) {\n  return 0;\n}\n"));
        Assert.Equal([SensorState.Red, SensorState.Green], Looks.Select(look => look.State));
        var signal = Assert.Single(Looks[0].Signals);
        Assert.Equal(("a.c", 2, 10, "undeclared_var_use"), (signal.File, signal.Line, signal.Column, signal.Code));
    }

    [Theory]
    [InlineData("push")]
    [InlineData("pull")]
    public async Task What_is_published_and_what_is_answered_counts_the_same(string way)
    {
        Assert.Equal(TurnOutcome.Completed, await RunAsync(Settings(way), "a.txt", "good\nso bad\n", "good\n"));
        Assert.All(Looks, look => Assert.Null(look.Reason));
        Assert.Equal([SensorState.Red, SensorState.Green], Looks.Select(look => look.State));
        Assert.Equal(new SensorSignal(SignalSeverity.Block, "bad word") { File = "a.txt", Line = 2, Column = 4, Code = "B1" }, Assert.Single(Looks[0].Signals));
    }

    [Fact]
    public async Task One_that_ends_is_told_stops_nothing_and_is_started_again()
    {
        Assert.Equal(TurnOutcome.Completed, await RunAsync(Settings(), "a.txt", "die\n", "good\n"));
        Assert.Equal([SensorState.Failed, SensorState.Green], Looks.Select(look => look.State));
        Assert.Contains("exit code 3: I am ill", Looks[0].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-server", "no-such-server")]
    [InlineData("false", "it ended")]
    public async Task What_is_no_server_is_told_and_stops_nothing(string program, string words)
    {
        var settings = $$"""{ "languageServers": { "words": { "command": "{{program}}", "extensions": { ".txt": "plaintext" } } } }""";
        Assert.Equal(TurnOutcome.Completed, await RunAsync(settings, "a.txt", "bad\n"));
        Assert.All(Looks, look => Assert.Equal(SensorState.Failed, look.State));
        Assert.Contains(words, Looks[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_come_in_any_pieces()
    {
        var bytes = LspFrames.Write(writer => writer.WriteString("a", "ü")).Concat(LspFrames.Write(writer => writer.WriteNumber("b", 2))).ToArray();
        for (var size = 1; size <= bytes.Length; size++)
        {
            var frames = new LspFrames();
            var found = new List<JsonElement>();
            for (var at = 0; at < bytes.Length; at += size)
            {
                found.AddRange(frames.Take(bytes.AsSpan(at, Math.Min(size, bytes.Length - at))));
            }

            Assert.Equal(["ü", "2"], found.Select((message, n) => message.GetProperty(n == 0 ? "a" : "b").ToString()));
        }
    }

    [Theory]
    [InlineData("Content-Type: x\r\n\r\n{}")]
    [InlineData("Content-Length: 99999999999\r\n\r\n{}")]
    [InlineData("Content-Length: -1\r\n\r\n{}")]
    public void What_is_no_frame_is_refused(string text) => Assert.Throws<FormatException>(() => new LspFrames().Take(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void A_header_without_end_is_refused() => Assert.Throws<FormatException>(() => new LspFrames().Take(new byte[10_000]));
}
