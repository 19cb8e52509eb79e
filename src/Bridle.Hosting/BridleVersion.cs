namespace Bridle.Hosting;

/// <summary>The version of this program.</summary>
public static class BridleVersion
{
    /// <summary>Such as <c>0.1.0</c>.</summary>
    public static string Text { get; } = typeof(BridleVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
