using Bridle.Cli.Commands;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.Settings;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Sessions;
using Bridle.Skills;

namespace Bridle.Cli.Chat;

/// <summary>What a person may type that is not for the model: the table of it, and how a line finds its row.</summary>
internal sealed class ChatCommands
{
    private readonly CommandIo _io;
    private readonly BridleFolders _folders;
    private readonly Conversation _conversation;

    /// <summary>The commands of a conversation.</summary>
    public ChatCommands(CommandContext context, Conversation conversation, ChatInput? input)
    {
        (_io, _folders, _conversation) = (context.Io, BridleFolders.For(context.Environment), conversation);
        var editor = new PersonsEditor(context, input);
        var models = new ModelCommands(context, conversation, input);
        var sessions = new SessionCommands(context, conversation, editor, input);
        var prompts = new PromptCommands(context, conversation, editor);
        All =
        [
            new("/help", "", "show this", (_, _) => Done(Help)) { Aliases = ["/?"], WorksWhenClosed = true },
            .. models.Rows,
            new("/mode", "[MODE]", $"show the permission mode, or change it: {string.Join(", ", ModeName.Names)}", ModeAsync) { Complete = typed => Beginning(ModeName.Names.Where(name => name != "bypass"), typed) },
            new("/plan", "", "look around and plan, change nothing", (_, token) => ModeAsync("plan", token)),
            new("/tools", "", "the tools on offer", (_, _) => Done(Tools)),
            new("/cost", "", "what this conversation took", (_, _) => Done(Cost)),
            new("/skills", "", "the skills; /NAME uses one", (_, _) => Done(Skills)),
            new("/compact", "[FOCUS]", "make the conversation shorter for the model; FOCUS is what it should keep in mind", CompactAsync),
            .. sessions.Rows,
            .. new RewindCommands(context, conversation, sessions, input).Rows,
            .. new RecallCommands(context, conversation).Rows,
            .. prompts.Rows,
            .. new MemoryCommands(_io, conversation).Rows,
            .. new PermissionCommands(_io, conversation).Rows,
            new("/exit", "", "leave (also /quit, exit, quit, Ctrl+D)", (_, _) => Done(() => { })) { Aliases = ["/quit"], WorksWhenClosed = true },
        ];
    }

    /// <summary>The table, in the order in which it is shown.</summary>
    public IReadOnlyList<ChatCommand> All { get; }

    /// <summary>Whether the text ends the conversation.</summary>
    public static bool Leaves(string text) => text.Trim() is "/exit" or "/quit" or "exit" or "quit";

    /// <summary>Whether the text is for these commands and not for the model.</summary>
    public static bool Takes(string text) => text.StartsWith('/') && !text.Contains('\n') && !text.Split(' ')[0][1..].Contains('/');

    /// <summary>What the text typed so far may become, the likeliest first: commands while the name is typed, then what the command knows of its argument. Whole lines.</summary>
    public IReadOnlyList<string> Complete(string typed)
    {
        if (!typed.StartsWith('/') || typed.Contains('\n'))
        {
            return [];
        }

        var names = All.SelectMany(command => command.Aliases.Prepend(command.Name)).Concat(ForPerson().Select(skill => $"/{skill.Name}")).Where(name => name.StartsWith(typed, StringComparison.Ordinal)).ToList();
        return names.Count > 0 ? names
            : Find(typed) is ({ } command, var name, var argument) ? [.. command.Complete(argument ?? "").Select(value => $"{name} {value}")]
            : [];
    }

    /// <summary>The skills that a person may use by name; one that has the name of a command is not among them.</summary>
    public IReadOnlyList<Skill> ForPerson() =>
        _conversation.IsOpen ? [.. _conversation.Harness.FindSkills().Skills.Where(skill => skill.ForPerson && Find($"/{skill.Name}") is null)] : [];

