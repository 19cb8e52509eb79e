using Bridle.Events;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;
using Bridle.Tools;

namespace Bridle.Tests.Loop;

public sealed class RefusedImagesTests
{
    private const string Instead = "[An image (image/png) that the model's server refused.]";
    private static readonly ScriptedReply s_look = ScriptedReply.Calls(("See", """{"text":"a"}"""));

    [Fact]
    public async Task A_request_whose_image_is_refused_is_made_again_with_a_text_in_its_place()
    {
        await using var stage = Stage(s_look, ScriptedReply.Failure(ModelErrorKind.ImagesRefused), ScriptedReply.Text("Fine."), ScriptedReply.Text("Later."));
        Assert.Equal("Fine.", (await stage.Session.RunAsync("Look.", default)).Answer);
        Assert.Equal("Later.", (await stage.Session.RunAsync("Go on.", default)).Answer);

        Assert.Equal([0, 1, 0, 0], stage.Model.Requests.Select(Images));
        Assert.EndsWith($"seen{Instead}]", LoopStage.History(stage.Model.Requests[2]), StringComparison.Ordinal);
        Assert.Same(stage.Model.Requests[2].Messages[2], stage.Model.Requests[3].Messages[2]);
        var record = Assert.Single(stage.Journal.Read().Select(one => one.Event).OfType<ImagesRefused>());
        Assert.Equal(("test/scripted", 1, "scripted ImagesRefused"), (record.Model, record.Images.Count, record.Message));
    }

    [Fact]
    public async Task A_resumed_session_does_not_run_into_it_again_and_another_model_sees_the_image()
    {
        await using var stage = Stage(s_look, ScriptedReply.Failure(ModelErrorKind.ImagesRefused), ScriptedReply.Text("Fine."));
        await stage.Session.RunAsync("Look.", default);
        await using var again = new LoopStage(new ScriptedModel(ScriptedReply.Text("Here again.")), journal: stage.Journal);
        await again.Session.RunAsync([new TextPart("Go on.")], "m2", default);
        Assert.Equal(0, Images(again.Model.Requests.Single()));

        var seeing = new ScriptedModel(ScriptedReply.Text("I see.")) { Info = new("test", "seeing", "scripted") { Tools = Known.Yes } };
        await again.Session.ChangeModelAsync(seeing, default);
        await again.Session.RunAsync([new TextPart("And you?")], "m3", default);
        Assert.Equal(1, Images(seeing.Requests.Single()));
    }

    [Fact]
    public async Task A_later_image_is_sent_and_what_is_refused_without_one_fails()
    {
        await using var stage = Stage(
            s_look, ScriptedReply.Failure(ModelErrorKind.ImagesRefused), ScriptedReply.Calls(("See", """{"text":"b"}""")), ScriptedReply.Text("Fine."), ScriptedReply.Failure(ModelErrorKind.ImagesRefused),
            ScriptedReply.Failure(ModelErrorKind.ImagesRefused));
        Assert.Equal("Fine.", (await stage.Session.RunAsync("Look.", default)).Answer);
        Assert.Equal([0, 1, 0, 1], stage.Model.Requests.Select(Images));
        Assert.Equal(TurnOutcome.ModelFailed, (await stage.Session.RunAsync("Go on.", default)).Outcome);
        Assert.Equal([0, 1, 0, 1, 1, 0], stage.Model.Requests.Select(Images));
        Assert.Equal(2, stage.Journal.Read().Count(one => one.Event is ImagesRefused));
    }

    private static LoopStage Stage(params ScriptedReply[] script) => new(new ScriptedModel(script), more:
    [
        new FunctionTool("See", ToolEffect.Repeatable, true, (text, scope) =>
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(text);
            return new ToolResult(CallOutcome.Completed, [new TextPart("seen"), new ImagePart("image/png", scope.Blobs.Put(bytes)) { Bytes = bytes }]);
        }),
    ]);

    private static int Images(ModelRequest request) =>
        request.Messages.SelectMany(message => message.Parts).OfType<ToolResultPart>().SelectMany(result => result.Content).Count(part => part is ImagePart { Bytes.IsEmpty: false });
}
