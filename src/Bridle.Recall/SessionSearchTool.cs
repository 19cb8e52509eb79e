using System.ComponentModel;
using System.Globalization;
using System.Text;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Tools;

namespace Bridle.Recall;

/// <summary>Lets the model look up what was said before: by words, around a place, or which sessions there were. Only looks, and only at the project's own sessions unless the person's settings say more.</summary>
/// <param name="index">Opened with each call, whose run pays for what it asks of a model.</param>
/// <param name="project">The project whose sessions may be searched; null for all.</param>
/// <param name="current">The session that calls, which is left out.</param>
[Tool(Name, ToolKind.Meta, Effect = ToolEffect.Repeatable, ParallelSafe = true, Work = ToolWork.Session)]
public sealed class SessionSearchTool(Func<AskingBeside?, SessionIndex> index, string? project, string? current)
{
    /// <summary>The name of the tool.</summary>
    public const string Name = "SessionSearch";

    private const int MostResults = 20;
    private const int Around = 5;
    private const int MostOfMessage = 600;

    /// <summary>Whether a name that a model used means this tool.</summary>
    public static bool IsCalled(string name) => name is Name || ToolAliases.Standard.Find(name)?.Tool is Name;

    /// <summary>Searches.</summary>
    public async ValueTask<ToolResult> RunAsync(
        CallScope scope,
        [Description("Words, \"phrases\", -without, a OR b, begin*, role:user, since:7d, before:2026-11-01.")] string? query = null,
        [Description("A session to read from.")] string? session = null,
        [Description("Number of the message in it to show with its neighbours.")] long? message = null,
        [Description("1 to 20 hits.")] int limit = 8,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (limit is < 1 or > MostResults)
        {
            throw new ToolException($"limit is 1 to {MostResults}.");
        }

        return string.IsNullOrWhiteSpace(query) && session is { Length: > 0 } ? await PassageAsync(index(scope.Beside), session, message, cancellationToken)
            : string.IsNullOrWhiteSpace(query) ? await RecentAsync(index(scope.Beside), limit, cancellationToken)
            : await FindAsync(index(scope.Beside), query, session, limit, cancellationToken);
    }

    private async Task<ToolResult> FindAsync(SessionIndex sessions, string query, string? session, int limit, CancellationToken cancellationToken)
    {
        var within = session is { Length: > 0 } ? $"session:\"{session.Replace("\"", "", StringComparison.Ordinal)}\" {query}" : query;
        var answer = await sessions.SearchAsync(new(within, project) { Limit = limit, Without = current }, cancellationToken);
        if (answer.Problem is { } problem)
        {
            throw new ToolException(problem);
        }

        var text = new StringBuilder();
        foreach (var hit in answer.Hits)
        {
            text.Append(CultureInfo.InvariantCulture, $"{hit.Session} message {hit.Message.Number}, {Day(hit.Message.At)}, {Who(hit.Message.Kind)}: {hit.Snippet}\n");
        }

        text.Append(answer.Hits.Count is 0 ? "Nothing was found. Try fewer or other words.\n" : "");
        text.Append(answer.Bounded ? "There are very many; only the newest were weighed.\n" : "");
        foreach (var notice in answer.Notices)
        {
            text.Append(notice).Append('\n');
        }

        return ToolResult.Completed(text.ToString().TrimEnd());
    }

    private async Task<ToolResult> PassageAsync(SessionIndex sessions, string session, long? message, CancellationToken cancellationToken)
    {
        var (passage, problem) = await sessions.AroundAsync(session, message, project, Around, cancellationToken);
        if (passage is null)
        {
            throw new ToolException(problem!);
        }

        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{passage.Session.Name}: {passage.Session.Messages} messages\n"));
        Add(text, passage.First);
        text.Append(passage.First.Count > 0 ? "…\n" : "");
        Add(text, passage.Around);
        text.Append(passage.Last.Count > 0 ? "…\n" : "");
        Add(text, passage.Last);
        return ToolResult.Completed(text.ToString().TrimEnd());
    }

    private async Task<ToolResult> RecentAsync(SessionIndex known, int limit, CancellationToken cancellationToken)
    {
        var (sessions, problem) = await known.RecentAsync(project, current, limit, cancellationToken);
        return sessions is null ? throw new ToolException(problem!)
            : ToolResult.Completed(sessions.Count is 0 ? "There are no other sessions of this project." : string.Join('\n', sessions.Select(one =>
                string.Create(CultureInfo.InvariantCulture, $"{one.Name}, {(one.LastActivity is { } last ? Day(last) : "")}, {one.Messages} messages: {one.Title}"))));
    }

    private static void Add(StringBuilder text, IEnumerable<RecallMessage> messages)
    {
        foreach (var message in messages)
        {
            var said = message.Text.Length <= MostOfMessage ? message.Text : $"{message.Text[..(char.IsHighSurrogate(message.Text[MostOfMessage - 1]) ? MostOfMessage - 1 : MostOfMessage)]}…";
            text.Append(CultureInfo.InvariantCulture, $"{message.Number} {Who(message.Kind)}: {said}\n");
        }
    }

    private static string Day(DateTimeOffset at) => at.ToLocalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Who(MessageKind kind) => kind switch
    {
        MessageKind.User => "user",
        MessageKind.Assistant => "assistant",
        MessageKind.Call => "call",
        _ => "result",
    };
}
