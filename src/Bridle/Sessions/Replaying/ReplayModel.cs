using System.Runtime.CompilerServices;
using System.Text.Json;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Models;

namespace Bridle.Sessions.Replaying;

/// <summary>Gives the recorded replies back, in their order, and fails as the real one failed.</summary>
internal sealed class ReplayModel(ReplayFeed feed, Func<string, Price?> priceOf, RunId run, string name, Action interrupt) : IModel
{
    public ModelInfo Info
    {
        get
        {
            var ahead = feed.Ahead(run).SkipWhile(one => one is not ModelRequested).Take(2).ToList();
            var asked = ahead is [ModelRequested first, ..] ? first : null;
            var full = asked?.Model ?? name;
            var slash = full.IndexOf('/');
            return new ModelInfo(slash < 0 ? "" : full[..slash], full[(slash + 1)..], asked?.Api ?? "")
            {
                MaxOutputTokens = asked?.MaxOutputTokens,
                Tools = FoundOut(ahead) ? Known.Unknown : asked?.Tools is ToolCalling.Prompted ? Known.No : Known.Yes,
                Price = priceOf(full),
            };
        }
    }

    public async IAsyncEnumerable<ModelUpdate> StreamAsync(ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask;
        var ahead = feed.Ahead(run).Take(2).ToList();
        switch (ahead)
        {
            case [ModelReplied replied, ..]:
                yield return new ReplyFinished(replied.Reply);
                break;
            case [ReplyCut { Reason: "interrupted" } cut, ..]:
                yield return new TextArrived(cut.PartialText);
                interrupt();
                cancellationToken.ThrowIfCancellationRequested();
                throw new ReplayRunOverException();
            case [ReplyCut cut, ModelFailed failed, ..]:
                yield return new ReplyFailed(Error(failed) with { IsSent = true }, cut.PartialText, cut.Usage);
                break;
            case [ReplyCut cut, ModelStoodIn away, ..]:
                yield return new ReplyFailed(new ModelError(Kind(away.Why), cut.Reason, "") { IsSent = true }, cut.PartialText, cut.Usage);
                break;
            case [ReplyCut cut, ..]:
                yield return new ReplyFailed(new ModelError(ModelErrorKind.Cut, cut.Reason, ""), cut.PartialText, cut.Usage);
                break;
            case [ModelFailed failed, ..]:
                yield return new ReplyFailed(Error(failed));
                break;
            case [ModelStoodIn { Why: not "window" } away, ..]:
                yield return new ReplyFailed(new ModelError(Kind(away.Why), away.Message, ""));
                break;
            case [ModelStoodIn or Compacted { Trigger: "overflow" }, ..]:
                yield return new ReplyFailed(new ModelError(ModelErrorKind.ContextOverflow, "", ""));
                break;
            case [ImagesRefused refused, ..]:
                yield return new ReplyFailed(new ModelError(ModelErrorKind.ImagesRefused, refused.Message, ""));
                break;
            case [ModelRequested { Tools: ToolCalling.Prompted }, ..]:
                yield return new ReplyFailed(new ModelError(ModelErrorKind.ToolsUnsupported, "", ""));
                break;
            case [RunFinished { Outcome: TurnOutcome.Interrupted }, ..]:
                interrupt();
                cancellationToken.ThrowIfCancellationRequested();
                break;
            default:
                throw new ReplayRunOverException();
        }
    }

    // Its server turned out not to take tools: the same request was made again with the tools described in the prompt.
    private bool FoundOut(List<DurableEvent> ahead) =>
        ahead is [ModelRequested { Tools: ToolCalling.Native }, ModelRequested { Tools: ToolCalling.Prompted }]
        || (ahead is [ModelRequested { Tools: ToolCalling.Prompted }, ..] && feed.Last?.Event is ModelRequested { Tools: ToolCalling.Native });

    private static ModelError Error(ModelFailed failed) => new(Kind(failed.Kind), failed.Message, failed.Advice) { Status = failed.Status, Attempts = failed.Attempts };

    private static ModelErrorKind Kind(string snake) =>
        Enum.GetValues<ModelErrorKind>().FirstOrDefault(kind => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()) == snake, ModelErrorKind.Server);
}
