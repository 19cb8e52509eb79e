namespace Bridle.Hosting.DryRuns;

/// <summary>A first word such as <c>/compact</c>, which people type where commands are known. A path is none, and neither is one behind a space.</summary>
public static class SlashWord
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_:";

    /// <summary>Why a run does not take the task: it begins with a command that a run does not know. Null when it does.</summary>
    public static HarnessRefused? Refused(string task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var word = task.Split([' ', '\n', '\t'], 2)[0];
        return word.Length > 1 && word[0] == '/' && char.IsAsciiLetter(word[1]) && word.AsSpan(1).IndexOfAnyExcept(Letters) < 0 && !Path.Exists(word)
            ? new("usage", $"There is no command {word} in a run.", "Commands with a slash are for `bridle chat`. Put a space before it if the model should read it as it stands.")
            : null;
    }
}
