namespace Bridle.Journal;

/// <summary>A session's name as it is typed at a shell, so that a command that is shown can be copied.</summary>
public static class SessionWord
{
    /// <summary>The name, in single quotes unless every character of it stands for itself.</summary>
    public static string Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or ':') ? name : $"'{name.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
