using System.Text.Json;
using Bridle.Messages;
using Bridle.Tools.Planning;

namespace Bridle.Tools.Tests.Planning;

public sealed class PlanningToolTests
{
    [Fact]
    public async Task The_list_is_shown_back_with_its_states()
    {
        await using var ground = new Playground();
        var result = await new TodoWriteTool().RunAsync(ground.Scope, [new("look", TodoStatus.Completed), new("change", TodoStatus.InProgress), new("test", TodoStatus.Pending)]);
        Assert.Equal("[x] look\n[>] change\n[ ] test\n1 of 3 done.", result.Text);
    }

    [Fact]
    public async Task A_list_that_changes_nothing_is_answered_with_no_change_however_often()
    {
        await using var ground = new Playground();
        async Task<string> WriteAsync(params TodoItem[] items) => ground.LastResults["TodoWrite"] = (await new TodoWriteTool().RunAsync(ground.Scope, items)).Text;

        var list = await WriteAsync(new("look", TodoStatus.Pending), new("test", TodoStatus.Pending));
        var again = await WriteAsync(new("look", TodoStatus.Pending), new("test", TodoStatus.Pending), new(" look", TodoStatus.Pending));
        Assert.StartsWith("No change", again, StringComparison.Ordinal);
        Assert.EndsWith(list, again, StringComparison.Ordinal);
        Assert.Equal(again, await WriteAsync(new("look", TodoStatus.Pending), new("test", TodoStatus.Pending)));
        Assert.Equal("[x] look\n[ ] test\n1 of 2 done.", await WriteAsync(new("look", TodoStatus.Completed), new("test", TodoStatus.Pending)));
        Assert.Equal("The list is empty now.", await WriteAsync());
        Assert.StartsWith("No change", await WriteAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_item_twice_is_one_line_in_its_last_state()
    {
        await using var ground = new Playground();
        var result = await new TodoWriteTool().RunAsync(ground.Scope, [new("look", TodoStatus.Pending), new("change", TodoStatus.Pending), new(" look ", TodoStatus.Completed)]);
        Assert.Equal("[x] look\n[ ] change\n1 of 2 done.", result.Text);
    }

    [Fact]
    public async Task Two_items_in_progress_are_noted_and_empty_ones_refused()
    {
        await using var ground = new Playground();
        var tool = new TodoWriteTool();
        Assert.Contains("more than one item is in progress", (await tool.RunAsync(ground.Scope, [new("a", TodoStatus.InProgress), new("b", TodoStatus.InProgress)])).Text, StringComparison.Ordinal);
        Assert.Throws<ToolException>(() => { _ = tool.RunAsync(ground.Scope, [new(" ", TodoStatus.Pending)]); });
    }

    [Fact]
    public void The_list_is_read_back_from_the_input_of_the_call()
    {
        var tool = new BuiltInTools().Tools.Single(tool => tool.Definition.Name == "TodoWrite");
        using var arguments = JsonDocument.Parse("""{"todos":[{"content":"a","status":"in_progress"},{"content":"b","status":"pending"},{"content":"a","status":"completed"}]}""");
        var bound = tool.Bind(arguments.RootElement);
        Assert.Null(bound.Error);
        Assert.Equal([new("a", TodoStatus.Completed), new("b", TodoStatus.Pending)], Todo.From(bound.Input!.Json));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"todos":"x"}""")]
    [InlineData("""{"todos":[7,{"content":"a"},{"content":"a","status":"other"}]}""")]
    public void Anything_else_gives_no_items(string json)
    {
        using var input = JsonDocument.Parse(json);
        Assert.Empty(Todo.From(input.RootElement));
    }

    [Fact]
    public async Task A_question_reaches_the_person_with_its_choices()
    {
        await using var ground = new Playground();
        ground.Answer = (question, options) => $"{question}|{string.Join(",", options)}";
        Assert.Equal("The person answered: Which?|a,b", (await new AskUserTool().RunAsync(ground.Scope, "Which?", ["a", "b"])).Text);
        ground.Answer = (_, _) => "";
        Assert.Contains("no preference", (await new AskUserTool().RunAsync(ground.Scope, "Which?")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_nobody_answers_the_model_is_told_to_decide()
    {
        await using var ground = new Playground();
        Assert.StartsWith("Nobody is there to answer. Decide yourself", (await new AskUserTool().RunAsync(ground.Scope, "Which?")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_approved_plan_is_carried_out_and_an_empty_one_refused()
    {
        await using var ground = new Playground();
        Assert.StartsWith("Plan mode is over", (await new ExitPlanModeTool().RunAsync(ground.Scope, "1. do it")).Text, StringComparison.Ordinal);
        Assert.Throws<ToolException>(() => { _ = new ExitPlanModeTool().RunAsync(ground.Scope, " "); });
    }
}
