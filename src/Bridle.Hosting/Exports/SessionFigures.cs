using System.Globalization;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Models;

namespace Bridle.Hosting.Exports;

/// <summary>What a session took, all in all.</summary>
/// <param name="Turns">Turns.</param>
/// <param name="Calls">Calls of tools that were answered.</param>
/// <param name="Usage">Tokens.</param>
/// <param name="Cost">US dollars of the replies with a known price.</param>
/// <param name="Unpriced">Replies without one.</param>
/// <param name="Asked">Replies that somebody had to pay for, or nobody because they were rehearsed.</param>
/// <param name="Models">The models that answered.</param>
/// <param name="First">When it began, or null.</param>
/// <param name="Last">When the last record was made, or null.</param>
internal sealed record SessionFigures(int Turns, int Calls, Usage Usage, decimal Cost, int Unpriced, int Asked, IReadOnlyList<string> Models, DateTimeOffset? First, DateTimeOffset? Last)
{
    /// <summary>US dollars, about, of replies that broke off and of which no server said what they took.</summary>
    public decimal Guessed { get; private init; }

    public static SessionFigures Of(IReadOnlyList<Recorded> records)
    {
        var events = records.Select(record => record.Event).ToList();
        var replies = events.OfType<ModelReplied>().ToList();
        var cuts = events.OfType<ReplyCut>().ToList();
        var beside = events.OfType<Compacted>().Select(one => one.Usage).Concat(events.OfType<ModelConsulted>().Select(one => one.Usage ?? one.EstimatedUsage)).ToList();
        var spent = SpendingFold.Of(records);
        return new SessionFigures(
            events.OfType<RunStarted>().Count(),
            events.OfType<ToolReturned>().Count(),
            replies.Select(reply => reply.Reply.Usage).Concat(cuts.Select(cut => cut.Usage ?? cut.EstimatedUsage)).Concat(beside).OfType<Usage>().Aggregate(Usage.None, (sum, one) => sum + one),
            spent.Sum(one => one.Cost ?? 0),
            spent.Count(one => one.IsUnpriced),
            spent.Count,
            [.. events.OfType<RunStarted>().Select(run => run.Model).Distinct()],
            records.Count > 0 ? records[0].At : null,
            records.Count > 0 ? records[^1].At : null) { Guessed = spent.Sum(one => one.Guess ?? 0) };
    }

    public string ToHtml(SessionStarted? started)
    {
        var rows = new List<(string Name, string Value)>();
        if (First is { } first && Last is { } last)
        {
            rows.Add(("When", string.Create(CultureInfo.InvariantCulture, $"{first.UtcDateTime:yyyy-MM-dd HH:mm} to {last.UtcDateTime:yyyy-MM-dd HH:mm} UTC")));
        }

        if (started is not null)
        {
            rows.Add(("Folder", started.WorkingDirectory));
        }

        if (started?.ClonedFrom is { } from)
        {
            rows.Add(("Copy of", $"{from}, up to record {started.ClonedUpTo}"));
        }

        rows.Add((Models.Count == 1 ? "Model" : "Models", Models.Count > 0 ? string.Join(", ", Models) : "-"));
        rows.Add(("Turns", $"{Turns}, {Calls} {(Calls == 1 ? "call" : "calls")}"));
        rows.Add(("Tokens", string.Create(CultureInfo.InvariantCulture, $"{About}{Usage.Input + Usage.CacheRead + Usage.CacheWrite:#,0} in ({Usage.CacheRead:#,0} cached), {Usage.Output:#,0} out")));
        rows.Add(("Cost", Money()));
        return "<dl>\n" + string.Concat(rows.Select(row => $"<dt>{row.Name}</dt><dd>{HtmlText.Of(row.Value)}</dd>\n")) + "</dl>";
    }

    // What is not known is not nothing.
    private string Money() => (Sum: Cost + Guessed, Unpriced) switch
    {
        _ when Asked == 0 => "-",
        (0, > 0) => $"unknown ({Replies})",
        (_, > 0) => $"{About}{Dollars.ShownWithCents(Cost + Guessed)} and {Replies}",
        _ => About + Dollars.ShownWithCents(Cost + Guessed),
    };

    private string About => Guessed > 0 ? "about " : "";

    private string Replies => $"{Unpriced} {(Unpriced == 1 ? "reply" : "replies")} of unknown price";
}
