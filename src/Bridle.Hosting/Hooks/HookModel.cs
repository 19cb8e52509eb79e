using Bridle.Messages;
using Bridle.Models;

namespace Bridle.Hosting.Hooks;

/// <summary>Asks a model one question without tools, for prompt hooks.</summary>
internal static class HookModel
{
    private const int MostTokens = 512;

    public static async ValueTask<string> AskAsync(IModel model, string question, CancellationToken cancellationToken)
    {
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
                case ReplyFinished finished:
                    return finished.Reply.Text;
                case ReplyFailed failed:
                    throw new HookModelException(failed.Error.Message);
            }
        }

        throw new HookModelException("its stream ended without a reply.");
    }
}
