using Bridle.Events;
using Bridle.Messages;
using Bridle.Models;

namespace Bridle.Hosting.Hooks;

/// <summary>Asks a model one question without tools, for prompt hooks.</summary>
internal static class HookModel
{
    private const int MostTokens = 512;

    /// <summary>The model's words. What they took is told to <paramref name="onPaid"/> before they are given.</summary>
    public static async ValueTask<string> AskAsync(IModel model, string question, TimeProvider time, Func<ModelConsulted, ValueTask> onPaid, CancellationToken cancellationToken)
    {
        var sentAt = time.GetTimestamp();
        var request = new ModelRequest
        {
            System = "You check what an agent is about to do. You answer with JSON only.",
            Messages = [Message.User(question)],
            ToolCalling = ToolCalling.None,
            MaxOutputTokens = MostTokens,
            Stream = false,
        };
        await foreach (var update in model.StreamAsync(request, cancellationToken))
        {
            switch (update)
            {
                case ReplyFinished { Reply: var reply }:
                    await onPaid(new("hook", model.Info.FullName, reply.Usage, reply.Usage is { } usage ? model.Info.Price?.Of(usage) : null, (long)time.GetElapsedTime(sentAt).TotalMilliseconds)
                    {
                        EstimatedCost = reply.Usage is null ? model.Info.Price?.Of(UsageEstimate.OfText(request.System.Length + question.Length, reply)) : null,
                    });
                    return reply.Text;
                case ReplyFailed failed:
                    throw new HookModelException(failed.Error.Message);
            }
        }

        throw new HookModelException("its stream ended without a reply.");
    }
}
