using Bridle.Events;
using Bridle.FakeVendors;
using Bridle.Hosting.Recall;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Bridle.Hosting.Tests.Recall;

public sealed class RecallSetupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Work => Directory.CreateDirectory(Path.Combine(_folder.Path, "work")).FullName;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_project_is_the_repository_with_all_its_worktrees_or_the_folder_alone()
    {
        var repository = Directory.CreateDirectory(Path.Combine(_folder.Path, "repo")).FullName;
        Git(repository, "init", "-q");
        Git(repository, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "--allow-empty", "-m", "first");
        Git(repository, "worktree", "add", "-q", Path.Combine(_folder.Path, "tree"));
        var below = Directory.CreateDirectory(Path.Combine(repository, "src", "deep")).FullName;
        Assert.All(new[] { repository, below, repository + "/", Path.Combine(_folder.Path, "tree") }, folder => Assert.Equal(repository, RecallSetup.ProjectOf(folder, "/home/nobody")));
        Assert.Equal(Work, RecallSetup.ProjectOf(Work, "/home/nobody"));
        Assert.Equal("/gone/away", RecallSetup.ProjectOf("/gone/away/", "/home/nobody"));

        // A repository of the home folder does not make everything in it one project.
        Assert.Equal(Work, RecallSetup.ProjectOf(Work, repository));
    }

    [Theory]
    [InlineData("default")]
    [InlineData("plan")]
    [InlineData("dontAsk")]
    public async Task The_model_finds_past_sessions_of_its_project_without_asking_and_not_its_own(string mode)
    {
        await SayAsync("past", Work, "the password of the fountain is tulip");
        await SayAsync("foreign", _folder.Path, "the fountain of another");
        var model = new ScriptedModel(
            ScriptedReply.Calls(("session_search", """{"query":"fountain","top_k":5}"""), ("SessionSearch", """{"session":"past","message":2}"""), ("SessionSearch", "{}"),
                ("SessionSearch", """{"session":"foreign","message":2}"""), ("SessionSearch", """{"query":"fountain","limit":21}"""), ("SessionSearch", """{"query":"fountain","all_projects":true}""")),
            ScriptedReply.Text("Found."));
        await using var harness = await StartAsync(new(_folder.Environment(), Work) { Model = model, Mode = mode, SessionName = "now" });
        Assert.Equal("Found.", (await harness.Session.RunAsync("Where is the fountain?", TestContext.Current.CancellationToken)).Answer);
        var results = model.Requests[1].Messages[^1].Parts.OfType<ToolResultPart>().Select(result => (result.IsError, Text: ((TextPart)result.Content[0]).Text)).ToList();
        Assert.Matches("^past message 2, [0-9-]{10}, user: the password of the «fountain» is tulip$", results[0].Text);
        Assert.Equal("past: 1 messages\n2 user: the password of the fountain is tulip", results[1].Text);
        Assert.Matches("^past, [0-9-]{10}, 1 messages: the password of the fountain is tulip$", results[2].Text);
        Assert.Equal((true, "There is no session \"foreign\" of this project with messages to show."), results[3]);
        Assert.Equal((true, "limit is 1 to 20."), results[4]);
        Assert.True(results[5].IsError, results[5].Text);
        Assert.DoesNotContain(results, result => result.Text.Contains("another", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_session_that_is_not_kept_has_no_such_tool()
    {
        await using var memory = await StartAsync(new(_folder.Environment(), Work) { Model = new ScriptedModel(), InMemory = true });
        Assert.DoesNotContain(memory.Tools, tool => tool.Name is "SessionSearch");
        await using var kept = await StartAsync(new(_folder.Environment(), Work) { Model = new ScriptedModel() });
        Assert.Contains(kept.Tools, tool => tool.Name is "SessionSearch");
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, ".local/share/bridle/recall")));
    }

    [Fact]
    public async Task A_key_of_the_embedding_server_is_never_found()
    {
        await using var server = new FakeHttpServer(request => FakeReply.Json(500, $"{{\"error\":\"bad key {request.Headers["authorization"]}\"}}"));
        var environment = _folder.Environment(("VECTORS", "opensesame-0123"));
        _folder.Write(".config/bridle/settings.json", $$"""{ "recall": { "embeddings": { "url": "{{server.Url}}", "model": "m", "keyEnv": "VECTORS" } } }""");
        await SayAsync("past", Work, "the key is opensesame-0123 indeed");
        var answer = await RecallSetup.Open(HostFiles.Read(environment, Work)).SearchAsync(new("indeed", Work), TestContext.Current.CancellationToken);
        Assert.Equal("the key is [redacted: known key] «indeed»", answer.Hits.Single().Snippet);
        Assert.Contains("HTTP 500", answer.Notices[0]);
        Assert.DoesNotContain("opensesame", string.Join(' ', answer.Notices));
        Assert.DoesNotContain("opensesame", server.Requests[0].Text);
    }

    [Fact]
    public async Task The_containers_generator_serves_agents_whose_conversation_is_kept()
    {
        await SayAsync("past", Work, "an automobile");
        var model = new ScriptedModel(ScriptedReply.Calls(("SessionSearch", """{"query":"car"}""")), ScriptedReply.Text("Found."));
        var generator = new OneMeaning();
        await using var host = new ServiceCollection().AddSingleton<IModel>(model).AddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(generator)
            .AddBridle(Work, _ => new AgentOptions { Environment = _folder.Environment(), SessionName = "kept" }).BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true });
        await using var scope = host.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Agent>().AskAsync("Which car?", TestContext.Current.CancellationToken);
        Assert.Contains("past message 2", ((TextPart)model.Requests[1].Messages[^1].Parts.OfType<ToolResultPart>().Single().Content[0]).Text);
        Assert.Contains("an automobile", generator.Asked);
    }

    private static async Task<Harness> StartAsync(HarnessRequest request) => Assert.IsType<HarnessStarted>(await Composition.StartAsync(request, TestContext.Current.CancellationToken)).Harness;

    private async Task SayAsync(string session, string folder, string text)
    {
        var folders = BridleFolders.For(_folder.Environment());
        await using var journal = new SessionStore(folders.Data, folders.State).Create(folder, session).Journal;
        await journal.AppendAsync(new RunId("1"), new UserSpoke($"m-{session}", [new TextPart(text)]), Durability.Written, CancellationToken.None);
    }

    private static void Git(string folder, params string[] arguments)
    {
        using var git = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("git", ["-C", folder, .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }

    /// <summary>Everything means the same.</summary>
    private sealed class OneMeaning : IEmbeddingGenerator<string, Embedding<float>>
    {
        public List<string> Asked { get; } = [];

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            var texts = values.ToList();
            Asked.AddRange(texts);
            return Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(texts.Select(_ => new Embedding<float>(new[] { 1f, 2f }))));
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
