using System.CommandLine;
using System.CommandLine.Parsing;
using Bridle.Hosting;

namespace Bridle.Cli.Commands;

/// <summary>The flags of llm-agent-harness, which are those of the program itself: everything that a session takes, and which session, in which way, and what for.</summary>
/// <param name="onlyServers">The program is called by the name of llm-agent-harness: then a prompt alone does not make it one-shot.</param>
internal sealed class SeedFlags(bool onlyServers)
{
    private static readonly string[] Formats = ["text", "json", "events"];

    public SessionFlags Session { get; } = new(seed: true);

    public Option<string?> SessionName { get; } = new("--session-name", "-n") { Description = "The name of the new session; the date and time otherwise", HelpName = "NAME" };

    public Option<string?> Clone { get; } = new("--clone-session", "-c") { Description = "Copy this session and go on with the copy, which is called NAME-clone unless --session-name says otherwise", HelpName = "NAME" };

    public Option<bool> Interactive { get; } = new("--interactive") { Description = "Talk; what happens anyway without --one-shot" + (onlyServers ? "" : " and without a prompt") };

    public Option<bool> OneShot { get; } = new("--one-shot") { Description = "Do the one thing that is asked for, then end" };

    public Option<bool> TestConnection { get; } = new("--test-connection") { Description = "Ask the model's server first whether it is there; end if it is not" };

    public Option<bool> RefreshModels { get; } = new("--refresh-models") { Description = "Fetch the server's list of models first" };

    public Option<string?> Prompt { get; } = new("--prompt", "-p") { Description = "The message, sent as it is", HelpName = "TEXT" };

    public Option<string?> PromptFile { get; } = new("--prompt-file", "-P") { Description = "A file that holds the message", HelpName = "FILE" };

    public Option<string> Output { get; } = RunCommand.OutputOption();

    public Option<string> Input { get; } = RunCommand.InputOption();

    /// <summary>What excludes what, for the help.</summary>
    public const string Groups =
        """
        At most one of each line:
          --resume | --continue | --clone-session
          --interactive | --one-shot
          --test-connection | --refresh-models | --prompt | --prompt-file
        """;

    public void AddTo(Command command)
    {
        Session.AddTo(command);
        Option[] own = [SessionName, Clone, Interactive, OneShot, TestConnection, RefreshModels, Prompt, PromptFile, Output, Input];
        foreach (var option in own)
        {
            command.Add(option);
        }

        command.Validators.Add(Check);
    }

    /// <summary>Whether it ends after what was asked for, without a conversation.</summary>
    public bool IsOneShot(ParseResult parsed) =>
        parsed.GetValue(OneShot) || parsed.GetValue(Input) == "events" || (!onlyServers && !parsed.GetValue(Interactive) && (Given(parsed, Prompt) || Given(parsed, PromptFile)));

    /// <summary>Why there can be no output for machines, or null.</summary>
    public string? WhyNoObject(ParseResult parsed) => parsed.GetValue(Output) == "text" || IsOneShot(parsed) ? null
        : "--output json and --output events are for what ends by itself, and a conversation does not.";

    /// <summary>Whether a person has to choose the session.</summary>
    public bool MustChooseSession(ParseResult parsed) => Given(parsed, Session.Resume) && parsed.GetValue(Session.Resume) is null;

    /// <summary>The request that the flags make. Streams exactly when the flag says so.</summary>
    public HarnessRequest Read(ParseResult parsed, CommandContext context)
    {
        var request = Session.Read(parsed, context, stream: false);
        var clone = parsed.GetValue(Clone);
        return request with
        {
            SessionName = request.SessionName ?? parsed.GetValue(SessionName),
            MustBeNew = parsed.GetValue(SessionName) is not null,
            CloneOf = clone,
            OffersContainer = onlyServers,
        };
    }

    private static bool Given(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private void Check(CommandResult result)
    {
        bool Has(Option option) => result.GetResult(option) is { Implicit: false };
        void AtMostOne(params Option[] options)
        {
            var given = options.Where(Has).ToList();
            if (given.Count > 1)
            {
                result.AddError($"{given[0].Name} and {given[1].Name} exclude each other.");
            }
        }

        AtMostOne(Session.Resume, Clone);
        AtMostOne(Session.Continue, Clone);
        AtMostOne(Interactive, OneShot);
        AtMostOne(TestConnection, RefreshModels, Prompt, PromptFile);
        if (Has(SessionName) && (Has(Session.Resume) || Has(Session.Continue)))
        {
            result.AddError("--session-name names a new session, and an existing one keeps its name. To go on under another name, copy it with --clone-session.");
        }

        var talks = Has(Prompt) || Has(PromptFile) || result.Sound(Input) == "events";
        var once = result.Sound(OneShot) || (result.Sound(Input) == "events" && !result.Sound(Interactive));
        if (once && !talks && !Has(TestConnection) && !Has(RefreshModels))
        {
            result.AddError("--one-shot needs something to do: --prompt, --prompt-file, --test-connection or --refresh-models.");
        }

        if ((once || (talks && !onlyServers && !result.Sound(Interactive))) && Has(Session.Resume) && result.Sound(Session.Resume) is null)
        {
            result.AddError("--resume needs the name of a session here, where nobody can choose one.");
        }

        RunCommand.CheckFormats(result, Input, Output);
        if (result.Sound(Interactive) && result.Sound(Input) == "events")
        {
            result.AddError("--interactive and --input events exclude each other.");
        }
    }
}
