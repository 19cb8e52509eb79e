using BenchmarkDotNet.Attributes;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Models.Http;
using Bridle.Models.OpenAI;

namespace Bridle.Benchmarks;

/// <summary>
/// The body of the next request after so many turns: everything before was sent once already, the last exchange is new. What was sent is not written
/// anew, so that a long conversation costs little more than a short one.
/// </summary>
[MemoryDiagnoser]
public class RequestBodies
{
    private readonly OpenAiChatProtocol _protocol = new();
    private readonly ModelEndpoint _endpoint = new(new Uri("http://127.0.0.1/v1"), "key");
    private readonly ModelInfo _model = new("openai", "model", "openai");
    private List<Message> _messages = [];

    [Params(50, 300)]
    public int Turn { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _messages = Conversation.Messages(Turn);
        Write();
    }

    /// <summary>Written and handed to a connection that takes everything.</summary>
    [Benchmark]
    public long Write()
    {
        // Two new messages stand at the end of the same history.
        var fresh = Conversation.Exchange(Turn);
        (_messages[^2], _messages[^1]) = (fresh[0], fresh[1]);
        using var request = _protocol.Write(_endpoint, _model, new ModelRequest { System = "You are a careful engineer.", Messages = _messages });
        request.Content!.CopyToAsync(Stream.Null).GetAwaiter().GetResult();
        return request.Content!.Headers.ContentLength ?? 0;
    }
}
