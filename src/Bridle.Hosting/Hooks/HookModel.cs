using Bridle.Messages;
using Bridle.Models;

namespace Bridle.Hosting.Hooks;

/// <summary>Asks a model one question without tools, for prompt hooks.</summary>
internal static class HookModel
{
    private const int MostTokens = 512;

    /// <summary>The model's words.</summary>
    public static async ValueTask<string> AskAsync(IModel model, string question, AskingBeside beside, CancellationToken cancellationToken)
    {
        var request = new ModelRequest
        {
            System = "You check what an agent is about to do. You answer with JSON only.",
            Messages = [Message.User(question)],
            ToolCalling = ToolCalling.None,
            MaxOutputTokens = MostTokens,
            Stream = false,
        };
        var asked = await beside.AskAsync("hook", model, request, cancellationToken);
        return asked.Reply?.Text ?? throw new HookModelException(asked.IsRefused ? $"its model was not asked, because {asked.Problem}" : asked.Problem) { IsRefused = asked.IsRefused };
    }
}
