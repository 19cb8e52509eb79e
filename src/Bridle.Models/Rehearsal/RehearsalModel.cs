using System.Runtime.CompilerServices;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Models.Rehearsal;

/// <summary>
/// The built-in model: deterministic, offline, no key, and honest about it. It reads simple requests and drives the real tools on the real files,
/// one step a reply, then reports what it found. Its state is the conversation itself, so it can be resumed and replayed like any model.
/// </summary>
public sealed class RehearsalModel : IModel
{
    /// <summary>The provider's and the model's name.</summary>
    public const string ModelName = "rehearsal";

    private const string Signature = "\n\n(Rehearsal: worked out by rules with real tools; no language model was asked.)";

    /// <inheritdoc/>
    public ModelInfo Info { get; } = new(ModelName, ModelName, ModelName)
    {
        ContextWindow = 200_000,
        MaxOutputTokens = 8_192,
        Tools = Known.Yes,
        Price = new Price(0, 0),
        Simulated = true,
    };

    /// <inheritdoc/>
    public async IAsyncEnumerable<ModelUpdate> StreamAsync(ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var step = NextStep(request);
        foreach (var piece in Pieces(step.Words))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new TextArrived(piece);
        }

        foreach (var act in step.Acts)
        {
            yield return new CallArriving(act.Tool);
        }

        await Task.CompletedTask;
        yield return new ReplyFinished(ReplyOf(request, step));
    }

    private static Step NextStep(ModelRequest request)
    {
        var (wish, start) = WishOf(request.Messages);
        var scene = new RehearsalScene([.. request.Tools.Select(tool => tool.Name)]);
        var recorded = new Queue<IReadOnlyList<Outcome>>(RehearsalScene.OutcomesSince(request.Messages, start));
        foreach (var step in RehearsalPlay.Play(RehearsalRequest.Parse(wish), scene))
        {
            if (!recorded.TryDequeue(out var outcomes))
            {
                if (request.ToolCalling is not ToolCalling.None)
                {
                    return step;
                }

                scene.Report.Add($"Not done, because I had to stop: {step.Words}");
                break;
            }

            scene.Last = outcomes;
        }

        return new Step(string.Join("\n\n", scene.Report) + Signature, []) { Answers = scene.Understood };
    }

    // The last thing a person said; what the harness says to the model is not a wish.
    private static (string Text, int At) WishOf(IReadOnlyList<Message> messages)
    {
        for (var i = messages.Count - 1; i >= 0; i--)
        {
            var said = messages[i].Role is Role.User
                ? messages[i].Parts.OfType<TextPart>().Where(part => !part.Text.StartsWith(Reminders.Wrap("")[..14], StringComparison.Ordinal)).Select(part => part.Text).ToList()
                : [];
            if (said.Count > 0)
            {
                return (string.Join('\n', said), i);
            }
        }

        return ("", -1);
    }

    private ModelReply ReplyOf(ModelRequest request, Step step)
    {
        var made = request.Messages.Sum(message => message.Parts.Count(part => part is ToolCallPart)) + request.GoneCalls.Count;
        var parts = new List<MessagePart>();
        if (step.Words.Length > 0)
        {
            parts.Add(new TextPart(step.Words));
        }

        parts.AddRange(step.Acts.Select((act, i) => new ToolCallPart(new CallId($"r{made + i + 1}"), act.Tool, act.Arguments)));
        var read = TokenEstimate.QuartersOf(request.System) + request.Messages.Sum(message => message.Parts.Sum(QuartersOf));
        var usage = new Usage(read / TokenEstimate.Quarters, 0, 0, parts.Sum(QuartersOf) / TokenEstimate.Quarters, 0);
        return new ModelReply(parts, step.Acts.Count > 0 ? StopReason.ToolUse : step.Answers ? StopReason.EndTurn : StopReason.Refusal, usage, Info.Name);
    }

    private static long QuartersOf(MessagePart part) => part switch
    {
        TextPart text => TokenEstimate.QuartersOf(text.Text),
        ToolCallPart call => TokenEstimate.QuartersOf(call.Arguments),
        ToolResultPart result => result.Content.Sum(QuartersOf),
        _ => 0,
    };

    private static IEnumerable<string> Pieces(string words)
    {
        for (var start = 0; start < words.Length;)
        {
            var space = words.IndexOf(' ', Math.Min(start + 1, words.Length - 1));
            var end = space < 0 ? words.Length : space;
            yield return words[start..end];
            start = end;
        }
    }
}
