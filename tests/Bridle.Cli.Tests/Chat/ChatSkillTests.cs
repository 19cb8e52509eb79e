using Bridle.Cli.Tests.Chat.Live;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Chat;

/// <summary>Skills as a person uses them in a chat.</summary>
public sealed class ChatSkillTests
{
    [Fact]
    public async Task A_skill_is_completed_listed_and_used_by_its_name_and_a_command_wins_over_one()
    {
        using var stage = new CliStage();
        stage.Write("home/.agents/skills/greet/SKILL.md", "---\nname: greet\ndescription: Greets. Use when asked.\nargument-hint: \"[who]\"\n---\nGreet $ARGUMENTS.");
        stage.Write("home/.agents/skills/help/SKILL.md", "---\nname: help\ndescription: Helps.\n---\nNever by name.");
        stage.Write("home/.agents/skills/inner/SKILL.md", "---\nname: inner\ndescription: Inner.\nuser-invocable: false\n---\nNever by name.");
        var model = new ScriptedModel(ScriptedReply.Text("Hello."), ScriptedReply.Text("Again."));
        stage.Model = model;
        stage.Input = "/skills\n/gret Bob\n/inner\n/greet Bob and Eve\n/help\n/exit\n";
        await stage.RunAsync("chat");
        var shown = stage.Out.ToString() + stage.Error;
        Assert.Contains("/greet [who]               user  Greets. Use when asked.", shown);
        Assert.Contains("help (/help is a command)  user  Helps.", shown);
        Assert.Contains("inner (the model only)     user  Inner.", shown);
        Assert.Contains("There is no command /gret Bob. Did you mean /greet?", shown);
        Assert.Contains("There is no command /inner.", shown);
        Assert.Contains("(skill greet)", shown);
        var request = Assert.Single(model.Requests);
        Assert.Contains("/greet Bob and Eve", request.Messages[0].Text);
        Assert.Contains("<skill name=\"greet\">\nGreet Bob and Eve.\n</skill>", request.Messages[0].Text);
    }

    [Fact]
    public async Task The_picker_offers_skills_after_a_slash_beside_the_commands()
    {
        await using var live = new LiveStage();
        live.Stage.Write("home/.agents/skills/greet/SKILL.md", "---\nname: greet\ndescription: Greets people.\nargument-hint: \"[who]\"\n---\nGreet $ARGUMENTS.");
        var model = new ScriptedModel(ScriptedReply.Text("Hello."));
        await live.StartAsync(model);
        await live.TypeAsync("/gr", "› /greet  [who]  Greets people.");
        await live.TypeAsync("{tab}Bob{enter}", "1 step, test/scripted]");
        Assert.Contains("Greet Bob.", model.Requests.Single().Messages[0].Text);
        Assert.Contains("(skill greet)", live.Screen.Text);
        await live.LeaveAsync();
    }
}
