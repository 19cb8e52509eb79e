using Bridle.Messages;

namespace Bridle.Loop;

/// <summary>Counts how often the model made the same calls with the same results in a row. A call that the answer before invited is not counted.</summary>
internal static class StuckDetection
{
    public const int NudgeAt = 3;
    public const int EndAt = 6;

    /// <summary>How many of the last exchanges, newest first, are the same; 0 when the last was invited. Looks no further back than <see cref="EndAt"/>.</summary>
    public static int Repetitions(IReadOnlyList<Message> messages)
    {
        var (calls, results) = ((string?)null, (string?)null);
        var count = 0;
        for (var i = messages.Count - 1; i > 0 && count < EndAt; i -= 2)
        {
            if (Calls(messages[i - 1]) is not { } made || (calls ??= made) != made)
            {
                break;
            }

            var got = Results(messages[i]);
            if (got is not null && (results ??= got) != got)
            {
                break;
            }

            if (got is null || !IsInvited(messages, i, made))
            {
                count++;
            }
            else if (count is 0)
            {
                return 0;
            }
        }

        return count;
    }

    // "Make the same call again: then it comes whole."
    private static bool IsInvited(IReadOnlyList<Message> messages, int i, string made) =>
        i > 2 && Calls(messages[i - 3]) == made && messages[i - 2].Parts.OfType<ToolResultPart>().Any() && Results(messages[i - 2]) is null;

    private static string? Calls(Message asked)
    {
        var calls = asked.Parts.OfType<ToolCallPart>().Select(call => $"{call.Name} {call.Arguments}").ToList();
        return calls.Count is 0 ? null : string.Join('\n', calls);
    }

    // Null for answers that name an earlier one: nothing is new, whatever the others were.
    private static string? Results(Message answered)
    {
        var results = answered.Parts.OfType<ToolResultPart>().SelectMany(result => result.Content.OfType<TextPart>()).Select(text => text.Text).ToList();
        return results.Count > 0 && results.TrueForAll(RepeatedReads.IsPointer) ? null : string.Join('\n', results);
    }
}
