using System.Text.RegularExpressions;
using Bridle.Cli.Tests.Terminals;
using Bridle.Cli.Tests.Terminals.Screens;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Chat.Live;

/// <summary>A whole chat on a terminal in memory, with keys from a script.</summary>
internal sealed partial class LiveStage : IAsyncDisposable
{
    private Task<int>? _chat;

    public LiveStage(int width = 80, int height = 30)
    {
        Screen = new(width, height);
        (Stage.Screen, Stage.Keys, Stage.Variables["SHELL"]) = (Screen, () => Keys, "/bin/sh");
    }

    public CliStage Stage { get; } = new();

    public VirtualTerminal Screen { get; }

    public FakeKeys Keys { get; } = new();

    /// <summary>Begins the chat and waits for its prompt.</summary>
    public async Task StartAsync(IModel model, params string[] arguments)
    {
        Stage.Model = model;
        _chat = Stage.RunAsync(["chat", "--session", "s", "--sandbox", "off", .. arguments]);
        await WaitForAsync("/exit leaves.");
        await WaitForAsync(arguments.Contains("--plain") ? "\n>" : "❯");
    }

    /// <summary>Types, and waits for what is to be shown.</summary>
    public async Task<string> TypeAsync(string keys, string shown, int times = 1)
    {
        Keys.Type(keys);
        return await WaitForAsync(shown, times);
    }

    public async Task<string> WaitForAsync(string text, int times = 1)
    {
        var shown = Screen.WaitForAsync(text, times);
        if (_chat is not null && await Task.WhenAny(_chat, shown) == _chat)
        {
            Assert.Fail($"The chat ended with {await _chat}, and '{text}' was not there.\n{Screen.Text}");
        }

        return await shown;
    }

    /// <summary>Leaves, and gives what stands in the window and above it then.</summary>
    public async Task<string> LeaveAsync()
    {
        Keys.Type("{ctrl-d}");
        Assert.Equal(0, await _chat!.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        return Screen.Text;
    }

    /// <summary>The exit code of a chat that ended by itself.</summary>
    public Task<int> EndedAsync() => _chat!.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    /// <summary>The window, with what differs from run to run made equal.</summary>
    public string Window => Times().Replace(Spinners().Replace(Screen.Window, "*"), "0 s");

    public async ValueTask DisposeAsync()
    {
        Keys.Close();
        if (_chat is not null)
        {
            await Task.WhenAny(_chat, Task.Delay(TimeSpan.FromSeconds(10)));
        }

        Stage.Dispose();
    }

    [GeneratedRegex("[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]")]
    private static partial Regex Spinners();

    [GeneratedRegex(@"\b\d+ s\b")]
    private static partial Regex Times();
}
