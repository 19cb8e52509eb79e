using System.CommandLine;
using System.CommandLine.Help;
using Bridle.Cli.Output;
using Bridle.Hosting.Assembly;

namespace Bridle.Cli.Commands;

/// <summary>The program without a command: the command line of llm-agent-harness.</summary>
internal static class SeedCommand
{
    /// <summary>The name by which llm-agent-harness is started. As the first word it makes the program that one.</summary>
    public const string Alias = "start-harness-jayjader";

    /// <summary>Puts the flags on the root of the program.</summary>
    public static void AddTo(Command root, CommandContext context, bool onlyServers)
    {
        var flags = new SeedFlags(onlyServers);
        var talk = new ConversationFlags();
        flags.AddTo(root);
        talk.AddTo(root);
        context = context with { Io = context.Io with { IsSeed = onlyServers } };
        root.SetAction(async (parsed, cancellationToken) =>
        {
            if (!onlyServers && parsed.Tokens.Count == 0 && context.Io.OpenKeys is null)
            {
                // Nobody is there to talk, and nothing is asked for.
                await CommandLine.Build(context).Parse("--help").InvokeAsync(new() { Output = context.Io.Out, Error = context.Io.Error }, cancellationToken);
                return ExitCode.Usage;
            }

            return await RunAsync(talk.Shown(parsed, context), flags, parsed, onlyServers, talk.ShowsEvents(parsed), cancellationToken);
        });
    }

    private static async Task<int> RunAsync(CommandContext context, SeedFlags flags, ParseResult parsed, bool onlyServers, bool showsEvents, CancellationToken cancellationToken)
    {
        var format = parsed.GetValue(flags.Output)!;
        if (flags.WhyNoObject(parsed) is { } talks)
        {
            return RunCommand.Refuse(context, "text", new("usage", talks, "Add --one-shot, with what is to be done."), ExitCode.Usage);
        }

        var request = flags.Read(parsed, context);
        request = request with { Log = FaultLog.Of(request) };
        var start = new SeedStart(context, format)
        {
            OnlyServers = onlyServers, OneShot = flags.IsOneShot(parsed), TestsConnection = parsed.GetValue(flags.TestConnection), RefreshesModels = parsed.GetValue(flags.RefreshModels), ChoosesSession = flags.MustChooseSession(parsed),
        };
        var (prompt, problem) = await PromptAsync(context, parsed.GetValue(flags.Prompt), parsed.GetValue(flags.PromptFile), cancellationToken);
        if (problem is not null)
        {
            return RunCommand.Refuse(context, format, problem, ExitCode.Usage);
        }

        if (!start.OneShot)
        {
            return await ChatCommand.RunAsync(context, request, new() { PrepareAsync = start.PrepareAsync, First = prompt, ShowsEvents = showsEvents }, cancellationToken);
        }

        using var scope = context.Interrupts.Begin(cancellationToken);
        var (ready, exitCode) = await start.PrepareAsync(request, null, scope.Token);
        return ready is null ? exitCode
            : await RunCommand.RunAsync(context, ready with { ConfinedUnasked = true }, prompt, format, parsed.GetValue(flags.Input) == "events", cancellationToken);
    }

    private static async Task<(string? Prompt, Failure? Problem)> PromptAsync(CommandContext context, string? prompt, string? file, CancellationToken cancellationToken)
    {
        if (prompt is null && file is null)
        {
            return (null, null);
        }

        return prompt is null ? await PromptText.ReadAsync([], file, resume: false, context, cancellationToken)
            : prompt.Trim().Length > 0 ? (prompt, null)
            : (null, new("usage", "The prompt is empty.", "Say what to do: --prompt \"Which files mention TODO?\""));
    }
}
