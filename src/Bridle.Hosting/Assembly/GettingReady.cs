using System.Text.Json;
using Bridle.Context;
using Bridle.Events;
using Bridle.Hosting.Toolchains;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Sessions;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Hosting.Assembly;

/// <summary>
/// What a first turn needs, loaded before it comes: how records are written, the known toolchains, and a turn in memory with a model that nobody is behind, which goes the way of the first
/// real one from its words to the answer. Contacts nobody, reads and writes no file, tells nobody.
/// </summary>
internal static class GettingReady
{
    private static readonly JsonElement NoArguments = JsonElement.Parse("""{"type":"object","properties":{}}""");

    /// <summary>Loads it all. Works as often as one likes and on any thread.</summary>
    public static async Task LoadAsync()
    {
        RecordWriting.GetReady();
        _ = Toolchain.Known;
        await Model.GetReadyAsync(TakeTurnAsync).ConfigureAwait(false);
    }

    /// <summary>One turn that leaves nothing behind; gives the answer.</summary>
    public static async Task<string> TakeTurnAsync(IModel model)
    {
        var journal = new RedactingJournal(new MemoryJournal(), SecretRedactor.ShapesOnly);
        await journal.AppendAsync(RunId.Session, new SessionStarted(1, "ready", "/", BridleVersion.Text), Durability.Written, CancellationToken.None).ConfigureAwait(false);
        using var events = new SessionEvents(journal, [], redactor: SecretRedactor.ShapesOnly);
        var parts = new SessionParts
        {
            Events = events, Model = model, Workspace = new Nowhere(), Approver = new NobodyThere(), FindTool = static _ => null, Pipeline = new ToolPipeline([]),
            Context = new ContextAssembler([new PromptPart("system", "ready", "Say yes.")], static () => [new ToolSchema("None", "Does nothing.", NoArguments)], "ready"),
        };
        await using var session = new Session(parts);
        return (await session.RunAsync("Ready?", CancellationToken.None).ConfigureAwait(false)).Answer;
    }

    /// <summary>No world: who asks for one gets an error.</summary>
    private sealed class Nowhere : IWorkspace
    {
        public IFiles Files => throw new NotSupportedException();

        public IProcesses Processes => throw new NotSupportedException();

        public INetwork Network => throw new NotSupportedException();
    }
}
