using System.Text;
using BenchmarkDotNet.Attributes;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Models.OpenAI;

namespace Bridle.Benchmarks;

/// <summary>A reply streamed in 2,000 chunks, read from memory to the finished reply.</summary>
[MemoryDiagnoser]
public class StreamedReply
{
    private const int Chunks = 2_000;
    private readonly OpenAiChatProtocol _protocol = new();
    private readonly ModelInfo _model = new("openai", "model", "openai");
    private readonly ModelRequest _request = new() { Messages = [Message.User("Tell me everything.")] };
    private byte[] _body = [];

    [GlobalSetup]
    public void Prepare()
    {
        var text = new StringBuilder();
        for (var n = 0; n < Chunks; n++)
        {
            text.Append($$$"""data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"model","choices":[{"index":0,"delta":{"content":"word{{{n:0000}}} "},"finish_reason":null}]}""").Append("\n\n");
        }

        text.Append("""data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"model","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""").Append("\n\ndata: [DONE]\n\n");
        _body = Encoding.UTF8.GetBytes(text.ToString());
    }

    [Benchmark]
    public async Task<int> Read()
    {
        using var body = new MemoryStream(_body, writable: false);
        await foreach (var update in _protocol.ReadStreamAsync(body, _model, _request, CancellationToken.None))
        {
            if (update is ReplyFinished finished)
            {
                return finished.Reply.Text.Length;
            }
        }

        throw new InvalidOperationException("The reply did not finish.");
    }
}
