using Bridle.Messages;
using Bridle.Models.Http;
using Microsoft.Extensions.AI;

namespace Bridle.Models.Extensions;

/// <summary>A request as chat messages and options.</summary>
internal static class ChatRequest
{
    public static (IReadOnlyList<ChatMessage> Messages, ChatOptions Options) Of(ModelRequest request, ModelInfo model)
    {
        var options = new ChatOptions
        {
            ModelId = model.Name == "default" ? null : model.Name,
            MaxOutputTokens = request.MaxOutputTokens,
            Reasoning = ChatUsage.Effort(request.Effort),
            ResponseFormat = request.AnswerSchema is { } schema ? ChatResponseFormat.ForJsonSchema(schema) : null,
        };
        if (request.Tools.Count > 0 && request.ToolCalling != ToolCalling.Prompted)
        {
            options.Tools = [.. request.Tools.Select(tool => AIFunctionFactory.CreateDeclaration(tool.Name, tool.Description, tool.Parameters))];
            options.ToolMode = request.ToolCalling == ToolCalling.None ? ChatToolMode.None : ChatToolMode.Auto;
        }

        var messages = new List<ChatMessage>();
        if (request.System.Length > 0)
        {
            messages.Add(new ChatMessage(ChatRole.System, request.System));
        }

        foreach (var message in request.Messages)
        {
            Add(message, model, messages);
        }

        return (messages, options);
    }

    private static void Add(Message message, ModelInfo model, List<ChatMessage> messages)
    {
        if (message.Role == Role.Assistant)
        {
            Append(ChatRole.Assistant, message.Parts.Select(part => Spoken(part, model)));
            return;
        }

        var results = message.Parts.OfType<ToolResultPart>().ToList();
        Append(ChatRole.Tool, results.Select(result => new FunctionResultContent(result.Call.Value, VendorParts.TextOf(result))
        {
            Exception = result.IsError ? new InvalidOperationException(VendorParts.TextOf(result)) : null,
        }));
        // Results hold text only; their images follow as something the person shows.
        Append(ChatRole.User, results.SelectMany(result => result.Content.OfType<ImagePart>()).Concat(message.Parts.Where(part => part is TextPart or ImagePart)).Select(part => Spoken(part, model)));

        void Append(ChatRole role, IEnumerable<AIContent?> contents)
        {
            var found = contents.OfType<AIContent>().ToList();
            if (found.Count > 0)
            {
                messages.Add(new ChatMessage(role, found));
            }
        }
    }

    private static AIContent? Spoken(MessagePart part, ModelInfo model) => part switch
    {
        TextPart { Text.Length: > 0 } text => new TextContent(text.Text),
        ImagePart image => VendorParts.InsteadOf(image, model) is { } words ? new TextContent(words) : new DataContent(image.Bytes, image.MediaType),
        ReasoningPart reasoning when VendorParts.Own(reasoning, model) is { } own => new TextReasoningContent(reasoning.Text) { ProtectedData = own.TextAt(ChatReply.Protected) },
        ToolCallPart call => ChatReply.WithProperties(new FunctionCallContent(call.Id.Value, call.Name, ChatArguments.Parse(call.Arguments)), VendorParts.Own(call, model)),
        _ => null,
    };
}
