namespace Bridle.Messages;

/// <summary>
/// Makes what a model said into text that every JSON writer takes: half of a surrogate pair, which some servers send when they cut a reply by length, becomes U+FFFD.
/// </summary>
internal static class WellFormed
{
    /// <summary>The reply; the same instance when there was nothing to do.</summary>
    public static ModelReply Of(ModelReply reply) => reply.Parts.All(IsWell) ? reply : reply with { Parts = [.. reply.Parts.Select(Of)] };

    /// <summary>The text; the same instance when there was nothing to do.</summary>
    public static string Of(string text)
    {
        if (IsWell(text))
        {
            return text;
        }

        var well = text.ToCharArray();
        for (var i = 0; i < well.Length; i++)
        {
            if (char.IsHighSurrogate(well[i]) && i + 1 < well.Length && char.IsLowSurrogate(well[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(well[i]))
            {
                well[i] = '\ufffd';
            }
        }

        return new string(well);
    }

    private static MessagePart Of(MessagePart part) => part switch
    {
        TextPart text => text with { Text = Of(text.Text) },
        ReasoningPart reasoning => reasoning with { Text = Of(reasoning.Text) },
        ToolCallPart call => call with { Id = new CallId(Of(call.Id.Value)), Name = Of(call.Name), Arguments = Of(call.Arguments) },
        _ => part,
    };

    private static bool IsWell(MessagePart part) => part switch
    {
        TextPart text => IsWell(text.Text),
        ReasoningPart reasoning => IsWell(reasoning.Text),
        ToolCallPart call => IsWell(call.Id.Value) && IsWell(call.Name) && IsWell(call.Arguments),
        _ => true,
    };

    private static bool IsWell(string text)
    {
        for (var at = text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff'); at >= 0 && at < text.Length; at++)
        {
            if (char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
            {
                at++;
            }
            else if (char.IsSurrogate(text[at]))
            {
                return false;
            }
        }

        return true;
    }
}
