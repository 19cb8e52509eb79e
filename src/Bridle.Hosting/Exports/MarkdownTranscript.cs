using System.Globalization;
using System.Text;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Sensors;

namespace Bridle.Hosting.Exports;

/// <summary>A session as Markdown for people: who said what, which tools ran with what and what came of it, in the order of the log.</summary>
public static class MarkdownTranscript
{
    /// <summary>Writes the records of a session. Text of tools stands in fences that it cannot close.</summary>
    public static string Write(IEnumerable<Recorded> records)
    {
        var text = new StringBuilder();
        foreach (var record in records)
        {
            Append(text, record);
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void Append(StringBuilder text, Recorded record)
    {
        switch (record.Event)
        {
            case SessionStarted started:
                Paragraph(text, $"# {started.Name}");
                Paragraph(text, $"Started {At(record)} in `{started.WorkingDirectory}`{(started.ClonedFrom is { } from ? $", a copy of {from} up to record {started.ClonedUpTo}" : "")}.");
                break;
            case SessionRenamed or SessionTitled or Rewound:
                Paragraph(text, record.Event switch { SessionRenamed renamed => $"*Renamed to {renamed.Name}.*", Rewound rewound => $"*Came from session {rewound.From} by /rewind.*", _ => $"*Titled {((SessionTitled)record.Event).Title}.*" });
                break;
            case RunStarted run:
                Paragraph(text, $"*{At(record)}, {run.Model}, mode {run.Mode}{(run.Simulated ? ", rehearsal without a model" : "")}*");
                break;
            case UserSpoke spoke:
                Paragraph(text, "## Person");
                Parts(text, spoke.Parts);
                break;
            case InboxDrained drained:
                Paragraph(text, "## Person, meanwhile");
                Paragraph(text, string.Join("\n\n", drained.Messages.Select(message => message.Text)));
                break;
            case ModelReplied replied:
                Paragraph(text, "## Model");
                Parts(text, replied.Reply.Parts);
                break;
            case ReplyCut cut:
                Paragraph(text, "## Model, broken off");
                Paragraph(text, cut.PartialText.Trim('\n'));
                Paragraph(text, $"*This reply broke off ({cut.Reason}); the model does not see it.*");
                break;
            case RunFinished { Outcome: not TurnOutcome.Completed } finished:
                Paragraph(text, $"*The turn ended: {System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(finished.Outcome.ToString()).Replace('_', ' ')}.{(finished.Error is { } error ? $" {error}" : "")}*");
                break;
            case ToolReturned returned:
                Paragraph(text, $"**Result of {returned.Tool ?? "a call"}: {Words(returned.Outcome)}**");
                Paragraph(text, Fence(Text(returned.Content), ""));
                break;
            case SensorRan ran:
                Paragraph(text, $"*The sensor {ran.Sensor}: {ran.State.ToString().ToLowerInvariant()}. {ran.Reason}*");
                Paragraph(text, ran.Signals.Count == 0 ? "" : Fence(string.Join('\n', ran.Signals.Select(SignalText.Of).Append(SignalText.Rest(ran))).TrimEnd('\n'), ""));
                break;
            case ApprovalGiven given:
                Paragraph(text, $"*{(given.Verdict == "allow" ? "Approved" : "Refused")} by {given.By}{(given.Reason is { Length: > 0 } why ? $": {why}" : "")}.*");
                break;
            case ModelFailed failed:
                Paragraph(text, $"**Failed: {failed.Message}**");
                break;
            case Compacted compacted:
                Paragraph(text, compacted.Summary.Length > 0 ? $"*Summarised up to record {compacted.UpTo}:*" : $"*Shortened for the model: {CompactionText.Of(compacted)}.*");
                Paragraph(text, compacted.Summary);
                break;
            case SessionEdited edited:
                Paragraph(text, $"*Edited by {edited.By}: {edited.Changed.Count} changed, {edited.Removed} removed, {edited.Inserted} added.*");
                break;
            default:
                break;
        }
    }

    private static void Parts(StringBuilder text, IReadOnlyList<MessagePart> parts)
    {
        foreach (var part in parts)
        {
            switch (part)
            {
                case TextPart { Text: { Length: > 0 } said }:
                    Paragraph(text, said.Trim('\n'));
                    break;
                case ReasoningPart { Text: { Length: > 0 } thought }:
                    Paragraph(text, string.Join('\n', thought.Trim('\n').Split('\n').Select(line => $"> {line}")));
                    break;
                case ToolCallPart call:
                    Paragraph(text, $"**Call of {call.Name}**");
                    Paragraph(text, Fence(call.Arguments, "json"));
                    break;
                case ImagePart image:
                    Paragraph(text, $"*An image ({image.MediaType}, {image.Blob[..12]}…)*");
                    break;
                default:
                    break;
            }
        }
    }

    private static string Text(IReadOnlyList<MessagePart> content) =>
        string.Join('\n', content.Select(part => part switch { TextPart said => said.Text, ImagePart image => $"[image {image.MediaType}]", _ => "" }));

    // A fence longer than any run of backticks in what it holds.
    private static string Fence(string content, string language)
    {
        var (longest, run) = (2, 0);
        foreach (var letter in content)
        {
            run = letter == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        var fence = new string('`', longest + 1);
        return $"{fence}{language}\n{content.TrimEnd('\n')}\n{fence}";
    }

    private static string Words(CallOutcome outcome) => outcome switch
    {
        CallOutcome.TimedOut => "out of time",
        CallOutcome.Interrupted => "interrupted, outcome unknown",
        _ => outcome.ToString().ToLowerInvariant(),
    };

    private static string At(Recorded record) => record.At.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";

    private static void Paragraph(StringBuilder text, string content) => text.Append(content).Append(content.Length > 0 ? "\n\n" : "");
}
