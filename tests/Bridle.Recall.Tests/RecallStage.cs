using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Microsoft.Extensions.AI;

namespace Bridle.Recall.Tests;

/// <summary>A data folder with sessions, and an index of them.</summary>
internal sealed class RecallStage : IDisposable
{
    public RecallStage()
    {
        Sessions = new SessionStore(Path.Combine(Folder, "data"), Path.Combine(Folder, "state"));
        Options = new RecallOptions(IndexFolder, Sessions);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("bridle-recall-").FullName;

    public string IndexFolder => Path.Combine(Folder, "data", "recall");

    public SessionStore Sessions { get; }

    public RecallOptions Options { get; set; }

    public SessionIndex Index => new(Options);

    /// <summary>A session of the person's and the model's words by turns.</summary>
    public string Say(string session, string project, params string[] texts) => Record(session, project, [.. texts.Select(DurableEvent (text, i) => i % 2 is 0 ? Spoke(text) : Replied(text))]);

    public string Record(string session, string project, params DurableEvent[] events)
    {
        var opened = Sessions.Exists(session) ? Sessions.Open(session) : Sessions.Create(project, session);
        foreach (var one in events)
        {
            opened.Journal.AppendAsync(new RunId("1"), one, Durability.Written, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        }

        opened.Journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return Sessions.PathOf(session);
    }

    public static UserSpoke Spoke(string text) => new(Guid.NewGuid().ToString("N"), [new TextPart(text)]);

    public static ModelReplied Replied(params MessagePart[] parts) => new(new ModelReply(parts, StopReason.EndTurn, null, null), null, 1);

    public static ModelReplied Replied(string text) => Replied(new TextPart(text));

    public static ToolReturned Returned(string tool, string text) => new(new CallId("c"), CallOutcome.Completed, [new TextPart(text)], 1) { Tool = tool };

    /// <summary>Says yes to what was changed in a session's file.</summary>
    public void Accept(string session) => Sessions.Open(session, _ => true).Journal.DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>What a query finds, as session/line.</summary>
    public string[] Find(string query, string? project = null, int limit = 50)
    {
        var answer = Answer(query, project, limit);
        Assert.Null(answer.Problem);
        return [.. answer.Hits.Select(hit => $"{hit.Session}/{hit.Message.Number}")];
    }

    public RecallAnswer Answer(string query, string? project = null, int limit = 50) =>
        Search(new(query, project) { Limit = limit });

    public RecallAnswer Search(RecallRequest request) => Index.SearchAsync(request, CancellationToken.None).GetAwaiter().GetResult();

    public RecallStage With(IEmbeddingGenerator<string, Embedding<float>>? embeddings, string name = "fake")
    {
        Options = Options with { Embeddings = embeddings, EmbeddingsName = name };
        return this;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
