using System.Text;
using Bridle.Context;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models.OpenAI;

namespace Bridle.Hosting.Exports;

/// <summary>
/// A session as the messages of OpenAI's chat API: what its model would be sent next. Valid as it stands: a call whose answer the log does not have is answered by a
/// sentence that says so, because servers refuse a history with an open call.
/// </summary>
public static class MessagesExport
{
    private const string NoAnswer = "[no answer to this call was recorded]";

    /// <summary>One JSON array, the system text first: the <c>messages</c> of a request.</summary>
    public static string Array(IEnumerable<Recorded> records, IBlobs blobs)
    {
        var transcript = Fold(records);
        var lines = PlainTranscript.Write(Answered(transcript, blobs)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return "[\n" + string.Join(",\n", System(transcript, blobs).Concat(lines)) + "\n]\n";
    }

    /// <summary>A message a line, without the system text: the form that a session folder adopts.</summary>
    public static string Lines(IEnumerable<Recorded> records, IBlobs blobs) => PlainTranscript.Write(Answered(Fold(records), blobs));

    private static Transcript Fold(IEnumerable<Recorded> records)
    {
        var transcript = new Transcript();
        foreach (var record in records)
        {
            transcript.Apply(record);
        }

        return transcript;
    }

    private static IEnumerable<string> System(Transcript transcript, IBlobs blobs)
    {
        var parts = transcript.LastRequest?.Parts.Where(part => part.Kind is not "tools").Select(part => blobs.Get(part.Hash)).OfType<byte[]>().ToList() ?? [];
        return parts.Count == 0 ? [] : [PlainTranscript.SystemLine(string.Join("\n\n", parts.Select(Encoding.UTF8.GetString)))];
    }

    private static List<Message> Answered(Transcript transcript, IBlobs blobs)
    {
        var messages = transcript.Messages;
        var answered = new List<Message>();
        for (var i = 0; i < messages.Count; i++)
        {
            var message = ImageBytes.Fill(messages[i], blobs);
            var calls = i > 0 && messages[i - 1].Role is Role.Assistant ? messages[i - 1].Parts.OfType<ToolCallPart>() : [];
            var missing = Missing(calls, message).ToList();
            answered.Add(missing.Count > 0 ? message with { Parts = [.. missing, .. message.Parts] } : message);
        }

        if (messages is [.., { Role: Role.Assistant } last] && last.Parts.OfType<ToolCallPart>().Any())
        {
            answered.Add(new Message(Role.User, [.. Missing(last.Parts.OfType<ToolCallPart>(), null)]));
        }

        return answered;
    }

    private static IEnumerable<ToolResultPart> Missing(IEnumerable<ToolCallPart> calls, Message? answer) => calls
        .Where(call => answer?.Parts.OfType<ToolResultPart>().Any(result => result.Call == call.Id) is not true)
        .Select(call => new ToolResultPart(call.Id, call.Name, [new TextPart(NoAnswer)], IsError: true));
}
