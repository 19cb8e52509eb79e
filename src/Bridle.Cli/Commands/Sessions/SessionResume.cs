using System.CommandLine;
using Bridle.Cli.Chat;

namespace Bridle.Cli.Commands.Sessions;

/// <summary><c>bridle sessions resume</c>: a conversation at the terminal that goes on with a session; without a name a person chooses one.</summary>
internal static class SessionResume
{
    public static Command Build(CommandContext context)
    {
        var flags = new SessionFlags();
        var name = new Argument<string?>("name") { Description = "Which session; without it you choose one", Arity = ArgumentArity.ZeroOrOne };
        var plain = new Option<bool>("--plain") { Description = "Write one line after another and move nothing, for screen readers and simple terminals" };
        var command = new Command("resume", "Go on with a session in a conversation") { name };
        flags.AddTo(command, choosesSession: false);
        command.Add(plain);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var request = flags.Read(parsed, context, context.Io.OutIsTerminal) with { SessionName = parsed.GetValue(name), Resume = true };
            var shown = parsed.GetValue(plain) ? context with { Io = context.Io with { IsPlain = true } } : context;
            return await ChatCommand.RunAsync(shown, request, new() { PrepareAsync = (ready, input, token) => ChooseAsync(shown, ready, input, token) }, cancellationToken);
        });
        return command;
    }

    private static async Task<(Hosting.HarnessRequest? Request, int ExitCode)> ChooseAsync(CommandContext context, Hosting.HarnessRequest request, ChatInput? input, CancellationToken cancellationToken)
    {
        if (request.SessionName is not null)
        {
            return (request, ExitCode.Done);
        }

        if (input is null)
        {
            return (null, RunCommand.Refuse(context, "text", new("usage", "The name of a session is missing, and nobody is there to choose one.", "`bridle sessions list` lists them."), ExitCode.Usage));
        }

        return await SessionCommands.ChooseAsync(context, SessionFiles.Store(context), null, input, cancellationToken) is { } chosen
            ? (request with { SessionName = chosen }, ExitCode.Done)
            : (null, RunCommand.Refuse(context, "text", new("session", "No session was chosen.", ""), ExitCode.Usage));
    }
}
