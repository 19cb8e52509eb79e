using System.Runtime.CompilerServices;
using System.Text;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Prompted;

/// <summary>
/// Gives tools to a model that has none of its own: when a request says <see cref="ToolCalling.Prompted"/>, they are described in the system text, calls come back
/// as fenced <c>tool_call</c> blocks, and neither tools nor tool messages go over the wire. The blocks never show in streamed text. Other requests pass through.
/// </summary>
public sealed class PromptedTools(IModel inner) : IModel
{
    private readonly PromptedHistory _history = new();
    private readonly ConditionalWeakTable<IReadOnlyList<ToolSchema>, string> _offers = [];

    /// <inheritdoc/>
    public ModelInfo Info => inner.Info;

    /// <inheritdoc/>
    public IAsyncEnumerable<ModelUpdate> StreamAsync(ModelRequest request, CancellationToken cancellationToken) =>
        request.ToolCalling == ToolCalling.Prompted ? StreamPromptedAsync(request, cancellationToken) : inner.StreamAsync(request, cancellationToken);

    private async IAsyncEnumerable<ModelUpdate> StreamPromptedAsync(ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var shown = new StringBuilder();
        var blocks = new ToolCallBlocks();
        await foreach (var update in inner.StreamAsync(Convert(request), cancellationToken).ConfigureAwait(false))
        {
            switch (update)
            {
                case TextArrived text:
                    if (Show(blocks.Add(text.Text)) is { } arrived)
                    {
                        yield return arrived;
                    }

                    break;
                case ReplyFinished finished:
                    var reply = Read(finished.Reply, request);
                    if (Show(blocks.End()) is { } rest)
                    {
                        yield return rest;
                    }

                    foreach (var call in reply.Calls)
                    {
                        yield return new CallArriving(call.Name);
                    }

                    yield return new ReplyFinished(reply);
                    break;
                case ReplyFailed failed:
                    yield return failed with { PartialText = shown.ToString() };
                    break;
                default:
                    yield return update;
                    break;
            }
        }

        TextArrived? Show(string text)
        {
            shown.Append(text);
            return text.Length > 0 ? new TextArrived(text) : null;
        }
    }

    private ModelRequest Convert(ModelRequest request)
    {
        var offer = request.Tools.Count == 0 ? "" : _offers.GetValue(request.Tools, PromptedText.Of);
        return request with
        {
            System = request.System.Length == 0 || offer.Length == 0 ? request.System + offer : $"{request.System}\n\n{offer}",
            Messages = _history.Of(request.Messages),
            Tools = [],
            ToolCalling = ToolCalling.None,
        };
    }

    /// <summary>The reply with its blocks as calls. Text without a block stays part for part as it came.</summary>
    private static ModelReply Read(ModelReply reply, ModelRequest request)
    {
        var ids = new CallIds(request);
        var parts = new List<MessagePart>();
        // A fence stays open over what is no text.
        var lines = new ProseLines();
        for (var i = 0; i < reply.Parts.Count; i++)
        {
            if (reply.Parts[i] is not TextPart)
            {
                parts.Add(reply.Parts[i]);
                continue;
            }

            // A block may be split over neighbouring texts.
            var run = reply.Parts.Skip(i).TakeWhile(part => part is TextPart).ToList();
            i += run.Count - 1;
            var blocks = new ToolCallBlocks(lines);
            blocks.Add(string.Concat(run.Cast<TextPart>().Select(text => text.Text)));
            blocks.End();
            if (!blocks.Stretches.Any(stretch => stretch.IsBlock))
            {
                parts.AddRange(run);
                continue;
            }

            foreach (var stretch in blocks.Stretches)
            {
                if (stretch.IsBlock)
                {
                    parts.AddRange(CallBlock.Read(stretch.Text, ids));
                }
                else if (!string.IsNullOrWhiteSpace(stretch.Text))
                {
                    parts.Add(new TextPart(stretch.Text));
                }
            }
        }

        return reply with { Parts = parts, Stop = parts.Any(part => part is ToolCallPart) ? StopReason.ToolUse : reply.Stop };
    }
}
