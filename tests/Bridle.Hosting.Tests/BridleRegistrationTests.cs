using System.Runtime.CompilerServices;
using Bridle.Events;
using Bridle.FakeVendors;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Models.Extensions;
using Bridle.Permissions;
using Bridle.Testing;
using Bridle.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Bridle.Hosting.Tests;

/// <summary>AddBridle() with a real container that checks scopes and builds everything.</summary>
public sealed class BridleRegistrationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_scope_has_one_agent_with_one_conversation_and_another_scope_has_another()
    {
        _folder.Write("a.txt", "alpha\n");
        var model = new ScriptedModel(ScriptedReply.Calls(("Read", """{"file_path":"a.txt"}""")), ScriptedReply.Text("alpha"), ScriptedReply.Text("As I said."), ScriptedReply.Text("I am new here."));
        await using var host = Host(services => services.AddSingleton<IModel>(model));
        await using (var scope = host.CreateAsyncScope())
        {
            Assert.Equal("alpha", await Ask(scope, "What does a.txt say?"));
            Assert.Equal("As I said.", await Ask(scope, "Again?"));
            Assert.Same(scope.ServiceProvider.GetRequiredService<Agent>(), scope.ServiceProvider.GetRequiredService<Agent>());
        }

        await using var other = host.CreateAsyncScope();
        Assert.Equal("I am new here.", await Ask(other, "Who are you?"));
        Assert.Single(model.Requests[3].Messages, message => message.Role is Role.User);
    }

    [Fact]
    public async Task What_the_container_knows_is_used_and_the_options_come_first()
    {
        var world = new InMemoryWorkspace();
        var sink = new CollectingSink();
        var registered = TestApprover.Yes();
        var model = new ScriptedModel(ScriptedReply.Calls(("weather", """{"city":"Bern"}"""), ("Write", """{"file_path":"a.txt","content":"x"}""")), ScriptedReply.Text("Done."));
        await using var host = Host(
            services => services.AddSingleton<IModel>(model).AddSingleton<Bridle.Workspaces.IWorkspace>(world).AddSingleton<IApprover>(registered).AddSingleton<IEventSink>(sink)
                .AddSingleton<Tool>(new AIFunctionTool(AIFunctionFactory.Create((string city) => $"{city}: sun", "weather", "Tells the weather."), ToolKind.Meta, ToolEffect.Repeatable)),
            options => options with { SystemPrompt = "Be brief." });
        await using var scope = host.CreateAsyncScope();
        Assert.Equal("Done.", await Ask(scope, "Go."));
        Assert.Equal("x", world.Files["a.txt"]);
        Assert.StartsWith("Be brief.", model.Requests[0].System);
        Assert.Contains("Bern: sun", model.Requests[1].Messages[^1].Parts.OfType<ToolResultPart>().First().Content.OfType<TextPart>().Single().Text);
        Assert.NotEmpty(sink.Events);

        var refusing = new ScriptedModel(ScriptedReply.Calls(("Write", """{"file_path":"b.txt","content":"x"}""")), ScriptedReply.Text("Refused."));
        await using var strict = Host(services => services.AddSingleton<IModel>(refusing).AddSingleton<IApprover>(registered), options => options with { Approver = TestApprover.No() });
        await using var asked = strict.CreateAsyncScope();
        Assert.Equal("Refused.", await Ask(asked, "Go."));
        Assert.False(File.Exists(Path.Combine(_folder.Path, "b.txt")));
    }

    [Fact]
    public async Task Without_a_model_of_the_container_its_chat_client_answers()
    {
        await using var host = Host(services => services.AddSingleton<IChatClient>(new ModelChatClient(new ScriptedModel(ScriptedReply.Text("By the client.")))));
        await using var scope = host.CreateAsyncScope();
        Assert.Equal("By the client.", await Ask(scope, "Hello?"));
    }

    [Fact]
    public async Task Without_either_the_model_is_the_one_of_the_command_line_over_real_HTTP()
    {
        await using var vendor = new FakeAnthropic([FakeTurn.Say("By the key of the environment.")]);
        await using var host = Host(_ => { }, options => options with
        {
            Environment = _folder.Environment(("ANTHROPIC_API_KEY", "test-key"), ("ANTHROPIC_BASE_URL", vendor.Url.ToString())),
        });
        await using var scope = host.CreateAsyncScope();
        Assert.Equal("By the key of the environment.", await Ask(scope, "Hello?"));
        Assert.Empty(vendor.Refusals);

        await using var nothing = Host(_ => { }, options => options with { Environment = _folder.Environment(("BRIDLE_MODEL", "nobody/knows")) });
        await using var unconfigured = nothing.CreateAsyncScope();
        await Assert.ThrowsAsync<AgentException>(() => Ask(unconfigured, "Hello?"));
    }

    [Fact]
    public async Task The_example_of_the_documentation_is_this_code()
    {
        var builder = new { Services = new ServiceCollection() };
        var model = new ScriptedModel(ScriptedReply.Text("Two files."));
        // the example
        builder.Services.AddSingleton<IModel>(model);
        builder.Services.AddBridle(folder: ".", _ => new() { Mode = "acceptEdits", Allow = ["Bash(dotnet test:*)"] });
        // where it is used
        await using var app = builder.Services.BuildServiceProvider();
        await using var conversation = app.CreateAsyncScope();
        var agent = conversation.ServiceProvider.GetRequiredService<Agent>();
        Assert.Equal("Two files.", await agent.AskAsync("Which files mention TODO?", TestContext.Current.CancellationToken));

        var source = await File.ReadAllLinesAsync(Here(), TestContext.Current.CancellationToken);
        var start = Array.FindIndex(source, line => line.Contains("// the example")) + 1;
        var document = await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(Here())!, "../../docs/library.md"), TestContext.Current.CancellationToken);
        Assert.All(source[start..(start + 2)].Append(source[start + 5]), line => Assert.Contains(line.Trim(), document));
    }

    private ServiceProvider Host(Action<IServiceCollection> register, Func<AgentOptions, AgentOptions>? options = null)
    {
        var services = new ServiceCollection();
        var standard = new AgentOptions { Environment = _folder.Environment(("PATH", Environment.GetEnvironmentVariable("PATH")!)) };
        services.AddBridle(_folder.Path, _ => options?.Invoke(standard) ?? standard);
        register(services);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });
    }

    private static Task<string> Ask(AsyncServiceScope scope, string question) => scope.ServiceProvider.GetRequiredService<Agent>().AskAsync(question, TestContext.Current.CancellationToken);

    private static string Here([CallerFilePath] string path = "") => path;
}
