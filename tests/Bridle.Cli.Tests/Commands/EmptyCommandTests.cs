using Bridle.Messages;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

public sealed class EmptyCommandTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Theory]
    [InlineData("", "off")]
    [InlineData("  \\n", "off")]
    [InlineData("", "auto")]
    public async Task A_command_that_is_empty_is_refused_with_what_to_do_next(string command, string sandbox)
    {
        var model = new ScriptedModel(ScriptedReply.Calls(("Bash", $$"""{"command":"{{command}}"}""")), ScriptedReply.Text("Done."));
        _stage.Model = model;
        await _stage.RunAsync("run", "--sandbox", sandbox, "task");
        var told = string.Concat(model.Requests[^1].Messages.SelectMany(message => message.Parts).OfType<ToolResultPart>().SelectMany(part => part.Content.OfType<TextPart>()).Select(part => part.Text));
        Assert.StartsWith("The command is empty, so nothing would run. Send the command line that is to run. Arguments of Bash: command (string, required), ", told, StringComparison.Ordinal);
    }
}
