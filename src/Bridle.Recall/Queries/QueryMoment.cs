using System.Globalization;

namespace Bridle.Recall.Queries;

/// <summary>Times as people write them in queries.</summary>
public static class QueryMoment
{
    private static readonly string[] Forms = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK"];

    /// <summary>A day or a time of the local clock (2026-11-01, 2026-11-01T12:00), or how long ago (90m, 12h, 7d, 2w); null for anything else.</summary>
    public static DateTimeOffset? Of(string text, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > 1 && text[^1] is 'm' or 'h' or 'd' or 'w' && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= 10_000)
        {
            return now - TimeSpan.FromMinutes(count * text[^1] switch { 'm' => 1d, 'h' => 60, 'd' => 24 * 60, _ => 7 * 24 * 60 });
        }

        return DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var moment) ? moment : null;
    }
}
