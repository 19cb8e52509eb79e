using Bridle.Cli.Chat;
using Bridle.Cli.Tests.Terminals;
using Bridle.Hosting;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Chat;

/// <summary>The table of commands, and what each does, without a terminal: every line of the input is a message or a command.</summary>
public sealed class ChatCommandTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    private string Sessions => Path.Combine(_stage.Home, ".local/share/bridle/sessions");

    private async Task<string> SayAsync(params string[] lines)
    {
        _stage.Input = string.Concat(lines.Select(line => line + "\n"));
        await _stage.RunAsync("chat", "--session", "s");
        return _stage.Out.Take();
    }

    private static string[] Texts(ModelRequest request) => [.. request.Messages.Select(message => message.Text)];

    private async Task<ChatCommands> TableAsync()
    {
        var context = _stage.Context();
        var request = new HarnessRequest(context.Environment, _stage.Work) { Model = new ScriptedModel(), InMemory = true };
        var harness = ((HarnessStarted)await Composition.StartAsync(request, TestContext.Current.CancellationToken)).Harness;
        return new ChatCommands(context, new Conversation(request, harness, context.StartAsync), null);
    }

    [Fact]
    public async Task Every_row_says_what_it_does_and_no_word_leads_to_two_rows()
    {
        var table = (await TableAsync()).All;
        Assert.All(table, row => Assert.Matches("^/[a-z][a-z-]*( [a-z-]+)?$", row.Name));
        Assert.All(table, row => Assert.True(row.Description.Length is > 8 and < 90, row.Name));
        Assert.Distinct(table.SelectMany(row => row.Aliases.Prepend(row.Name)));
        Assert.Superset(
            new HashSet<string>(["/model", "/session new", "/session rename", "/session resume", "/session clone", "/session show-messages", "/session edit", "/stream", "/continue", "/editor", "/refresh-models", "/test-connection", "/promptfile"]),
            table.Select(row => row.Name).ToHashSet());
    }

    [Fact]
    public async Task Names_are_completed_first_and_then_what_each_command_knows_of_its_argument()
    {
        _stage.Write("home/.local/share/bridle/prompts/review.md", "Review it.");
        _stage.Write("home/.local/share/bridle/prompts/deep/plan.md", "Plan it.");
        _stage.Write("home/.local/share/bridle/sessions/session_monday.jsonl", "{}\n");
        var table = await TableAsync();
        Assert.Equal(["/model", "/mode"], table.Complete("/mo"));
        Assert.Equal(["/session new", "/session rename", "/session resume", "/session clone", "/session show-messages", "/session edit"], table.Complete("/session "));
        Assert.Equal(["/promptfile review.md"], table.Complete("/promptfile re"));
        Assert.Equal(["/promptfile deep/plan.md", "/promptfile review.md"], table.Complete("/promptfile "));
        Assert.Equal(["/session resume monday"], table.Complete("/session resume m"));
        Assert.Equal(["/mode plan"], table.Complete("/mode pl"));
        Assert.Empty(table.Complete("hello"));
        Assert.Empty(table.Complete("/tools x"));
    }

    [Fact]
    public async Task A_slip_is_answered_with_what_was_probably_meant_and_sends_nothing()
    {
        var model = new ScriptedModel();
        _stage.Model = model;
        var shown = await SayAsync("/session renmae x", "/refresh", "/stream on", "/cost everything");
        Assert.Contains("There is no command /session renmae. Did you mean /session rename?", shown);
        Assert.Contains("There is no command /refresh. Did you mean /refresh-models?", shown);
        Assert.Contains("/stream takes nothing after it, but there is: on", shown);
        Assert.Contains("/cost takes nothing after it", shown);
        Assert.Empty(model.Requests);
    }
}
