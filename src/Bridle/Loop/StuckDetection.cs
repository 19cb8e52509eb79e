using Bridle.Messages;

namespace Bridle.Loop;

/// <summary>Counts how often the model made the same calls with the same results in a row.</summary>
internal static class StuckDetection
{
    public const int NudgeAt = 3;
    public const int EndAt = 6;

    /// <summary>How many of the last exchanges, newest first, are the same. Looks no further back than <see cref="EndAt"/>.</summary>
    public static int Repetitions(IReadOnlyList<Message> messages)
    {
        string? newest = null;
        var count = 0;
        for (var i = messages.Count - 1; i > 0 && count < EndAt; i -= 2)
        {
            if (Signature(messages[i - 1], messages[i]) is not { } signature || (newest ??= signature) != signature)
            {
                break;
            }

            count++;
        }

        return count;
    }

    private static string? Signature(Message asked, Message answered)
    {
        var calls = asked.Parts.OfType<ToolCallPart>().Select(call => $"{call.Name} {call.Arguments}").ToList();
        var results = answered.Parts.OfType<ToolResultPart>().SelectMany(result => result.Content.OfType<TextPart>()).Select(text => text.Text);
        return calls.Count is 0 ? null : string.Join('\n', calls.Concat(results));
    }
}
