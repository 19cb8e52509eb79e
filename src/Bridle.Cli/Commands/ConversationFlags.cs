using System.CommandLine;

namespace Bridle.Cli.Commands;

/// <summary>The flags of a conversation at the terminal, whichever command begins it.</summary>
internal sealed class ConversationFlags
{
    private static readonly string[] s_levels = ["DEBUG", "INFO", "WARNING", "ERROR"];

    private readonly Option<string> _logLevel = new("--log-level") { Description = "DEBUG shows every event on standard error", HelpName = "LEVEL", DefaultValueFactory = _ => "INFO" };
    private readonly Option<bool> _plain = new("--plain") { Description = "Write one line after another and move nothing, for screen readers and simple terminals" };

    public void AddTo(Command command)
    {
        _logLevel.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, s_levels);
        command.Add(_logLevel);
        command.Add(_plain);
    }

    public bool ShowsEvents(ParseResult parsed) => string.Equals(parsed.GetValue(_logLevel), "DEBUG", StringComparison.OrdinalIgnoreCase);

    /// <summary>The context with the terminal as it is to be used.</summary>
    public CommandContext Shown(ParseResult parsed, CommandContext context) => parsed.GetValue(_plain) ? context with { Io = context.Io with { IsPlain = true } } : context;
}
