using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

/// <summary>Runs the examples of docs/skills.md as they stand there.</summary>
public sealed class SkillsPageTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task Every_example_does_what_it_says()
    {
        Directory.CreateDirectory(Path.Combine(_stage.Work, ".git"));
        _stage.Write("home/.config/bridle/settings.json", ConsoleExamples.Marked("skills.md", "settings"));
        var model = new ScriptedModel(ScriptedReply.Text("Written."));
        _stage.Model = model;
        _stage.Write("work/.bridle/skills/release-notes/references/tone.md", "Short.");
        Assert.Equal(8, await ConsoleExamples.RunAsync(_stage, "skills.md", command =>
        {
            if (command.StartsWith("bridle skills new", StringComparison.Ordinal))
            {
                _stage.Write("work/.bridle/skills/release-notes/SKILL.md", ConsoleExamples.Marked("skills.md", "SKILL.md"));
            }
        }));
        Assert.Contains("Write the release notes for version 2.0.", string.Concat(model.Requests[0].Messages.Select(message => message.Text)));
    }
}
