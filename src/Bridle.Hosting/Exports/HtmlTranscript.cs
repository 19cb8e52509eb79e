using System.Globalization;
using System.Text;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Sensors;

namespace Bridle.Hosting.Exports;

/// <summary>
/// A session as one page for people: who said what, each call with its result folded away, and beside everything when it was, how long it took and what it cost. The
/// page needs nothing else: no script, no font, no picture from anywhere. A policy in its head forbids a browser to load or run anything.
/// </summary>
public sealed class HtmlTranscript
{
    private readonly StringBuilder _page = new();
    private readonly Dictionary<string, ToolCallPart> _calls = new(StringComparer.Ordinal);
    private readonly IBlobs _blobs;
    private DateTimeOffset? _day;

    private HtmlTranscript(IBlobs blobs) => _blobs = blobs;

    /// <summary>Writes the records of a session. <paramref name="blobs"/> holds its images, which become part of the page.</summary>
    public static string Write(IReadOnlyList<Recorded> records, IBlobs blobs)
    {
        var transcript = new HtmlTranscript(blobs);
        foreach (var record in records)
        {
            transcript.Append(record);
        }

        var started = records.Select(record => record.Event).OfType<SessionStarted>().FirstOrDefault();
        var name = records.Select(record => record.Event).OfType<SessionRenamed>().LastOrDefault()?.Name ?? started?.Name ?? "session";
        return $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="generator" content="bridle {HtmlText.Of(BridleVersion.Text)}">
            <title>{HtmlText.Of(name)}</title>
            <style>
            {HtmlStyle.Text}
            </style>
            </head>
            <body>
            <header>
            <h1>{HtmlText.Of(name)}</h1>
            {SessionFigures.Of(records).ToHtml(started)}
            </header>
            <main>
            {transcript._page.ToString().TrimEnd()}
            </main>
            </body>
            </html>

            """;
    }

    private void Append(Recorded record)
    {
        switch (record.Event)
        {
            case UserSpoke spoke:
                Entry(record, "person", "Person", Parts(spoke.Parts, Paragraph));
                break;
            case InboxDrained drained:
                Entry(record, "person", "Person, meanwhile", string.Concat(drained.Messages.Select(message => Paragraph(message.Text))));
                break;
            case ModelReplied replied:
                Reply(record, replied);
                break;
            case ToolReturned returned:
                Result(record, returned);
                break;
            case SensorRan ran:
                Note(record, $"The sensor {ran.Sensor}: {Words(ran.State)}. {ran.Reason}{string.Join(" ", ran.Signals.Select(SignalText.Of).Append(SignalText.Rest(ran)))}".TrimEnd());
                break;
            case ReplyCut cut:
                Entry(record, "bad", "Model, broken off", (cut.PartialText.Length > 0 ? HtmlMarkdown.Of(cut.PartialText) : "") + Paragraph($"This reply broke off ({cut.Reason}); the model does not see it."));
                break;
            case ModelFailed failed:
                Entry(record, "bad", "Failed", Paragraph(ModelError.Tell(failed.Message, failed.Advice)));
                break;
            case Compacted { Summary.Length: 0 } shortened:
                Note(record, $"Shortened for the model: {CompactionText.Of(shortened)}.");
                break;
            case Compacted compacted:
                Entry(record, "note", $"Summary of everything up to record {compacted.UpTo}", HtmlMarkdown.Of(compacted.Summary));
                break;
            case RunFinished finished when finished.Outcome is not TurnOutcome.Completed:
                Note(record, $"The turn ended: {Words(finished.Outcome)}.{(finished.Error is { } error ? $" {error}" : "")}");
                break;
            default:
                if (Said(record.Event) is { } said)
                {
                    Note(record, said);
                }

                break;
        }
    }

    private static string? Said(DurableEvent one) => one switch
    {
        SessionRenamed renamed => $"Renamed to {renamed.Name}.",
        SessionTitled titled => $"Titled {titled.Title}.",
        SessionEdited edited => $"Edited by {edited.By}: {edited.Changed.Count} changed, {edited.Removed} removed, {edited.Inserted} added.",
        Rewound rewound => $"Came from session {rewound.From} by /rewind, with {rewound.Files.Count} {(rewound.Files.Count == 1 ? "file" : "files")} put back.",
        LogRepaired repaired => $"{repaired.BytesCut} bytes of a torn last line were cut off.",
        RunStarted run => $"{run.Model}, mode {run.Mode}{(run.Simulated ? ", rehearsal without a model" : "")}",
        SkillUsed used => $"The skill {used.Name} is in use, by the {used.By}{(used.Arguments is { Length: > 0 } with ? $": {with}" : "")}.",
        ReminderAdded reminder => $"Note to the model ({reminder.Source}): {reminder.Text}",
        ApprovalRequested asked => $"Asked a person about {asked.Tool}: {asked.Reason}",
        ApprovalGiven given => $"{(given.Verdict == "allow" ? "Approved" : "Refused")} by {given.By}, {given.Scope}{(given.Reason is { Length: > 0 } why ? $": {why}" : "")}.",
        QuestionAsked question => $"Asked: {question.Question}",
        QuestionAnswered answered => $"Answered: {answered.Answer}",
        GrantRevoked revoked => $"What was allowed under {revoked.Id} was taken back by the {revoked.By}.",
        ModeChanged mode => $"Mode {mode.From} → {mode.To} by {mode.By}.",
        ImagesRefused refused => $"From here on {refused.Model} is sent a text in place of {refused.Images.Count} {(refused.Images.Count == 1 ? "image" : "images")}: {refused.Message}",
        ModelStoodIn stood => $"{stood.To} answers the rest of this turn in place of {stood.From}: {stood.Message}",
        ModelChanged model => $"Model {model.From} → {model.To}.",
        _ => null,
    };

    private void Reply(Recorded record, ModelReplied replied)
    {
        foreach (var call in replied.Reply.Calls)
        {
            _calls[call.Id.Value] = call;
        }

        var figures = new List<string> { Duration(replied.Milliseconds) };
        if (replied.Reply.Usage is { } usage)
        {
            figures.Add(string.Create(CultureInfo.InvariantCulture, $"{usage.Input + usage.CacheRead + usage.CacheWrite:#,0} in, {usage.Output:#,0} out"));
        }

        if (replied.Cost is { } cost)
        {
            figures.Add(Dollars.Shown(cost));
        }

        var calls = string.Concat(replied.Reply.Calls.Select(call => $"<p class=\"call\">{HtmlText.Of(call.Name)}</p>\n"));
        Entry(record, "model", "Model", Parts(replied.Reply.Parts, HtmlMarkdown.Of) + calls, string.Join(" · ", figures));
    }

    private void Result(Recorded record, ToolReturned returned)
    {
        var call = _calls.GetValueOrDefault(returned.Call.Value);
        var isBad = returned.Outcome is not CallOutcome.Completed;
        var input = call is null ? "" : $"<pre class=\"in\">{HtmlText.Of(call.Arguments)}</pre>\n";
        var diff = returned.Diff is { Length: > 0 } changed ? HtmlDiff(changed) : "";
        Entry(record, isBad ? "tool bad" : "tool", "", $"""
            <details{(isBad ? " open" : "")}><summary><b>{HtmlText.Of(returned.Tool ?? call?.Name ?? "a call")}</b> <span class="line">{HtmlText.Of(OneLine(call?.Arguments ?? ""))}</span> <i>{Words(returned.Outcome)}{(returned.ExitCode is { } code and not 0 ? $", exit code {code}" : "")}</i></summary>
            {input}{diff}<pre>{Text(returned.Content)}</pre>
            </details>

            """, Duration(returned.Milliseconds));
    }

    private static string HtmlDiff(string diff) => "<pre class=\"diff\">" + string.Join('\n', diff.TrimEnd('\n').Split('\n').Select(line => line switch
    {
        ['+', ..] => $"<ins>{HtmlText.Of(line)}</ins>",
        ['-', ..] => $"<del>{HtmlText.Of(line)}</del>",
        _ => HtmlText.Of(line),
    })) + "</pre>\n";

    // What a model says is Markdown; what a person typed stays as they typed it.
    private string Parts(IReadOnlyList<MessagePart> parts, Func<string, string> shown) => string.Concat(parts.Select(part => part switch
    {
        TextPart { Text.Length: > 0 } text => shown(text.Text),
        ReasoningPart { Text.Length: > 0 } thought => $"<details class=\"thought\"><summary>Reasoning</summary>{Paragraph(thought.Text)}</details>\n",
        ImagePart image => Image(image),
        _ => "",
    }));

    private string Text(IReadOnlyList<MessagePart> content) => string.Join('\n', content.Select(part => part switch
    {
        TextPart text => HtmlText.Of(text.Text),
        ImagePart image => Image(image),
        _ => "",
    }));

    // Only what a browser shows as a picture and nothing else: an SVG may hold more.
    private string Image(ImagePart image) =>
        image.MediaType is "image/png" or "image/jpeg" or "image/gif" or "image/webp" && _blobs.Get(image.Blob) is { } bytes
            ? $"<img alt=\"\" src=\"data:{image.MediaType};base64,{Convert.ToBase64String(bytes)}\">\n"
            : $"<p class=\"small\">[{HtmlText.Of(image.MediaType)}, not shown]</p>\n";

    private void Entry(Recorded record, string kind, string title, string content, string figures = "")
    {
        Day(record.At);
        _page.Append(CultureInfo.InvariantCulture, $"<article class=\"{kind}\" id=\"r{record.N}\"><p class=\"meta\"><a href=\"#r{record.N}\">{record.At.UtcDateTime:HH:mm:ss}</a>");
        _page.Append(figures.Length > 0 ? $" <span>{HtmlText.Of(figures)}</span>" : "").Append("</p>\n");
        _page.Append(title.Length > 0 ? $"<h2>{HtmlText.Of(title)}</h2>\n" : "").Append(content).Append("</article>\n");
    }

    private void Note(Recorded record, string text) => Entry(record, "note", "", Paragraph(text));

    private void Day(DateTimeOffset at)
    {
        if (_day != at.UtcDateTime.Date)
        {
            _day = at.UtcDateTime.Date;
            _page.Append(CultureInfo.InvariantCulture, $"<p class=\"day\">{at.UtcDateTime:yyyy-MM-dd} UTC</p>\n");
        }
    }

    private static string Paragraph(string text) => $"<div class=\"text\">{HtmlText.Of(text.Trim('\n'))}</div>\n";

    private static string OneLine(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= 100 ? line : string.Concat(line.AsSpan(0, char.IsHighSurrogate(line[98]) ? 98 : 99), "…");
    }

    private static string Duration(long milliseconds) =>
        milliseconds < 1_000 ? $"{milliseconds} ms" : string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1_000.0:0.0} s");

    private static string Words<T>(T outcome)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(outcome.ToString()).Replace('_', ' ');
}
