using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Cli.Output;

/// <summary>Puts what a person made of a call into its place, so that its line shows what runs.</summary>
internal sealed class ChangedCalls
{
    private readonly Dictionary<string, CallId> _asked = [];

    public void Ask(ApprovalRequested request) => _asked[request.Id] = request.Call;

    public void Take(ApprovalGiven given, Dictionary<CallId, ToolCallPart> calls)
    {
        if (given is { Verdict: "allow", EditedInput: { } edited } && _asked.TryGetValue(given.Id, out var id) && calls.TryGetValue(id, out var call))
        {
            calls[id] = new ToolCallPart(call.Id, call.Name, edited);
        }
    }
}