    /// <summary>Carries a command out, and gives the turn that follows from it, if one does.</summary>
    public async Task<NextTurn?> RunAsync(string text, CancellationToken cancellationToken)
    {
        if (Find(text.Trim()) is ({ } command, _, var argument))
        {
            if (!_conversation.IsOpen && !command.WorksWhenClosed)
            {
                _io.Tell(_conversation.WhenClosed);
                return null;
            }

            // Told as to whoever writes to it; some of these would close it first, or find nothing to do.
            if (command.NeedsFile && LostFile.Of(_conversation.Harness, _folders) is { } gone)
            {
                if (_conversation.IsOpen)
                {
                    throw new JournalChangedException(gone);
                }

                _conversation.IsFileLost = true;
                _io.Tell($"  {VisibleText.Of(_io.Hint(gone))}");
                return null;
            }

            if (argument is null || command.Arguments.Length > 0)
            {
                return await command.RunAsync(argument, cancellationToken);
            }

            _io.Tell($"  {command.Name} takes nothing after it, but there is: {VisibleText.Line(argument, 60)}");
            return null;
        }

        var skills = ForPerson();
        if (skills.Any(skill => text.Trim() == $"/{skill.Name}" || text.Trim().StartsWith($"/{skill.Name} ", StringComparison.Ordinal)))
        {
            return new(text.Trim());
        }

        var typed = string.Join(' ', text.Trim().Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2));
        var names = All.Select(command => command.Name).Concat(skills.Select(skill => $"/{skill.Name}")).ToList();
        var near = names.Find(name => name.StartsWith(typed, StringComparison.Ordinal)) ?? NearestName.Of(typed, names) ?? NearestName.Of(typed.Split(' ')[0], names);
        _io.Tell($"  There is no command {VisibleText.Line(typed, 60)}.{(near is null ? "" : $" Did you mean {near}?")} /help lists them.");
        return null;
    }

    /// <summary>Those values that begin with what was typed, then those that hold it, in any case.</summary>
    public static IReadOnlyList<string> Beginning(IEnumerable<string> values, string typed)
    {
        var all = values.ToList();
        return [.. all.Where(value => value.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Concat(all.Where(value => !value.StartsWith(typed, StringComparison.OrdinalIgnoreCase) && value.Contains(typed, StringComparison.OrdinalIgnoreCase)))];
    }

    /// <summary>A command without a turn to follow.</summary>
    public static Task<NextTurn?> Done(Action action)
    {
        action();
        return Task.FromResult<NextTurn?>(null);
    }

    // The longest name wins: /session resume before /session.
    private (ChatCommand Command, string Name, string? Argument)? Find(string text)
    {
        (ChatCommand Command, string Name, string? Argument)? found = null;
        foreach (var command in All)
        {
            foreach (var name in command.Aliases.Prepend(command.Name))
            {
                if ((text == name || text.StartsWith(name + " ", StringComparison.Ordinal)) && (found is null || name.Length > found.Value.Name.Length))
                {
                    found = (command, name, text[name.Length..].TrimStart() is { Length: > 0 } argument ? argument : null);
                }
            }
        }

        // "/session renmae x" is a slip in the second word and not something to be said to /session.
        return found is { Argument: not null, Command.Arguments.Length: 0 } && All.Any(other => other.Name.StartsWith(found.Value.Name + " ", StringComparison.Ordinal)) ? null : found;
    }

    private void Help()
    {
        var width = All.Max(command => command.Usage.Length);
        foreach (var command in All)
        {
            _io.Tell($"  {command.Usage.PadRight(width)} {command.Description}", hang: width + 3);
        }

        _io.Tell("  While a turn runs, type to steer it; Ctrl+C interrupts it, twice quits. Alt+Enter begins a new line.");
    }

    private void Skills()
    {
        var found = _conversation.Harness.FindSkills();
        var rows = found.Skills.Select(skill => (string[])
            [
                skill.ForPerson ? Find($"/{skill.Name}") is null ? $"/{skill.Name}{(skill.ArgumentHint is { } hint ? $" {hint}" : "")}" : $"{skill.Name} (/{skill.Name} is a command)" : $"{skill.Name} (the model only)",
                skill.Scope.ToString().ToLowerInvariant(), skill.Description,
            ]).ToList();
        if (rows.Count > 0)
        {
            Columns.Write(_io, ["SKILL", "FROM", "DESCRIPTION"], [.. rows.Select(row => row.Select(cell => VisibleText.Line(cell, 200)).ToArray())]);
        }
        else
        {
            _io.Tell(_io.Hint("  There are no skills here. `bridle skills new NAME` makes one."));
        }

        foreach (var left in found.Left)
        {
            _io.Tell($"  Not loaded: {VisibleText.Of(left.File)}: {VisibleText.Of(left.Reason)}", hang: 4);
        }
    }

    private void Tools() => Columns.Write(_io, ["TOOL", "KIND", "EFFECT"],
        [.. _conversation.Harness.Tools.Select(tool => (string[])[tool.Name, tool.Kind.ToString().ToLowerInvariant(), tool.Effect.ToString().ToLowerInvariant()])]);

    private async Task<NextTurn?> CompactAsync(string? focus, CancellationToken cancellationToken)
    {
        var done = await _conversation.Harness.CompactAsync(focus, cancellationToken);
        if (done is null)
        {
            _io.Tell("  The conversation was left as it is: there is nothing to shorten yet, or a hook said no.");
        }

        return null;
    }

    private void Cost()
    {
        foreach (var line in SpendingLines.Of(_conversation.Harness.Spending()))
        {
            _io.Tell(line);
        }
    }

    private async Task<NextTurn?> ModeAsync(string? wanted, CancellationToken cancellationToken)
    {
        var harness = _conversation.Harness;
        if (wanted is null)
        {
            _io.Tell($"  {harness.Session.Mode}");
        }
        else if (ModeName.Parse(wanted) is not { } mode || mode.Strict)
        {
            _io.Tell($"  There is no mode {VisibleText.Line(wanted, 60)}. The modes are {string.Join(", ", ModeName.Names)}.");
        }
        else if (mode.Name == "bypass")
        {
            _io.Tell("  The mode bypass asks nothing and is taken from the command line only: start again with --mode bypass.");
        }
        else if (harness.WhyNotMode(mode) is { } why)
        {
            _io.Tell($"  {why}");
        }
        else
        {
            await harness.Session.ChangeModeAsync(mode.Name, cancellationToken);
            _io.Tell($"  Mode {mode.Name}.{(mode.Notice is null ? "" : $" {mode.Notice}")}");
        }

        return null;
    }
}
