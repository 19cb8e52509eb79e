using System.Text.Json;
using Bridle.FakeVendors;

namespace Bridle.Cli.Tests.Commands;

/// <summary>The command line of llm-agent-harness as scripts and logs see it: objects, hints, one log for each run, and its tool for containers.</summary>
public sealed class SeedMachineTests : IAsyncDisposable
{
    private const string Alias = "start-harness-jayjader";

    private readonly CliStage _stage = new();
    private readonly FakeVendor _ollama = FakeLocal.Ollama([new("able"), new("plain", Tools: false)]);

    public SeedMachineTests() => _stage.Variables["OLLAMA_API_URL"] = _ollama.Server.Url.ToString().TrimEnd('/');

    public async ValueTask DisposeAsync()
    {
        await _ollama.DisposeAsync();
        _stage.Dispose();
    }

    private string[] Logs(string root) => Directory.Exists(Path.Combine(_stage.Home, $".local/state/{root}/logs"))
        ? [.. Directory.GetFiles(Path.Combine(_stage.Home, $".local/state/{root}/logs")).Order(StringComparer.Ordinal).Select(File.ReadAllText)] : [];

    private async Task<(int Code, string Out, string Error)> RunAsync(params string[] arguments)
    {
        var code = await _stage.RunAsync(arguments);
        return (code, _stage.Out.Take(), _stage.Error.Take());
    }

