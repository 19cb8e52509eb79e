namespace Bridle.Events;

/// <summary>The form in which the harness speaks to the model inside the conversation, and the sources that mean something to the fold.</summary>
public static class Reminders
{
    /// <summary>The source of the note that plan mode is on.</summary>
    public const string PlanMode = "plan_mode";

    /// <summary>The source of the note that plan mode is over.</summary>
    public const string PlanModeOver = "plan_mode_over";

    /// <summary>Whether a text comes from the harness.</summary>
    public static bool IsNote(string text) => text.StartsWith("<harness-note>", StringComparison.Ordinal) && text.EndsWith("</harness-note>", StringComparison.Ordinal);

    /// <summary>Marks text as coming from the harness, not from the person. What the harness only hands on, such as a file's words, cannot end the mark.</summary>
    public static string Wrap(string text) => $"<harness-note>{text.Replace("</harness-note", "&lt;/harness-note", StringComparison.OrdinalIgnoreCase)}</harness-note>";
}
