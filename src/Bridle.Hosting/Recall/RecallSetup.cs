using Bridle.Hosting.Assembly;
using Bridle.Hosting.Budgets;
using Bridle.Hosting.Providers;
using Bridle.Hosting.Settings;
using Bridle.Hosting.Trust;
using Bridle.Journal;
using Bridle.Models;
using Bridle.Models.Embeddings;
using Bridle.Recall;
using Bridle.Tools;
using Bridle.Workspaces;
using Microsoft.Extensions.AI;

namespace Bridle.Hosting.Recall;

/// <summary>Puts the search over past sessions together from the person's folders and settings. Loads no SQLite and sends nothing: that is for the first search.</summary>
public static class RecallSetup
{
    /// <summary>The ways of asking for vectors, as settings name them.</summary>
    public static readonly string[] Apis = ["openai", "ollama"];

    /// <summary>The tool by which a model searches, as it is published.</summary>
    public static ToolDefinition Published { get; } = new SessionSearchTool(_ => throw new InvalidOperationException("Only its description was asked for."), null, null).AsTool().Definition;

    // By which name the prices of settings and sums know a server that has no other.
    private const string Provider = "embeddings";

    private static readonly TimeSpan EmbeddingLimit = TimeSpan.FromSeconds(60);

    /// <summary>The index of the person's sessions.</summary>
    /// <param name="files">Folders, settings and keys.</param>
    /// <param name="embeddings">A generator that is used in place of the one of the settings, or null.</param>
    /// <param name="progress">Hears how many messages were taken in.</param>
    /// <param name="beside">How what it asks of an embedding model is refused and paid; null counts it for no session, within the limits of settings for a day and a month.</param>
    /// <param name="request">The start whose limits hold, or null for those of settings.</param>
    public static SessionIndex Open(HostFiles files, EmbeddingSource? embeddings = null, Action<long>? progress = null, AskingBeside? beside = null, HarnessRequest? request = null)
    {
        var settings = files.Layers.Effective.Recall;
        var configured = embeddings?.Generator ?? Embeddings(files);
        return new(new(files.Folders.Recall, new SessionStore(files.Folders.Data, files.Folders.State))
        {
            Redactor = KnownSecrets.Redactor(files, null), ProjectOf = folder => ProjectOf(folder, files.Environment.Home), Sqlite = settings?.Sqlite, Progress = progress,
            Notices = embeddings is null && settings?.Embeddings is { Url: null } or { Model: null } ? ["The setting recall.embeddings needs a url and a model; only words are searched."] : [],
            Embeddings = configured, Cost = configured is null ? null : CostOf(files, embeddings, beside, request), EmbeddingsName = embeddings is not null ? NameOf(embeddings.Generator) : settings?.Embeddings is { } named ? $"{named.Url} {named.Model}" : "none",
        });
    }

    /// <summary>Whose sessions a folder's are: those of its repository with all its worktrees, or else of the folder alone; the same project as that of notes.</summary>
    public static string ProjectOf(string folder, string home) =>
        RealFolder.Of(folder) is { } real ? Memory.MemoryPlaces.ProjectOf(real.Path, home) : Path.TrimEndingDirectorySeparator(folder);

    /// <summary>The tool by which a model searches; none where no session is kept, because nobody asked for the person's data there.</summary>
    internal static IEnumerable<IToolSource> Tools(HarnessRequest request, HostFiles files, string? session) =>
        request.InMemory || request.Workspace is not null ? [] : [new RecallTools(request, files, session)];

    private static EmbeddingCost CostOf(HostFiles files, EmbeddingSource? given, AskingBeside? beside, HarnessRequest? request)
    {
        var model = ModelOf(files, given);
        var limits = request ?? new HarnessRequest(files.Environment, files.Environment.CurrentDirectory);
        var paying = beside ?? OutsideBudget.Asking(files, limits);
        return new(model, BudgetAssembly.Unpriced(limits, files, model) is null ? paying : paying with { WhyNot = (ModelInfo _, long _, ref int _) => Unpriced(model, isRun: beside is not null) })
        {
            MayBePaid = failure => failure is EmbeddingException { MayBePaid: true } or IOException or TimeoutException or OperationCanceledException,
        };
    }

    private static string Unpriced(ModelInfo model, bool isRun) =>
        $"a cost limit is set, but the price of {model.FullName} is not known, so it could not be kept. Set prices[\"{model.FullName}\"] in your settings{(isRun ? ", or say --allow-unpriced" : "")}";

    // The vendor's own address has its prices; of all others only the person's settings know one.
    private static ModelInfo ModelOf(HostFiles files, EmbeddingSource? given)
    {
        var settings = files.Layers.Effective;
        var (provider, name) = given?.Generator.GetService(typeof(EmbeddingGeneratorMetadata)) is EmbeddingGeneratorMetadata known ? (known.ProviderName ?? Provider, known.DefaultModelId ?? "given")
            : given is not null ? (Provider, "given")
            : (settings.Recall?.Embeddings?.Url is { } url && new Uri(url).Host is "api.openai.com" ? "openai" : Provider, settings.Recall?.Embeddings?.Model ?? "none");
        return new(provider, name, settings.Recall?.Embeddings?.Api ?? "openai") { Price = ModelMaking.PriceOf(settings, $"{provider}/{name}") };
    }

    private static HttpEmbeddings? Embeddings(HostFiles files) =>
        files.Layers.Effective.Recall?.Embeddings is not { Url: { } url, Model: { } model } settings ? null
            : new(settings.Api is "ollama" ? EmbeddingApi.Ollama : EmbeddingApi.OpenAi, new Uri(url), model, settings.KeyEnv is { } variable ? files.Environment[variable] : null, EmbeddingLimit);

    private static string NameOf(IEmbeddingGenerator<string, Embedding<float>> embeddings) =>
        embeddings.GetService(typeof(EmbeddingGeneratorMetadata)) is EmbeddingGeneratorMetadata known ? $"{known.ProviderName} {known.DefaultModelId}" : "given";

    private sealed class RecallTools(HarnessRequest request, HostFiles files, string? session) : IToolSource
    {
        public IReadOnlyList<Tool> Tools { get; } =
        [
            new SessionSearchTool(beside => Open(files, request.Embeddings, beside: beside, request: request), files.Layers.Effective.Recall?.AllProjects is true ? null : ProjectOf(request.Folder, files.Environment.Home), session).AsTool(),
        ];
    }
}
