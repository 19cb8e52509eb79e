using Bridle.Recall.Indexing;
using Bridle.Recall.Queries;
using Bridle.Recall.Sqlite;

namespace Bridle.Recall.Searching;

/// <summary>Where a search looks: stretches of message numbers, the project that was used last first.</summary>
internal sealed class SearchScope
{
    private const int MostStretches = 200;

    private readonly Moments _moments;

    private SearchScope(IReadOnlyList<(long From, long To)> stretches, long without, Moments moments) => (Stretches, Without, _moments) = (stretches, without, moments);

    public IReadOnlyList<(long From, long To)> Stretches { get; }

    /// <summary>The session that is left out, or 0.</summary>
    public long Without { get; }

    /// <summary>Whether a message of these stretches may be shown, by its session and by its time.</summary>
    public bool Has(long number) => IndexSchema.Session(number) != Without && _moments.Has(number);

    /// <summary>What the request and the query's filters leave.</summary>
    public static SearchScope Of(Database database, RecallRequest request, RecallQuery query)
    {
        var projects = Projects(database, request.Project, query.Projects);
        var without = request.Without is null ? 0 : database.Find("SELECT id FROM session WHERE name = ?", request.Without) ?? 0;
        var stretches = query.Sessions.Count is 0
            ? projects.Select(IndexSchema.OfProject)
            : Sessions(database, projects, query.Sessions).Select(session => IndexSchema.OfSession(session.Project, session.Id));
        var moments = new Moments(database, query);
        return new([.. stretches.Select(moments.Narrow).OfType<(long From, long To)>().Take(MostStretches)], query.Sessions.Count is 0 ? without : 0, moments);
    }

    private static List<long> Projects(Database database, string? only, IReadOnlyList<string> words)
    {
        if (only is not null && words.Count is 0)
        {
            return only.Length > 0 && database.Find("SELECT id FROM project WHERE path = ?", only) is { } one ? [one] : [];
        }

        var projects = new List<long>();
        var all = database.Prepare("SELECT p.id, p.path FROM project p LEFT JOIN (SELECT project, max(ended) AS last FROM session GROUP BY project) s ON s.project = p.id ORDER BY s.last DESC, p.id DESC");
        while (all.Next())
        {
            var path = all.Text(1);
            if ((only is null || (path == only && only.Length > 0)) && words.All(word => path.Contains(word, StringComparison.OrdinalIgnoreCase)))
            {
                projects.Add(all.Integer(0));
            }
        }

        return projects;
    }

    private static List<(long Id, long Project)> Sessions(Database database, List<long> projects, IReadOnlyList<string> words)
    {
        var within = projects.ToHashSet();
        var found = new List<(long Id, long Project, string Name)>();
        var all = database.Prepare("SELECT id, project, name FROM session ORDER BY ended DESC, id DESC");
        while (all.Next())
        {
            var name = all.Text(2);
            if (within.Contains(all.Integer(1)) && words.All(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)))
            {
                found.Add((all.Integer(0), all.Integer(1), name));
            }
        }

        // A whole name means that session and no other whose name goes on.
        return [.. (found.Exists(session => words.Contains(session.Name)) ? found.Where(session => words.Contains(session.Name)) : found).Select(session => (session.Id, session.Project))];
    }
}
