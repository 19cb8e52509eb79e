using System.Text;
using System.Text.Json;
using Bridle.Models.Http;

namespace Bridle.Models.Tests.Http;

public sealed class RequestBodyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(200_000)]
    public async Task Kept_values_stand_in_the_array_as_if_they_had_been_written_there(int length)
    {
        var text = new string('x', length);
        var kept = Encoding.UTF8.GetBytes($"\"{text}\"");
        using var body = new RequestBody(null);
        body.Add("model", "m");
        Assert.True(body.Begin("messages"));
        body.Writer.WriteStartArray();
        body.Raw(kept);
        body.Writer.WriteStringValue("between");
        body.Raw([]);
        body.Raw(kept);
        body.Raw(kept);
        body.Writer.WriteEndArray();
        body.Add("stream", true);
        using var content = body.Finish();

        var expected = $$"""{"model":"m","messages":["{{text}}","between","{{text}}","{{text}}"],"stream":true}""";
        Assert.Equal(expected.Length, content.Headers.ContentLength);
        Assert.Equal(expected, await content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_the_extra_body_gives_as_null_is_taken_out()
    {
        using var body = new RequestBody(JsonDocument.Parse("""{"seed":null,"stream_options":null,"max_tokens":7,"extra":1}""").RootElement);
        body.Add("model", "m");
        body.Add("seed", 1L);
        body.Add("max_tokens", 5L);
        Assert.False(body.Begin("stream_options"));
        using var content = body.Finish();

        Assert.Equal("""{"model":"m","max_tokens":7,"extra":1}""", await content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_body_can_be_sent_again()
    {
        using var body = new RequestBody(JsonDocument.Parse("""{"extra":1}""").RootElement);
        Assert.True(body.Begin("messages"));
        body.Writer.WriteStartArray();
        body.Raw(Encoding.UTF8.GetBytes($"\"{new string('y', 100_000)}\""));
        body.Writer.WriteEndArray();
        using var content = body.Finish();

        var (first, second) = (new MemoryStream(), new MemoryStream());
        await content.CopyToAsync(first, TestContext.Current.CancellationToken);
        await content.CopyToAsync(second, TestContext.Current.CancellationToken);
        Assert.Equal(first.ToArray(), second.ToArray());
        Assert.EndsWith("\"],\"extra\":1}", Encoding.UTF8.GetString(first.ToArray()), StringComparison.Ordinal);
    }
}
