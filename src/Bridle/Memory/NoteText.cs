using System.Globalization;
using System.Text;

namespace Bridle.Memory;

/// <summary>A note as the text of a Markdown file: a head of <c>key: value</c> lines, then the note.</summary>
public static class NoteText
{
    private const int MostDescription = 200;

    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        "name", "description", "type", "tags", "created", "created_at", "updated", "updated_at", "expires", "ttl_days", "source",
    };

    /// <summary>Reads a note. Never fails: what a person broke or left out is guessed from the rest, and said.</summary>
    /// <param name="name">Its name, which its file gives it.</param>
    /// <param name="text">The file.</param>
    /// <param name="written">When the file was written, for a note that does not say.</param>
    /// <returns>The note, and what is wrong with the text or null.</returns>
    public static (MemoryNote Note, string? Problem) Read(string name, string text, DateTimeOffset written)
    {
        var head = NoteHead.Split(text.TrimStart('\ufeff').ReplaceLineEndings("\n"));
        var body = head.Body.Trim('\n', ' ');
        var (type, unknown) = TypeOf(head.Text("type"));
        var updated = head.Time("updated", "updated_at") ?? written;
        var note = new MemoryNote(name, OneLine(head.Text("description") ?? FirstLine(body), MostDescription), type, body)
        {
            Tags = [.. head.List("tags").Select(tag => OneLine(tag, 40)).Where(tag => tag.Length > 0)],
            Created = head.Time("created", "created_at") ?? updated,
            Updated = updated,
            Expires = Expiry(head, updated),
            Source = head.Text("source") is { Length: > 0 } source ? OneLine(source, 100) : null,
            Others = head.Keys.Where(key => !Known.Contains(key)).Distinct().ToDictionary(key => key, head.Raw),
        };
        var problem = head.Problem ?? unknown
            ?? (head.Text("expires") is { Length: > 0 } when && note.Expires is null ? $"expires is no date: {OneLine(when, 40)}" : null)
            ?? (head.Text("name") is { } said && said.Trim() != name ? $"its head calls it '{OneLine(said, 80)}', but its file is what names it" : null);
        return (note, problem);
    }

    /// <summary>The text of a note's file.</summary>
    public static string Write(MemoryNote note)
    {
        var text = new StringBuilder("---\n");
        text.Append($"name: {note.Name}\ndescription: {NoteHead.Quoted(note.Description)}\ntype: {note.Type.ToString().ToLowerInvariant()}\n");
        text.Append(note.Tags.Count > 0 ? $"tags: [{string.Join(", ", note.Tags.Select(NoteHead.QuotedItem))}]\n" : "");
        text.Append($"created: {Time(note.Created)}\nupdated: {Time(note.Updated)}\n");
        text.Append(note.Expires is { } expires ? $"expires: {Time(expires)}\n" : "").Append(note.Source is { } source ? $"source: {NoteHead.Quoted(source)}\n" : "");
        foreach (var (key, raw) in note.Others)
        {
            text.Append($"{key}: {raw}".TrimEnd()).Append('\n');
        }

        return text.Append($"---\n{note.Text.Trim('\n')}\n").ToString();
    }

    /// <summary>A text on one line, without control characters and those that nobody sees, cut at so many characters.</summary>
    public static string OneLine(string text, int most)
    {
        var line = new StringBuilder();
        foreach (var letter in text.EnumerateRunes().Where(letter => Rune.GetUnicodeCategory(letter) is not UnicodeCategory.Format))
        {
            var blank = Rune.IsWhiteSpace(letter) || Rune.IsControl(letter);
            if (!blank)
            {
                line.Append(letter.ToString());
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }

        return line.Length <= most ? line.ToString().TrimEnd() : line.ToString(0, char.IsHighSurrogate(line[most - 2]) ? most - 2 : most - 1) + "…";
    }

    internal static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static (NoteType Type, string? Problem) TypeOf(string? text) =>
        text is not { Length: > 0 } ? (NoteType.Project, null)
        : Enum.GetValues<NoteType>().Where(type => type.ToString().Equals(text, StringComparison.OrdinalIgnoreCase)).ToList() is [var known] ? (known, null)
        : (NoteType.Reference, $"its type '{OneLine(text, 40)}' is not known; it is taken as reference");

    // A day that is named belongs to the time in which the note holds.
    private static DateTimeOffset? Expiry(NoteHead head, DateTimeOffset updated) =>
        head.Time("expires") is { } expires ? (head.Text("expires")!.Trim().Length <= 10 ? Later(expires, 1) : expires)
        : int.TryParse(head.Text("ttl_days"), CultureInfo.InvariantCulture, out var days) && days > 0 ? Later(updated, days)
        : null;

    internal static DateTimeOffset Later(DateTimeOffset time, int days) => (DateTimeOffset.MaxValue - time).TotalDays > days ? time.AddDays(days) : DateTimeOffset.MaxValue;

    private static string FirstLine(string body) => body.Split('\n').Select(line => line.TrimStart('#', ' ', '-', '*').Trim()).FirstOrDefault(line => line.Length > 0) ?? "";
}
