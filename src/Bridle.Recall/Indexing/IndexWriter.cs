using System.Text;
using Bridle.Recall.Sqlite;

namespace Bridle.Recall.Indexing;

/// <summary>Puts messages into the index and takes them out. Transactions are the caller's.</summary>
internal sealed class IndexWriter(Database database, TimeProvider time)
{
    // A file that was changed this recently may change again within the clock's grain.
    private static readonly TimeSpan Unsettled = TimeSpan.FromSeconds(2);

    private bool? _embeds;

    /// <summary>Takes pieces in, one table after the other: what a table works with then stays in the processor's cache.</summary>
    public void Add(IReadOnlyList<SessionPiece> pieces)
    {
        foreach (var piece in pieces.Where(piece => piece is { Replaces: true, Plan.Known: not null }))
        {
            RemoveMessages(piece.Plan);
        }

        var insert = database.Prepare("INSERT INTO message VALUES (?, ?, ?, ?)");
        foreach (var (number, message) in Numbered(pieces))
        {
            insert.Bind(1, number).Bind(2, message.At).Bind(3, (long)message.Kind).Run(4, message.Text);
        }

        insert = database.Prepare("INSERT INTO words(rowid, text) VALUES (?, ?)");
        foreach (var (number, message) in Numbered(pieces))
        {
            insert.Bind(1, WordsRow.Of(number, message.Kind, message.Words.Length)).Run(2, message.Words);
        }

        insert = database.Prepare("INSERT INTO grams(rowid, text) VALUES (?, ?)");
        foreach (var (number, message) in Numbered(pieces))
        {
            insert.Bind(1, number).Run(2, message.Grams);
        }

        if (_embeds ??= IndexSchema.Meta(database, "embedding") is not null)
        {
            insert = database.Prepare("INSERT OR IGNORE INTO pending VALUES (?)");
            foreach (var (number, _) in Numbered(pieces).Where(one => one.Message.Kind is MessageKind.User or MessageKind.Assistant))
            {
                insert.Bind(1, number).Run();
            }
        }

        foreach (var piece in pieces)
        {
            Note(piece);
        }
    }

    /// <summary>Takes a whole session out.</summary>
    public void Remove(SessionPlan plan)
    {
        RemoveMessages(plan);
        database.Prepare("DELETE FROM session WHERE id = ?").Bind(1, plan.Id).Run();
    }

    private static IEnumerable<(long Number, IndexedMessage Message)> Numbered(IReadOnlyList<SessionPiece> pieces) =>
        pieces.SelectMany(piece => piece.Messages.ToList().ConvertAll(message => (IndexSchema.Number(piece.Plan.Project, piece.Plan.Id, message.Line), message)));

    // A text search without content of its own forgets a text only when it is told the same text again.
    private void RemoveMessages(SessionPlan plan)
    {
        var (from, to) = IndexSchema.OfSession(plan.Project, plan.Id);
        var old = new List<(long Number, MessageKind Kind, string Text)>();
        var all = database.Prepare("SELECT id, kind, text FROM message WHERE id BETWEEN ? AND ?").Bind(1, from).Bind(2, to);
        while (all.Next())
        {
            old.Add((all.Integer(0), (MessageKind)all.Integer(1), all.Text(2)));
        }

        foreach (var (number, kind, text) in old)
        {
            var forms = SessionReader.Forms(text);
            var (words, grams) = (Encoding.UTF8.GetBytes(forms.Words), Encoding.UTF8.GetBytes(forms.Grams));
            database.Prepare("INSERT INTO words(words, rowid, text) VALUES ('delete', ?, ?)").Bind(1, WordsRow.Of(number, kind, words.Length)).BindText(2, words).Run();
            database.Prepare("INSERT INTO grams(grams, rowid, text) VALUES ('delete', ?, ?)").Bind(1, number).BindText(2, grams).Run();
        }

        foreach (var table in (ReadOnlySpan<string>)["message", "vector", "pending"])
        {
            database.Prepare($"DELETE FROM {table} WHERE id BETWEEN ? AND ?").Bind(1, from).Bind(2, to).Run();
        }

        database.Prepare("UPDATE session SET messages = 0, title = NULL, began = NULL, ended = NULL, oldest = NULL, newest = NULL WHERE id = ?").Bind(1, plan.Id).Run();
    }

    private void Note(SessionPiece piece)
    {
        var plan = piece.Plan;
        database.Prepare("INSERT OR IGNORE INTO session (id, project, name, folder, read_bytes, read_lines, sum, messages) VALUES (?, ?, ?, ?, 0, 0, 0, 0)")
            .Bind(1, plan.Id).Bind(2, plan.Project).Bind(3, plan.Name).Bind(4, plan.Folder).Run();
        if (piece.Messages.Count > 0)
        {
            database.Prepare("UPDATE session SET messages = messages + ?2, oldest = min(coalesce(oldest, ?3), ?3), newest = max(coalesce(newest, ?4), ?4) WHERE id = ?1")
                .Bind(1, plan.Id).Bind(2, piece.Messages.Count).Bind(3, piece.Messages.Min(message => message.At)).Bind(4, piece.Messages.Max(message => message.At)).Run();
        }

        if (piece.End is not { } end)
        {
            return;
        }

        var settled = end.Mark.Modified / 1_000_000 < (time.GetUtcNow() - Unsettled).ToUnixTimeMilliseconds();
        var statement = database.Prepare("""
            UPDATE session SET device = ?2, inode = ?3, size = ?4, modified = ?5, read_bytes = ?6, read_lines = ?7, sum = ?8,
              title = coalesce(title, ?9), began = coalesce(began, ?10), ended = coalesce(?11, ended) WHERE id = ?1
            """)
            .Bind(1, plan.Id).Bind(2, (long)end.Mark.Device).Bind(3, (long)end.Mark.Inode).Bind(4, end.Mark.Size).Bind(5, settled ? end.Mark.Modified : 0)
            .Bind(6, end.Bytes).Bind(7, end.Lines).Bind(8, end.Sum).Bind(9, end.Title);
        Moment(statement, 10, end.Began);
        Moment(statement, 11, end.Ended);
        statement.Run();
    }

    private static void Moment(Statement statement, int at, DateTimeOffset? moment)
    {
        if (moment is { } known && known != default)
        {
            statement.Bind(at, known.ToUnixTimeMilliseconds());
        }
        else
        {
            statement.Bind(at, null);
        }
    }
}
