namespace Bridle.Journal;

/// <summary>
/// Takes out of a change what has the shape of a secret, before it is shown: who takes a key out of a session does not want to read it in the list of what they changed. Of both sides, so
/// that what stayed the same shows no difference.
/// </summary>
internal static class HiddenText
{
    private const string LineEnd = " ⏎ ";

    /// <summary>The change as it may be shown.</summary>
    public static LogEdit Of(LogEdit edit) => edit with { Text = Hidden(edit.Text), Before = Hidden(edit.Before) };

    // As it was written: the shape of a private key goes over lines.
    private static string? Hidden(string? shown) =>
        shown is null ? null : SecretRedactor.RedactShapes(shown.Replace(LineEnd, "\n", StringComparison.Ordinal)).Replace("\n", LineEnd, StringComparison.Ordinal);
}
