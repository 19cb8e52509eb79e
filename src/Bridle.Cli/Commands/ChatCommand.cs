using System.CommandLine;
using Bridle.Cli.Chat;
using Bridle.Cli.Chat.Live;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Events;
using Bridle.Hosting;
using Bridle.Hosting.Assembly;
using Bridle.Hosting.Worktrees;
using Bridle.Journal;

namespace Bridle.Cli.Commands;

/// <summary><c>bridle chat</c>, also <c>direct</c>: a conversation at the terminal.</summary>
internal static class ChatCommand
{
    // What Ctrl+C, Ctrl+D and Esc type.
    private const char EndOfText = '\u0003';
    private const char EndOfTransmission = '\u0004';
    private const char Escape = '\u001b';

    public static Command Build(CommandContext context)
    {
        var flags = new SessionFlags();
        var talk = new ConversationFlags();
        var command = new Command("chat", "Talk with an agent that works on your files");
        command.Aliases.Add("direct");
        flags.AddTo(command);
        talk.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var request = flags.Read(parsed, context, context.Io.OutIsTerminal);
            return await RunAsync(talk.Shown(parsed, context), request, new() { ShowsEvents = talk.ShowsEvents(parsed) }, cancellationToken);
        });
        return command;
    }

    /// <summary>A conversation from its beginning to its end.</summary>
    public static async Task<int> RunAsync(CommandContext context, HarnessRequest request, ChatBeginning beginning, CancellationToken cancellationToken)
    {
        Harness.GetReady();
        using var keys = context.Io.OpenKeys?.Invoke();
        var settings = keys is not null && Directory.Exists(request.Folder) ? HostFiles.Read(request).Layers.Effective : new();
        context = settings.Plain is true ? context with { Io = context.Io with { IsPlain = true } } : context;
        var held = new HeldOutput();
        var io = keys is null ? context.Io : context.Io with { Out = held.Around(context.Io.Out), Error = held.Around(context.Io.Error) };
        var drawn = context.Io is { IsScreen: true, IsPlain: false };
        using var marks = keys is not null && context.Io.MarksPastes ? new PasteMarks(context.Io.Out, context.Interrupts, alone: !drawn) : null;
        var strokes = keys is null ? null : new StrokeReader(keys, marked: context.Io.MarksPastes);
        var asking = strokes is null ? null : new LinearInput(strokes, context.Io.Out, context.Io.Width, held, plain: context.Io.IsPlain, marks: marks);
        await using var live = strokes is not null && drawn ? new LiveChat(context, strokes, request.Time, new(settings.Notifications ?? "bell")) : null;
        var (input, talk) = live is null ? ((ChatInput?)asking, io) : (live.Input, live.Io);
        // Whole replies are shown as they come as well: streaming may be switched on in between.
        IShownTurn shown = live is null ? new TurnText(io, request.Stream || input is not null) : live.Shown;
        var approver = input is null ? null : new TerminalApprover(input, live?.Io.Out ?? context.Io.Out, context.Io.Width, new Styling(context.Io.Color), shown.Asked);
        request = request with { Log = request.Log ?? FaultLog.Of(request), Approver = approver, ConfinedUnasked = approver is null, ConfirmEdits = asking is null ? null : edits => live is { IsRunning: true } ? ConfirmEdits(context with { Io = live.Io }, live.Input, edits) : ConfirmEdits(context, asking, edits), Sinks = beginning.ShowsEvents ? [shown, new EventLines(talk.Error)] : [shown] };
        try
        {
            if (asking is not null && Directory.Exists(request.Folder))
            {
                using var scope = context.Interrupts.Begin(cancellationToken);
                request = await TrustDialog.AskAsync(context.Io, asking, request, scope.Token);
            }

            if (beginning.PrepareAsync is { } prepare)
            {
                using var preparing = context.Interrupts.Begin(cancellationToken);
                var (ready, ended) = await prepare(request, asking, preparing.Token);
                if (ready is null)
                {
                    return ended;
                }

                request = ready;
            }

            var placed = await WorktreeStart.OpenAsync(request, cancellationToken);
            var start = placed.Refused is { } noWorktree ? noWorktree : await StartAsync(context, placed.Request, asking, cancellationToken);
            if (start is HarnessRefused refused)
            {
                request.Log?.Note($"did not start: {refused.Message.ReplaceLineEndings(" ")}");
                return RunCommand.Refuse(context, "text", new(refused.Kind, refused.Message, refused.Advice), refused.Kind == "left" ? ExitCode.Done : ExitCode.Usage);
            }

            await using var conversation = new Conversation(placed.Request with { Setup = null }, ((HarnessStarted)start).Harness, context.StartAsync) { Leaving = left => ReviewLines.TellAsync(context, left, shown, cancellationToken) };
            var loop = new ChatLoop(context with { Io = talk }, conversation, input, shown);
            live?.Start(conversation, loop.Commands);
            WorktreeLines.Begin(placed.Worktree, shown);
            var exitCode = await loop.RunAsync(beginning.First, cancellationToken);
            await conversation.LeaveAsync();
            await WorktreeLines.EndAsync(placed.Worktree, shown);
            return exitCode;
        }
        catch (JournalException broken)
        {
            return RunCommand.Refuse(context, "text", new("journal", broken.Message, ""), broken is JournalLockedException ? ExitCode.Usage : ExitCode.Failed);
        }
    }

    // The store asks in the middle of opening a file and cannot wait asynchronously.
    private static bool ConfirmEdits(CommandContext context, ChatInput input, string edits)
    {
        var io = context.Io;
        io.Out.WriteLine(WordWrap.Of(VisibleText.Exactly(edits.TrimEnd()), io.Width()));
        var question = WordWrap.Of("The session's file was changed outside of Bridle. Accept these changes? [y/n] ", io.Width());

        // Enter behind the key must not send what stands in the input line.
        return new LineQuestions(context, input).KeyAsync(question, "yn", CancellationToken.None).GetAwaiter().GetResult() is 'y';
    }

    private static async Task<HarnessStart> StartAsync(CommandContext context, HarnessRequest request, ChatInput? input, CancellationToken cancellationToken)
    {
        using var scope = context.Interrupts.Begin(cancellationToken);
        var start = await context.StartAsync(request, scope.Token);
        if (start is not HarnessRefused { Kind: "unconfigured" } || input is null)
        {
            return start;
        }

        context.Io.Tell("No model is configured: no setting, no key in the environment, and no local server answers.");
        context.Io.Tell("  [s] set one up now   [r] rehearse with the built-in model (works by rules, no language model)   [q] leave");
        while (true)
        {
            var key = await input.AskAsync(async keys => await keys.ReadAsync(scope.Token), scope.Token);
            switch (AskedKeys.Typed(key))
            {
                case 'r':
                    return await context.StartAsync(request with { RehearseWhenUnconfigured = true }, scope.Token);
                case 's':
                    var asked = await InitCommand.AskAsync(context, input, scope.Token);
                    return asked == ExitCode.Done ? await context.StartAsync(request, scope.Token) : new HarnessRefused("provider", "Nothing was set up.", "Run `bridle init`.");
                case null or 'q' or EndOfText or EndOfTransmission or Escape:
                    return new HarnessRefused("left", "Nothing was set up.", "Run `bridle init` when you like.");
                default:
                    context.Io.Tell("  That is none of the three: press s, r or q.");
                    break;
            }
        }
    }
}

/// <summary>What a conversation begins with beside its request.</summary>
internal sealed record ChatBeginning
{
    /// <summary>Whether every event is written to standard error.</summary>
    public bool ShowsEvents { get; init; }

    /// <summary>The first message; it is never a command.</summary>
    public string? First { get; init; }

    /// <summary>Makes the request ready before anything is opened, or gives null and the exit code.</summary>
    public Func<HarnessRequest, ChatInput?, CancellationToken, Task<(HarnessRequest? Request, int ExitCode)>>? PrepareAsync { get; init; }
}
