using System.Net;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Tests.Http;

public sealed class GettingReadyTests
{
    [Fact]
    public async Task Getting_ready_goes_through_a_whole_exchange_with_nobody_as_often_as_one_likes()
    {
        // Nobody listens here: a connection would be refused.
        var said = new List<string>();
        await Model.GetReadyAsync(AskAsync);
        await Task.WhenAll(Model.GetReadyAsync(AskAsync), Model.GetReadyAsync(AskAsync));
        Assert.Equal(["Yes.", "Yes.", "Yes."], said);

        async Task AskAsync(IModel nobody)
        {
            await foreach (var update in nobody.StreamAsync(new ModelRequest { Messages = [Message.User("Ready?")] }, TestContext.Current.CancellationToken))
            {
                if (update is ReplyFinished finished)
                {
                    lock (said)
                    {
                        said.Add(string.Concat(finished.Reply.Parts.OfType<TextPart>().Select(part => part.Text)));
                    }
                }
            }
        }
    }

    [Fact]
    public async Task The_reply_to_nobody_is_one_that_the_base_library_reads_to_its_end()
    {
        using var client = new HttpClient(new SocketsHttpHandler { ConnectCallback = (_, _) => ValueTask.FromResult<Stream>(new CannedReply()) });

        using var response = await client.PostAsync(new Uri("http://localhost/"), new StringContent("anything"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.EndsWith("data: [DONE]\n\n", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
