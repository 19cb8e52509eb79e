using System.Text.Json;
using Bridle.Models.Http;

namespace Bridle.Models.Anthropic;

/// <summary>The vendor's errors: <c>{"type":"error","error":{"type","message"},"request_id"}</c>.</summary>
internal static class AnthropicErrors
{
    /// <summary>An error that came with status 200, in the middle of a stream.</summary>
    public static ModelError InStream(JsonElement data)
    {
        var words = ErrorWords.Read(data);
        return WireErrors.InStream(words with { Code = StatusOf(words.Code) ?? words.Code }) with { RequestId = data.TextAt("request_id") };
    }

    /// <summary>An error reply. The body may be anything.</summary>
    public static ModelError Reply(int status, ReadOnlyMemory<byte> body, Uri posted)
    {
        var words = ErrorWords.Read(body);
        // An account without money is told so with the status of a bad request.
        return words.Message.Contains("credit balance is too low", StringComparison.OrdinalIgnoreCase)
            ? WireErrors.Make(ModelErrorKind.Quota, status, words.Message, posted)
            : WireErrors.Of(status, words, posted);
    }

    private static string? StatusOf(string? type) => type switch
    {
        "conflict_error" => "409",
        "api_error" => "500",
        "timeout_error" => "504",
        _ => null,
    };
}