    private static string Fields(string json)
    {
        using var document = JsonDocument.Parse(json);
        return string.Join(' ', document.RootElement.EnumerateObject().Select(field => $"{field.Name}={(field.Name is "address" or "said" or "error" && field.Value.ValueKind is not JsonValueKind.Null ? "…" : field.Value.GetRawText())}"));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("events")]
    public async Task What_the_server_said_is_one_object_for_machines_with_its_exit_code(string format)
    {
        var (code, tested, error) = await RunAsync("--one-shot", "--test-connection", "-o", format);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal("""type="connection_tested" is_error=false error=null provider="ollama" address=… answers=true said=… exit_code=0""", Fields(tested));
        (code, var listed, error) = await RunAsync(Alias, "--one-shot", "--refresh-models", "-o", format);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal("""type="models_refreshed" is_error=false error=null provider="ollama" address=… models=[{"name":"able","tools":"yes","context_window":32768},{"name":"plain","tools":"no","context_window":32768}] exit_code=0""", Fields(listed));
        await _ollama.DisposeAsync();
        (code, tested, error) = await RunAsync("--one-shot", "--test-connection", "-o", format);
        Assert.Equal("""type="connection_tested" is_error=true error=… provider="ollama" address=… answers=false said=… exit_code=3""", Fields(tested));
        Assert.Contains("cannot be reached", error, StringComparison.Ordinal);
        (code, listed, _) = await RunAsync(Alias, "--one-shot", "--refresh-models", "-o", format);
        Assert.Equal(ExitCode.Vendor, code);
        Assert.Contains("""models_refreshed" is_error=true error=… provider="ollama" address=… models=[{"name":"able",""", Fields(listed), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--test-connection -o json", "a conversation does not", true)]
    [InlineData("-o events", "a conversation does not", true)]
    [InlineData("--bogus -o json", "bogus", false)]
    [InlineData("-r a -c b -o json", "exclude each other", false)]
    public async Task Only_a_conversation_has_no_object_and_nothing_else_is_told_of_that(string words, string said, bool talks)
    {
        var (code, _, error) = await RunAsync(words.Split(' '));
        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.Equal(talks, error.Contains("what ends by itself", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_run_has_one_log_also_when_it_only_asks_the_server_or_does_not_begin()
    {
        _stage.Write("work/.env", "SANDBOX_CONTAINER_IMAGE=strange\n");
        var (_, answer, error) = await RunAsync("--one-shot", "--test-connection");
        Assert.StartsWith("Ollama ", answer, StringComparison.Ordinal);
        Assert.Contains("SANDBOX_CONTAINER_IMAGE; the .env of a folder that is not trusted is not read", error, StringComparison.Ordinal);
        Assert.Contains(" Ollama 0.12.6 answers at ", Assert.Single(Logs("bridle")), StringComparison.Ordinal);
        await RunAsync("--one-shot", "--refresh-models");
        Assert.Contains(" Ollama: 2 models, 1 with tool calls.", Logs("bridle")[1], StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await RunAsync("--one-shot", "-p", "hi")).Code);
        Assert.Contains(" did not start: No model is named", Logs("bridle")[2], StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await RunAsync("-r", "gone", "-m", "able", "-p", "hi")).Code);
        Assert.Contains(" did not start: There is no session 'gone'.", Logs("bridle")[3], StringComparison.Ordinal);
        _ollama.Add(FakeTurn.Say("one"));
        Assert.Equal(0, (await RunAsync("-m", "able", "-p", "hi")).Code);
        Assert.Equal(5, Logs("bridle").Length);

        // Whatever one run does is in one: the test, the session, and the session after it.
        _stage.Input = "/session new\n/exit\n";
        Assert.Equal(0, (await RunAsync("--interactive", "--test-connection", "-m", "able")).Code);
        Assert.Equal(6, Logs("bridle").Length);
        Assert.Equal((1, 2), (Logs("bridle")[5].Split("answers at").Length - 1, Logs("bridle")[5].Split(", session ").Length - 1));
    }

    [Fact]
    public async Task Under_its_own_name_hints_name_what_works_there()
    {
        Assert.Equal(0, (await RunAsync(Alias, "--one-shot", "--refresh-models")).Code);
        _ollama.Add(FakeTurn.Fail(400, "no"));
        var (code, _, error) = await RunAsync(Alias, "--one-shot", "-m", "able", "-p", "hi", "-n", "talk");
        Assert.NotEqual(0, code);
        Assert.Contains($"Go on with: {Alias} -r talk -m ollama/able --one-shot -p \"…\"\n", error, StringComparison.Ordinal);
        _ollama.Add(FakeTurn.Say("two"));
        Assert.Equal(0, (await RunAsync(Alias, "-r", "talk", "-m", "ollama/able", "--one-shot", "-p", "…")).Code);
        (code, _, error) = await RunAsync(Alias, "-r", "nothing-like-it", "--one-shot", "-m", "able", "-p", "hi");
        Assert.EndsWith($"There is no session 'nothing-like-it'. See `{Alias} -r`.\n", error, StringComparison.Ordinal);
        _stage.Write("work/.env", "SANDBOX_CONTAINER_IMAGE=strange\n");
        (_, _, error) = await RunAsync(Alias, "--one-shot", "--test-connection");
        Assert.Contains("see `HARNESS_ROOT_DIRS_NAME=jayjaders-llm-harness bridle trust`", error, StringComparison.Ordinal);
        _stage.Input = "/session resume nowhere\n";
        (_, var said, _) = await RunAsync(Alias, "-m", "able");
        Assert.Contains("There is no session 'nowhere'. See `/session resume`.", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Alias, true)]
    [InlineData("bridle", false)]
    public async Task Its_tool_for_containers_is_offered_under_its_own_name_with_the_usual_volume(string name, bool offered)
    {
        // An engine that knows no volume, and then none at all.
        var log = _stage.PathOf("engine.log");
        var engine = _stage.Write("bin/podman", $"#!/bin/sh\necho \"$@\" >> {log}\n[ \"$1\" != volume ] || {{ echo no such volume >&2; exit 1; }}\n");
        File.SetUnixFileMode(engine, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _stage.Variables["PATH"] = $"{Path.GetDirectoryName(engine)}:{_stage.Variables["PATH"]}";
        string[] alias = name == Alias ? [Alias] : [];
        Assert.Equal(0, (await RunAsync([.. alias, "--one-shot", "--refresh-models"])).Code);
        _ollama.Add(FakeTurn.Call("execute_sandboxed_command", """{"command":"ls"}"""), FakeTurn.Say("No."));
        await RunAsync([.. alias, "--one-shot", "-m", "able", "-p", "hi", "--mode", "bypass"]);
        Assert.Equal(offered, _ollama.Bodies[0].GetProperty("tools").GetRawText().Contains("execute_sandboxed_command", StringComparison.Ordinal));
        Assert.Equal(offered, _ollama.Bodies[1].GetRawText().Contains("Create it with: podman volume create llm-harness-tool-workspace", StringComparison.Ordinal));
        Assert.Equal(offered, File.Exists(log) && (await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken)).Contains("volume inspect llm-harness-tool-workspace", StringComparison.Ordinal));
    }
}
