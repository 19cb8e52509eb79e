using System.Text;
using Bridle.Journal;
using Bridle.Recall.Texts;

namespace Bridle.Recall.Indexing;

/// <summary>Reads what is new in the files of sessions, beside the thread that writes the index.</summary>
internal sealed class SessionReader(SecretRedactor redactor)
{
    private const int MostInPiece = 500;
    private const int MostBytesInPiece = 1024 * 1024;
    private const int TitleLength = 80;

    /// <summary>The pieces of a session in their order; none when nothing of it is new. Throws <see cref="JournalException"/> when its file cannot be read.</summary>
    public IEnumerable<SessionPiece> Read(SessionPlan plan)
    {
        using var scan = SessionScan.Open(plan.Path);
        var goesOn = plan.Known is { } known && known.Bytes <= scan.Mark.Size && scan.SumOf(known.Bytes) == known.Sum;
        var replaces = !goesOn;
        var (messages, bytes) = (new List<IndexedMessage>(), 0);
        (string? title, DateTimeOffset? began, DateTimeOffset? ended) = (null, null, null);
        foreach (var record in scan.Read(MessageText.Types, goesOn ? plan.Known!.Bytes : 0, goesOn ? plan.Known!.Lines : 0))
        {
            (began, ended) = (began ?? record.At, record.At);
            if (record.Line > IndexSchema.MostLines || MessageText.Of(record.Event) is not { } said)
            {
                continue;
            }

            messages.Add(Indexed(record, said.Kind, redactor.Redact(said.Text)));
            title ??= said.Kind is MessageKind.User ? Title(messages[^1]) : null;
            bytes += messages[^1].Text.Length;
            if (messages.Count == MostInPiece || bytes > MostBytesInPiece)
            {
                yield return new(plan, replaces, messages, null);
                (messages, replaces, bytes) = ([], false, 0);
            }
        }

        yield return new(plan, replaces, messages, new(scan.Mark, scan.End, scan.Lines, scan.SumOf(scan.End), title, began, ended));
    }

    /// <summary>The folder in which a session began; empty when its first line does not say.</summary>
    public static string FolderOf(string path)
    {
        using var scan = SessionScan.Open(path);
        return scan.Read(FirstRecord).Select(record => (record.Event as Events.SessionStarted)?.WorkingDirectory).FirstOrDefault() ?? "";
    }

    /// <summary>The forms in which a text is searched: for words, and for trigrams.</summary>
    public static (string Words, string Grams) Forms(string text)
    {
        var folded = Folding.Of(text);
        return (CjkRuns.Split(folded), folded);
    }

    private static readonly HashSet<string> FirstRecord = ["session_started", "user_spoke", "model_replied"];

    private static IndexedMessage Indexed(ScannedRecord record, MessageKind kind, string text)
    {
        // FTS5 ends a text at a NUL.
        text = text.Replace('\0', ' ');
        var (words, grams) = Forms(text);
        var bytes = Encoding.UTF8.GetBytes(text);
        var folded = ReferenceEquals(grams, text) ? bytes : Encoding.UTF8.GetBytes(grams);
        return new(record.Line, record.At.ToUnixTimeMilliseconds(), kind, bytes, ReferenceEquals(words, grams) ? folded : Encoding.UTF8.GetBytes(words), folded);
    }

    private static string Title(IndexedMessage message)
    {
        var text = string.Join(' ', Encoding.UTF8.GetString(message.Text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= TitleLength ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[TitleLength - 2]) ? TitleLength - 2 : TitleLength - 1), "…");
    }
}
