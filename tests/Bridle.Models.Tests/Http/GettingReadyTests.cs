using System.Net;
using Bridle.Models.Http;

namespace Bridle.Models.Tests.Http;

public sealed class GettingReadyTests
{
    [Fact]
    public async Task Getting_ready_goes_through_a_whole_exchange_with_nobody_as_often_as_one_likes()
    {
        // Nobody listens here: a connection would be refused.
        await Model.GetReadyAsync();
        await Task.WhenAll(Model.GetReadyAsync(), Model.GetReadyAsync());
    }

    [Fact]
    public async Task The_reply_to_nobody_is_one_that_the_base_library_reads_to_its_end()
    {
        using var client = new HttpClient(new SocketsHttpHandler { ConnectCallback = (_, _) => ValueTask.FromResult<Stream>(new CannedReply()) });

        using var response = await client.PostAsync(new Uri("http://localhost/"), new StringContent("anything"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("\n\n", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
