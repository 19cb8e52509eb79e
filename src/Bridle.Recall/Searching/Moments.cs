using Bridle.Recall.Indexing;
using Bridle.Recall.Queries;
using Bridle.Recall.Sqlite;

namespace Bridle.Recall.Searching;

/// <summary>
/// The times that a query allows. Which sessions lie in them is asked once; only in a session that lies partly in them are messages looked at one by one.
/// </summary>
internal sealed class Moments(Database database, RecallQuery query)
{
    private readonly long _since = query.Since?.ToUnixTimeMilliseconds() ?? long.MinValue;
    private readonly long _before = query.Before?.ToUnixTimeMilliseconds() ?? long.MaxValue;
    private readonly Dictionary<long, bool> _partly = [];

    /// <summary>What of a stretch of messages can lie in these times; null for nothing.</summary>
    public (long From, long To)? Narrow((long From, long To) stretch)
    {
        if (query.Since is null && query.Before is null)
        {
            return stretch;
        }

        var (project, first, last) = (IndexSchema.Project(stretch.From), IndexSchema.Session(stretch.From), IndexSchema.Session(stretch.To));
        var within = Ask("SELECT min(id), max(id) FROM session WHERE project = ?1 AND id BETWEEN ?2 AND ?3 AND newest >= ?4 AND oldest < ?5", project, first, last);
        if (!within.Next() || within.IsNull(0))
        {
            within.Reset();
            return null;
        }

        (first, last) = (within.Integer(0), within.Integer(1));
        within.Reset();
        var partly = Ask("SELECT id, newest >= ?4 AND oldest < ?5 FROM session WHERE project = ?1 AND id BETWEEN ?2 AND ?3 AND (oldest < ?4 OR newest >= ?5)", project, first, last);
        while (partly.Next())
        {
            _partly[partly.Integer(0)] = partly.Integer(1) is not 0;
        }

        return (IndexSchema.OfSession(project, first).From, IndexSchema.OfSession(project, last).To);
    }

    /// <summary>Whether a message of a narrowed stretch lies in them.</summary>
    public bool Has(long number) =>
        _partly.Count is 0 || !_partly.TryGetValue(IndexSchema.Session(number), out var look) || (look && Of(database, number) is { } at && at >= _since && at < _before);

    /// <summary>When a message was said, in milliseconds since 1970.</summary>
    public static long? Of(Database database, long number) => database.Number("SELECT at FROM message WHERE id = ?", number);

    private Statement Ask(string sql, long project, long first, long last) => database.Prepare(sql).Bind(1, project).Bind(2, first).Bind(3, last).Bind(4, _since).Bind(5, _before);
}
