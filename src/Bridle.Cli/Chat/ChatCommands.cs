using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.Settings;
using Bridle.Messages;
using Bridle.Sessions;

namespace Bridle.Cli.Chat;

/// <summary>What a person may type that is not for the model.</summary>
internal sealed class ChatCommands(CommandIo io, Harness harness)
{
    private static readonly (string Name, string Words)[] Known =
    [
        ("/help", "show this"), ("/model", "show the model, or change it: /model provider/name"), ("/cost", "what this conversation took"),
        ("/tools", "the tools on offer"), ("/mode", $"show the permission mode, or change it: {string.Join(", ", ModeName.Names)}"),
        ("/plan", "look around and plan, change nothing"), ("/session", "where this conversation is kept"), ("/exit", "leave (also /quit, exit, quit, Ctrl+D)"),
    ];

    private Usage _usage = Usage.None;
    private decimal? _cost = 0;
    private int _turns;

    /// <summary>Whether the text ends the conversation.</summary>
    public static bool Leaves(string text) => text.Trim() is "/exit" or "/quit" or "exit" or "quit";

    /// <summary>Whether the text is for these commands and not for the model.</summary>
    public static bool Takes(string text) => text.StartsWith('/') && !text.Contains('\n') && !text.Split(' ')[0][1..].Contains('/');

    /// <summary>Counts a turn.</summary>
    public void Count(TurnResult result)
    {
        _turns++;
        _usage += result.Usage;
        _cost = result.Cost is { } cost ? _cost + cost : null;
    }

    /// <summary>Carries a command out.</summary>
    public async Task RunAsync(string text, CancellationToken cancellationToken)
    {
        var words = text.Trim().Split(' ', 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var argument = words.Length > 1 ? words[1] : null;
        switch (words[0])
        {
            case "/help":
                foreach (var (name, what) in Known)
                {
                    io.Tell($"  {name,-9} {what}", hang: 12);
                }

                io.Tell("  While a turn runs, type to steer it; Ctrl+C interrupts it, twice quits. Alt+Enter begins a new line.");
                break;
            case "/model":
                await ModelAsync(argument, cancellationToken);
                break;
            case "/cost":
                io.Tell($"  {UsageLine.Tokens(_usage)}, {UsageLine.Cost(_cost, harness.Session.Model.Info.Simulated)}, {_turns} {(_turns == 1 ? "turn" : "turns")}");
                break;
            case "/tools":
                Columns.Write(io, ["TOOL", "KIND", "EFFECT"], [.. harness.Tools.Select(tool => (string[])[tool.Name, tool.Kind.ToString().ToLowerInvariant(), tool.Effect.ToString().ToLowerInvariant()])]);
                break;
            case "/mode":
                await ModeAsync(argument, cancellationToken);
                break;
            case "/plan":
                await ModeAsync("plan", cancellationToken);
                break;
            case "/session":
                io.Tell(harness.Path is { } path ? $"  {harness.Name}: {path}" : $"  {harness.Name}: in memory only");
                break;
            default:
                var near = NearestName.Of(words[0], Known.Select(known => known.Name));
                io.Tell($"  There is no command {VisibleText.Line(words[0], 60)}.{(near is null ? "" : $" Did you mean {near}?")} /help lists them.");
                break;
        }
    }

    private async Task ModelAsync(string? wanted, CancellationToken cancellationToken)
    {
        if (wanted is null)
        {
            io.Tell($"  {harness.Session.Model.Info.FullName}");
            return;
        }

        var (model, problem) = await harness.FindModelAsync(wanted, cancellationToken);
        if (model is null)
        {
            io.Tell($"  {VisibleText.Of($"{problem!.Message} {problem.Advice}")}");
            return;
        }

        await harness.Session.ChangeModelAsync(model, cancellationToken);
        io.Tell($"  {model.Info.FullName} answers from now on.");
    }

    private async Task ModeAsync(string? wanted, CancellationToken cancellationToken)
    {
        if (wanted is null)
        {
            io.Tell($"  {harness.Session.Mode}");
            return;
        }

        if (ModeName.Parse(wanted) is not { } mode || mode.Strict)
        {
            io.Tell($"  There is no mode {VisibleText.Line(wanted, 60)}. The modes are {string.Join(", ", ModeName.Names)}.");
            return;
        }

        if (mode.Name == "bypass")
        {
            io.Tell("  The mode bypass asks nothing and is taken from the command line only: start again with --mode bypass.");
            return;
        }

        if (harness.WhyNotMode(mode) is { } why)
        {
            io.Tell($"  {why}");
            return;
        }

        await harness.Session.ChangeModeAsync(mode.Name, cancellationToken);
        io.Tell($"  Mode {mode.Name}.{(mode.Notice is null ? "" : $" {mode.Notice}")}");
    }
}
