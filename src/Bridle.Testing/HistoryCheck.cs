using Bridle.Messages;
using Bridle.Models;

namespace Bridle.Testing;

/// <summary>What every vendor demands of a conversation, checked on the request itself. <see cref="ScriptedModel"/> applies it to each request that it gets.</summary>
public static class HistoryCheck
{
    /// <summary>
    /// Throws <see cref="InvalidOperationException"/>, with what is wrong and in which message, unless the history begins and ends with the user, roles alternate,
    /// no message or text is empty, and every call is answered exactly once, in the message after it, before any other part.
    /// </summary>
    public static void Check(ModelRequest request)
    {
        if (WhatIsWrong(request.Messages) is { } wrong)
        {
            throw new InvalidOperationException($"A vendor would refuse this request: {wrong}");
        }
    }

    /// <summary>What is wrong with a history that is to be sent, or null.</summary>
    public static string? WhatIsWrong(IReadOnlyList<Message> messages)
    {
        if (messages is not [{ Role: Role.User }, ..] || messages[^1].Role is not Role.User)
        {
            return "it must begin and end with a message of the user.";
        }

        var ids = new HashSet<CallId>();
        for (var i = 0; i < messages.Count; i++)
        {
            var previous = i > 0 ? messages[i - 1] : null;
            var wrong = previous?.Role == messages[i].Role ? "the roles do not alternate."
                : WrongParts(messages[i]) ?? WrongAnswers(previous, messages[i]) ?? messages[i].Parts.OfType<ToolCallPart>().Where(call => !ids.Add(call.Id)).Select(call => $"the call id {call.Id} was used before.").FirstOrDefault();
            if (wrong is not null)
            {
                return $"message {i + 1} of {messages.Count} ({messages[i].Role}): {wrong}";
            }
        }

        return null;
    }

    private static string? WrongParts(Message message)
    {
        if (message.Parts.Count is 0)
        {
            return "it is empty.";
        }

        foreach (var part in message.Parts)
        {
            var wrong = part switch
            {
                TextPart { Text.Length: 0 } => "a text is empty.",
                ToolCallPart or ReasoningPart when message.Role is Role.User => $"a {part.GetType().Name} belongs to the model.",
                ToolResultPart when message.Role is Role.Assistant => "a result belongs to the user.",
                _ => null,
            };
            if (wrong is not null)
            {
                return wrong;
            }
        }

        return null;
    }

    private static string? WrongAnswers(Message? previous, Message message)
    {
        var calls = previous?.Parts.OfType<ToolCallPart>().Select(call => call.Id).ToList() ?? [];
        var answers = message.Parts.OfType<ToolResultPart>().Select(result => result.Call).ToList();
        return answers.Except(calls).Select(id => $"the result {id} answers no call of the message before it.").FirstOrDefault()
            ?? calls.Except(answers).Select(id => $"the call {id} has no result.").FirstOrDefault()
            ?? (answers.Count != calls.Count ? "a call has two results." : null)
            ?? (message.Parts.Take(answers.Count).All(part => part is ToolResultPart) ? null : "results must stand before everything else.");
    }
}
