using System.CommandLine;
using System.Globalization;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.Recall;
using Bridle.Journal;
using Bridle.Recall;
using Bridle.Recall.Queries;

namespace Bridle.Cli.Commands;

/// <summary><c>bridle recall</c>: finds what was said in past sessions.</summary>
internal sealed class RecallCommand
{
    private const int DefaultLimit = 10;

    private readonly CommandContext _context;
    private readonly Argument<string[]> _query = new("query") { Description = "What was said: words, \"phrases\", -without, a OR b, begin*, and project:, session:, role:, since:, before:; without it, the latest sessions", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<int> _limit = new("--limit", "-n") { Description = "Most hits", HelpName = "N", DefaultValueFactory = _ => DefaultLimit, CustomParser = GivenNumber.Of<int> };
    private readonly Option<int> _around = new("--context", "-C") { Description = "Messages to show before and after each hit", HelpName = "N", CustomParser = GivenNumber.Of<int> };
    private readonly Option<string?> _since = new("--since") { Description = "Only what was said since then: a day such as 2026-11-01, or how long ago, such as 12h, 7d or 2w", HelpName = "WHEN" };
    private readonly Option<bool> _allProjects = new("--all-projects") { Description = "Search the sessions of all projects and not only this one's" };
    private readonly Option<string?> _session = new("--session") { Description = "Search this session, or show it with --message", HelpName = "NAME" };
    private readonly Option<long?> _message = new("--message") { Description = "Show this message of --session with those around it", HelpName = "N", CustomParser = GivenNumber.OrNone<long> };
    private readonly Option<bool> _embed = new("--embed") { Description = "Make the vectors of all messages that have none, when an embedding model is set" };
    private readonly Option<bool> _rebuild = new("--rebuild") { Description = "Make the index anew from the sessions" };
    private readonly Option<bool> _status = new("--status") { Description = "Show what the index holds" };
    private readonly Option<bool> _json = new("--json") { Description = "One JSON object" };
    private readonly Option<string?> _folder = new("--cwd", "--project-dir") { Description = "The folder whose project is searched", HelpName = "FOLDER" };
    private readonly Option<string?> _settings = SettingsFlags.Settings();

    private RecallCommand(CommandContext context) => _context = context;

    public static Command Build(CommandContext context) => new RecallCommand(context).Build();

    private Command Build()
    {
        _limit.Validators.Add(result => Within(result, _limit, 1, SessionIndex.MostHits));
        _around.Validators.Add(result => Within(result, _around, 0, 20));
        var command = new Command("recall", "Find what was said in past sessions") { _query, _limit, _around, _since, _allProjects, _session, _message, _embed, _rebuild, _status, _json, _folder, _settings };
        command.Validators.Add(result =>
        {
            if (result.GetResult(_message) is not null && result.GetResult(_session) is null)
            {
                result.AddError("--message needs --session.");
            }
        });
        command.SetAction(RunAsync);
        return command;
    }

    private static void Within(System.CommandLine.Parsing.OptionResult result, Option<int> option, int least, int most)
    {
        // A value that is no number is reported by its parser.
        var given = result.Tokens.Count is 0 || int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out _);
        if (given && result.Sound(option) is var value && (value < least || value > most))
        {
            result.AddError($"{option.Name} is {value}, but must be {least} to {most}.");
        }
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var scope = _context.Interrupts.Begin(cancellationToken);
        var files = HostFiles.Read(new HarnessRequest(_context.Environment, FolderArgument.Full(parsed.GetValue(_folder), _context.Environment)) { Settings = parsed.GetValue(_settings) });
        if (files.Problem is { } broken)
        {
            return RunCommand.Refuse(_context, Format(parsed), new(broken.Kind, broken.Message, broken.Advice), ExitCode.Usage);
        }

        var index = RecallSetup.Open(files, null, _context.Io.ErrorIsTerminal ? count => _context.Io.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} messages indexed …")) : null);
        var project = parsed.GetValue(_allProjects) ? null : RecallSetup.ProjectOf(FolderArgument.Full(parsed.GetValue(_folder), _context.Environment), _context.Environment.Home);
        var query = string.Join(' ', parsed.GetValue(_query) ?? []);
        try
        {
            return parsed.GetValue(_status) ? Status(parsed, index.Status())
                : parsed.GetValue(_rebuild) ? Status(parsed, await index.RebuildAsync(scope.Token))
                : parsed.GetValue(_message) is { } message ? await ShowAsync(parsed, index, message, project, scope.Token)
                : query.Length is 0 && parsed.GetValue(_session) is null && !parsed.GetValue(_embed) ? await RecentAsync(parsed, index, project, scope.Token)
                : await FindAsync(parsed, index, query, project, scope.Token);
        }
        catch (OperationCanceledException)
        {
            return RunCommand.Refuse(_context, Format(parsed), new("interrupted", "Interrupted. What was indexed so far stays.", ""), ExitCode.Interrupted);
        }
    }

