using System.Globalization;
using Bridle.Cli.Terminals;
using Bridle.Cli.Terminals.Screens;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Models;

namespace Bridle.Cli.Chat.Live;

/// <summary>What is known of the conversation at a glance: model, mode, tokens, money, context, time, and what runs. On a narrow terminal what matters least is left out first.</summary>
internal sealed record StatusLine(string Model, string Mode)
{
    /// <summary>All tokens of the session.</summary>
    public Usage Usage { get; init; } = Usage.None;

    /// <summary>US dollars, of what has a known price.</summary>
    public decimal Cost { get; init; }

    /// <summary>US dollars, about, of replies that broke off and of which no server said what they took; none of <see cref="Cost"/>.</summary>
    public decimal Guessed { get; init; }

    /// <summary>How often a model was asked, as far as it was answered.</summary>
    public int Asked { get; init; }

    /// <summary>How many of those have no known price.</summary>
    public int Unpriced { get; init; }

    /// <summary>Nothing costs anything: the rehearsal answers.</summary>
    public bool Simulated { get; init; }

    /// <summary>The session that was open last, where none is now; else null.</summary>
    public string? Closed { get; init; }

    /// <summary>Tokens that the last request and its reply took.</summary>
    public long Context { get; init; }

    /// <summary>Tokens that the model takes at most, or null.</summary>
    public int? Window { get; init; }

    /// <summary>Counts a reply.</summary>
    public StatusLine Add(Usage? usage, decimal? cost) => this with
    {
        Usage = Usage + (usage ?? Usage.None), Cost = Cost + (cost ?? 0), Asked = Asked + 1, Unpriced = Unpriced + (cost is null && !Simulated ? 1 : 0), Context = usage?.Total ?? Context,
    };

    /// <summary>Counts a reply that broke off: it was paid for, though most servers do not say how much.</summary>
    public StatusLine Add(ReplyCut cut) => cut switch
    {
        { Usage: not null } => AddBeside(cut.Usage, cut.Cost),
        _ when (cut.EstimatedCost ?? cut.Cost) is { } guess => AddGuess(cut.EstimatedUsage, guess),
        { EstimatedUsage: null, PartialText.Length: 0 } => this,
        _ => AddBeside(cut.EstimatedUsage, null),
    };

    /// <summary>Counts a summary, where a model wrote it.</summary>
    public StatusLine Add(Compacted compacted) => compacted is { Usage: null, Cost: null, EstimatedCost: null } ? this : AddBeside(compacted.Usage, compacted.Cost);

    /// <summary>Counts what was asked beside the conversation, also where no reply came of it.</summary>
    public StatusLine Add(ModelConsulted consulted) => consulted is { Usage: null, EstimatedUsage: { } about, EstimatedCost: { } guess } ? AddGuess(about, guess) : AddBeside(consulted.Usage ?? consulted.EstimatedUsage, consulted.Cost);

    private StatusLine AddGuess(Usage? about, decimal guess) => this with { Usage = Usage + (about ?? Usage.None), Guessed = Guessed + guess, Asked = Asked + 1 };

    // It leaves the conversation's context as it is.
    private StatusLine AddBeside(Usage? usage, decimal? cost) => Add(usage, cost) with { Context = Context };

    /// <summary>Counts what the session took before it was opened.</summary>
    public StatusLine AddBefore(IReadOnlyList<Spent> before) => this with
    {
        Usage = before.Aggregate(Usage, (sum, spent) => sum + spent.Usage),
        Cost = Cost + before.Sum(spent => spent.Cost ?? 0),
        Guessed = Guessed + before.Sum(spent => spent.Guess ?? 0),
        Asked = Asked + before.Count,
        Unpriced = Unpriced + before.Count(spent => spent.IsUnpriced),
        Context = Context > 0 ? Context : before.LastOrDefault(spent => spent is { Agent: "main", Usage.Total: > 0 })?.Usage.Total ?? 0,
    };

    /// <summary>The line for a width.</summary>
    /// <param name="width">Columns.</param>
    /// <param name="elapsed">How long the turn runs, or null when none does.</param>
    /// <param name="running">What runs, or null.</param>
    /// <param name="style">Its colours.</param>
    public string Text(int width, TimeSpan? elapsed, string? running, Styling style)
    {
        if (Closed is { } name)
        {
            return style.Dim(StyledText.Cut(VisibleText.Line($"no session open ({name} is closed)", 200), width));
        }

        // With the number of parts that matter more.
        (int Rank, string Text)[] all =
        [
            (0, VisibleText.Line(Model, 40)),
            (1, Mode),
            (5, $"{Short(Usage.Input + Usage.CacheRead + Usage.CacheWrite)} in {Short(Usage.Output)} out"),
            (3, Money),
            (4, Context == 0 ? "" : Window is { } window ? $"context {Math.Min(100, Context * 100 / Math.Max(1, window))}%" : $"context {Short(Context)}"),
            (2, elapsed is { } time ? Elapsed(time) : ""),
            (6, VisibleText.Line(running ?? "", 40)),
        ];
        var parts = all.Where(part => part.Text.Length > 0).ToList();
        while (parts.Count > 1 && parts.Sum(part => TextWidth.Of(part.Text)) + (3 * (parts.Count - 1)) > width)
        {
            parts.Remove(parts.MaxBy(part => part.Rank));
        }

        return style.Dim(StyledText.Cut(string.Join(" · ", parts.Select(part => part.Text)), width));
    }

    // Nothing before there is something to know, and what is not known is said.
    private string Money => this switch
    {
        { Simulated: true } => "no cost",
        { Asked: 0 } => "",
        { Unpriced: > 0, Cost: 0, Guessed: 0 } => "cost unknown",
        _ => $"{(Guessed > 0 ? "about " : "")}{Dollars.Shown(Cost + Guessed)}{(Unpriced > 0 ? "+?" : "")}",
    };

    /// <summary>Such as <c>8 s</c>, <c>1:05</c> or <c>1:02:03</c>.</summary>
    public static string Elapsed(TimeSpan time) => time.TotalMinutes < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalSeconds} s")
        : time.TotalHours < 1 ? time.ToString(@"m\:ss", CultureInfo.InvariantCulture) : time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture);

    private static string Short(long tokens) => tokens switch
    {
        < 1_000 => tokens.ToString(CultureInfo.InvariantCulture),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{tokens / 1_000.0:0.#}k"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{tokens / 1_000_000.0:0.##}M"),
    };
}
