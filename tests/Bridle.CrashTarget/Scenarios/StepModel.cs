using System.Runtime.CompilerServices;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Sessions;
using Bridle.Testing;

namespace Bridle.CrashTarget.Scenarios;

/// <summary>A model whose reply depends on the request alone, so that a new process can ask it where the old one died. Refuses what a vendor would refuse.</summary>
internal sealed class StepModel(Scenario scenario, Action<ModelRequest> asked) : IModel
{
    private readonly HashSet<int> _cut = [];

    public ModelInfo Info { get; } = new("test", "steps", "test") { ContextWindow = 200_000, MaxOutputTokens = 8_192, Tools = Known.Yes };

    /// <summary>Where the person types.</summary>
    public Session? Session { get; set; }

    public async IAsyncEnumerable<ModelUpdate> StreamAsync(ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        HistoryCheck.Check(request);
        asked(request);
        var at = request.Messages.Count(message => message.Role is Role.Assistant);
        var step = scenario.Steps[at];
        if (step.Cut && _cut.Add(at))
        {
            yield return new TextArrived("Half an ans");
            yield return new ReplyFailed(new ModelError(ModelErrorKind.Cut, "The reply broke off.", "Nothing to do: this is a test."), "Half an ans");
            yield break;
        }

        if (step.Steer is { } steer)
        {
            Session!.Post(steer);
        }

        var made = request.Messages.Sum(message => message.Parts.OfType<ToolCallPart>().Count());
        List<MessagePart> parts = step.Text.Length > 0 ? [new TextPart(step.Text)] : [];
        parts.AddRange(step.Calls.Select((call, i) => new ToolCallPart(new CallId($"c{made + i + 1}"), call.Tool, call.Arguments)));
        yield return new ReplyFinished(new ModelReply(parts, step.Stop, new Usage(100, 0, 0, 10, 0), "steps"));
    }
}