    private async Task<int> FindAsync(ParseResult parsed, SessionIndex index, string query, string? project, CancellationToken cancellationToken)
    {
        DateTimeOffset? since = null;
        if (parsed.GetValue(_since) is { } when && (since = QueryMoment.Of(when, TimeProvider.System.GetUtcNow())) is null)
        {
            return RunCommand.Refuse(_context, Format(parsed), new("usage", $"--since is '{when}', which is no time.", "Write a day such as 2026-11-01, or how long ago, such as 12h, 7d or 2w."), ExitCode.Usage);
        }

        var within = parsed.GetValue(_session) is { } session ? $"session:\"{session.Replace("\"", "", StringComparison.Ordinal)}\" {query}" : query;
        var answer = await index.SearchAsync(new(within, project) { Limit = parsed.GetValue(_limit), Context = parsed.GetValue(_around), Since = since, EmbedAll = parsed.GetValue(_embed) }, cancellationToken);
        if (answer.Problem is { } problem)
        {
            return Refuse(parsed, problem);
        }

        if (answer.Hits.Count is 0 && parsed.GetValue(_session) is { } named && !IsThere(named))
        {
            return Refuse(parsed, $"There is no session \"{named}\", nor one with this in its name. See `bridle sessions list`.");
        }

        if (parsed.GetValue(_json))
        {
            _context.Io.Out.WriteLine(RecallJson.Of(answer));
        }
        else
        {
            new RecallText(_context.Io).Write(answer, project is not null);
        }

        return answer.Hits.Count > 0 || within.Trim().Length is 0 ? ExitCode.Done : ExitCode.Failed;
    }

    // As the question reads it: a name, or a part of one.
    private bool IsThere(string session)
    {
        var folders = BridleFolders.For(_context.Environment);
        return new SessionStore(folders.Data, folders.State).List().Any(one => one.Name.Contains(session, StringComparison.OrdinalIgnoreCase));
    }

    private async Task<int> ShowAsync(ParseResult parsed, SessionIndex index, long message, string? project, CancellationToken cancellationToken)
    {
        const int Usual = 3;
        var context = parsed.GetResult(_around) is { Implicit: false } ? parsed.GetValue(_around) : Usual;
        var (passage, problem) = await index.AroundAsync(parsed.GetValue(_session)!, message, project, context, cancellationToken);
        if (passage is null)
        {
            return Refuse(parsed, project is null || !problem!.Contains("of this project", StringComparison.Ordinal) ? problem! : $"{problem} With --all-projects every session counts.");
        }

        if (parsed.GetValue(_json))
        {
            _context.Io.Out.WriteLine(RecallJson.Of(passage));
        }
        else
        {
            new RecallText(_context.Io).Write(passage, message);
        }

        return ExitCode.Done;
    }

    private async Task<int> RecentAsync(ParseResult parsed, SessionIndex index, string? project, CancellationToken cancellationToken)
    {
        var (sessions, problem) = await index.RecentAsync(project, null, parsed.GetValue(_limit), cancellationToken);
        if (sessions is null)
        {
            return Refuse(parsed, problem!);
        }

        if (parsed.GetValue(_json))
        {
            _context.Io.Out.WriteLine(RecallJson.Of(sessions));
        }
        else if (sessions.Count is 0)
        {
            _context.Io.TellError(project is null ? "There are no sessions yet." : "There are no sessions of this project yet; --all-projects searches those of all.");
        }
        else
        {
            Columns.Write(_context.Io, ["NAME", "LAST USED", "MESSAGES", "TITLE"], [.. sessions.Select(one => (string[])[one.Name, one.LastActivity is { } last ? RecallText.Minute(last) : "-", $"{one.Messages}", one.Title ?? ""])]);
        }

        return ExitCode.Done;
    }

    private int Status(ParseResult parsed, RecallStatus status)
    {
        if (parsed.GetValue(_json))
        {
            _context.Io.Out.WriteLine(RecallJson.Of(status));
        }
        else
        {
            _context.Io.Tell(string.Create(CultureInfo.InvariantCulture, $"index      {(status.File is null ? "none yet; the first search makes it" : $"{status.File}, {status.Bytes} bytes")}"));
            _context.Io.Tell(string.Create(CultureInfo.InvariantCulture, $"holds      {status.Messages} messages of {status.Sessions} sessions in {status.Projects} projects"));
            _context.Io.Tell($"SQLite     {status.Sqlite ?? "none"}");
            _context.Io.Tell(status.Embeddings is null ? "embeddings none: nothing is sent anywhere" : string.Create(CultureInfo.InvariantCulture, $"embeddings {status.Embeddings}: {status.Vectors} vectors, {status.WithoutVector} messages wait for theirs"));
        }

        return status.Problem is null ? ExitCode.Done : RunCommand.Refuse(_context, "text", new("recall", status.Problem, ""), ExitCode.Failed);
    }

    private int Refuse(ParseResult parsed, string problem) => RunCommand.Refuse(_context, Format(parsed), new("recall", problem, ""), ExitCode.Usage);

    private string Format(ParseResult parsed) => parsed.GetValue(_json) ? "json" : "text";
}
