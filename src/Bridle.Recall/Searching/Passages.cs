using Bridle.Recall.Indexing;
using Bridle.Recall.Sqlite;

namespace Bridle.Recall.Searching;

/// <summary>Reads messages and sessions of the index.</summary>
internal static class Passages
{
    public static RecallMessage? Message(Database database, long number)
    {
        var row = database.Prepare("SELECT id, at, kind, text FROM message WHERE id = ?").Bind(1, number);
        var message = row.Next() ? Of(row) : null;
        row.Reset();
        return message;
    }

    public static RecallSession? Session(Database database, long id)
    {
        var row = database.Prepare("SELECT s.name, s.title, p.path, s.ended, s.messages FROM session s JOIN project p ON p.id = s.project WHERE s.id = ?").Bind(1, id);
        var session = row.Next() ? SessionOf(row) : null;
        row.Reset();
        return session;
    }

    /// <summary>The sessions that were used last.</summary>
    public static IReadOnlyList<RecallSession> Recent(Database database, string? project, string? without, int limit)
    {
        var sessions = new List<RecallSession>();
        var rows = database.Prepare("SELECT s.name, s.title, p.path, s.ended, s.messages FROM session s JOIN project p ON p.id = s.project WHERE (?1 IS NULL OR (p.path = ?1 AND ?1 <> '')) AND s.name IS NOT ?2 AND s.messages > 0 ORDER BY s.ended DESC, s.id DESC LIMIT ?3")
            .Bind(1, project).Bind(2, without).Bind(3, limit);
        while (rows.Next())
        {
            sessions.Add(SessionOf(rows));
        }

        return sessions;
    }

    /// <summary>Where a session's messages are, if it may be read.</summary>
    public static (long Id, long From, long To)? Find(Database database, string name, string? project)
    {
        var row = database.Prepare("SELECT s.id, s.project FROM session s JOIN project p ON p.id = s.project WHERE s.name = ?1 AND (?2 IS NULL OR (p.path = ?2 AND ?2 <> ''))").Bind(1, name).Bind(2, project);
        var found = row.Next() ? (row.Integer(0), row.Integer(1)) : default((long Id, long Project)?);
        row.Reset();
        return found is { } session ? (session.Id, IndexSchema.OfSession(session.Project, session.Id).From, IndexSchema.OfSession(session.Project, session.Id).To) : null;
    }

    public static IReadOnlyList<RecallMessage> Before(Database database, long number, int count)
    {
        var from = number - IndexSchema.Line(number);
        return [.. List(database, "SELECT id, at, kind, text FROM message WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT ?", from, number, count).Reverse()];
    }

    public static IReadOnlyList<RecallMessage> After(Database database, long number, int count)
    {
        var to = number - IndexSchema.Line(number) + IndexSchema.MostLines;
        return List(database, "SELECT id, at, kind, text FROM message WHERE id > ? AND id <= ? ORDER BY id LIMIT ?", number, to, count);
    }

    private static IReadOnlyList<RecallMessage> List(Database database, string sql, long from, long to, int count)
    {
        if (count <= 0)
        {
            return [];
        }

        var messages = new List<RecallMessage>();
        var rows = database.Prepare(sql).Bind(1, from).Bind(2, to).Bind(3, count);
        while (rows.Next())
        {
            messages.Add(Of(rows));
        }

        return messages;
    }

    private static RecallMessage Of(Statement row) => new(IndexSchema.Line(row.Integer(0)), DateTimeOffset.FromUnixTimeMilliseconds(row.Integer(1)), (MessageKind)row.Integer(2), row.Text(3));

    private static RecallSession SessionOf(Statement row) =>
        new(row.Text(0), row.TextOrNull(1), row.Text(2), row.IsNull(3) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Integer(3)), row.Integer(4));
}
