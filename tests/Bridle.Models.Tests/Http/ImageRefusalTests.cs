using Bridle.FakeVendors;
using Bridle.Messages;

namespace Bridle.Models.Tests.Http;

public sealed class ImageRefusalTests
{
    private static readonly Message s_seen = new(Role.User, [new TextPart("What is it?"), new ImagePart("image/png", "h") { Bytes = new byte[] { 1, 2, 3 } }]);

    [Theory]
    [InlineData("openai", 400, "Invalid content type. image_url is only supported by certain models.")]
    [InlineData("openai", 400, "You uploaded an unsupported image. Please make sure your image is valid.")]
    [InlineData("openai-responses", 400, "The image data you provided does not represent a valid image.")]
    [InlineData("openai", 404, "No endpoints found that support image input")]
    [InlineData("openai", 500, "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj")]
    [InlineData("ollama", 500, "this model is missing data required for image input")]
    public async Task A_server_that_refuses_an_image_is_understood_and_not_asked_the_same_again(string api, int status, string words)
    {
        await using var server = Protocols.Fake(api, FakeTurn.Fail(status, words), FakeTurn.Say("never"));

        // A model may be called by a single letter.
        var error = await Talk.ErrorAsync(Protocols.Open(server, info: new("test", "a", api)), Talk.Ask(s_seen));

        Assert.Equal((ModelErrorKind.ImagesRefused, 1), (error.Kind, server.Server.Requests.Count));
        Assert.Equal("Leave images out, make a sound or smaller copy of them, or choose a model that sees images.", error.Advice);
        Assert.Contains(words.TrimEnd('.'), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_image_in_the_request_or_in_what_the_server_says_it_is_about_something_else()
    {
        await using var server = new FakeOpenAiChat(
            FakeTurn.Fail(400, "You uploaded an unsupported image."), FakeTurn.Fail(400, "The model 'image-1' does not exist."), FakeTurn.Fail(404, "No such image."));

        Assert.Equal(ModelErrorKind.BadRequest, (await Talk.ErrorAsync(Protocols.Open(server), Talk.Ask("Hi"))).Kind);
        Assert.Equal(ModelErrorKind.BadRequest, (await Talk.ErrorAsync(Protocols.Open(server, info: new("test", "image-1", "openai")), Talk.Ask(s_seen))).Kind);
        Assert.Equal(ModelErrorKind.NotFound, (await Talk.ErrorAsync(Protocols.Open(server), Talk.Ask(s_seen))).Kind);
    }
}
