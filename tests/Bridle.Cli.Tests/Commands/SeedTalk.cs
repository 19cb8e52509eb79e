using System.Text.Json;
using Bridle.Cli.Tests.Terminals;
using Bridle.FakeVendors;

namespace Bridle.Cli.Tests.Commands;

/// <summary>A person at the terminal with llm-agent-harness's command line, and a fake Ollama.</summary>
internal sealed class SeedTalk : IAsyncDisposable
{
    private FakeKeys _keys = new();
    private Task<int> _running = Task.FromResult(0);

    public SeedTalk(params FakeModel[] models)
    {
        Ollama = FakeLocal.Ollama(models.Length > 0 ? models : [new("able"), new("other"), new("plain", Tools: false)]);
        Stage.Variables["OLLAMA_API_URL"] = Ollama.Server.Url.ToString().TrimEnd('/');

        // Wide enough for every line that is looked for.
        (Stage.Terminal, Stage.Width) = (true, 1_000);
        Stage.Keys = () => _keys;
    }

    public CliStage Stage { get; } = new();

    public FakeVendor Ollama { get; }

    public string State => Path.Combine(Stage.Home, ".local/state/bridle");

    public string Sessions => Path.Combine(Stage.Home, ".local/share/bridle/sessions");

    public string[] Names => Directory.Exists(Sessions) ? [.. Directory.GetFiles(Sessions, "session_*.jsonl").Select(file => Path.GetFileName(file)[8..^6]).Order(StringComparer.Ordinal)] : [];

    public string Screen => Stage.Out.ToString() + Stage.Error;

    public string FileOf(string session) => Path.Combine(Sessions, $"session_{session}.jsonl");

    /// <summary>Makes the list of models known, and the model that was used last.</summary>
    public async Task<SeedTalk> ReadyAsync(string? previous = "able")
    {
        Assert.Equal(0, await Stage.RunAsync("--one-shot", "--refresh-models"));
        if (previous is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(State, "previous_model_name"), $"ollama/{previous}\n");
        }

        Stage.Out.Take();
        return this;
    }

    public SeedTalk Start(params string[] arguments)
    {
        Stage.Out.Take();
        Stage.Error.Take();
        _keys = new();
        _running = Stage.RunAsync(arguments);
        return this;
    }

    /// <summary>Types a line, and waits until the text has been shown that often.</summary>
    public async Task SayAsync(string line, string until, int times = 1)
    {
        _keys.Type(line + "{enter}");
        await UntilAsync(until, times);
    }

    public async Task UntilAsync(string text, int times = 1)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (Screen.Split(text).Length - 1 < times)
        {
            Assert.False(_running.IsFaulted, _running.Exception?.ToString());
            Assert.False(patience.IsCancellationRequested, $"'{text}' is not on the screen:\n{Screen}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Says something to the model and waits for the end of the turn.</summary>
    public Task AskAsync(string text) => SayAsync(text, "out tokens, ", (Screen.Split("out tokens, ").Length - 1) + 1);

    /// <summary>Types the line and waits for the end of the program.</summary>
    public async Task<int> EndAsync(string line = "/exit")
    {
        _keys.Type(line + "{enter}");
        return await _running;
    }

    public Task<int> EndedAsync() => _running;

    public static string[] Texts(JsonElement body) =>
        [.. body.GetProperty("messages").EnumerateArray().Where(message => message.GetProperty("role").GetString() is "user" or "assistant").Select(message => message.GetProperty("content").GetString()!)];

    /// <summary>How often the terminal was left to another program, and whether it is now.</summary>
    public (int Times, bool Now) Lent => _keys.Lent;

    public string[] LastTexts => Texts(Ollama.Bodies[^1]);

    public string LastModel => Ollama.Bodies[^1].GetProperty("model").GetString()!;

    public async ValueTask DisposeAsync()
    {
        await Ollama.DisposeAsync();
        Stage.Dispose();
    }
}
