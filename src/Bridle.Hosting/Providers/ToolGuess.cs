using Bridle.Models;

namespace Bridle.Hosting.Providers;

/// <summary>What a model's name suggests about tools where no list, setting or refusal says anything. A guess decides nothing that a server cannot correct: it is shown as one.</summary>
public static class ToolGuess
{
    // Families that were trained to call tools, by a part of their name in lower case.
    private static readonly string[] Families = ["qwen", "llama3", "llama-3", "mistral", "mixtral", "command-r", "firefunction", "hermes", "functionary", "gorilla"];

    /// <summary>True when nobody said anything about the model's tools and its name is one of a family that has them.</summary>
    public static bool SaysYes(ModelInfo model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Tools is Known.Unknown && Families.Any(family => model.Name.Contains(family, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>What is known or guessed, for a person: <c>yes</c>, <c>no</c>, <c>yes?</c> for a guess, <c>unknown</c>.</summary>
    public static string Shown(ModelInfo model) => SaysYes(model) ? "yes?" : model.Tools.ToString().ToLowerInvariant();
}
