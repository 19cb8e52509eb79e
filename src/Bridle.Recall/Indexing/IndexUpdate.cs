using System.Threading.Channels;
using Bridle.Journal;
using Bridle.Recall.Sqlite;

namespace Bridle.Recall.Indexing;

/// <summary>Brings an index to what the files of the sessions say: what was appended, edited, replaced, removed. One thread reads and prepares, the other writes.</summary>
internal sealed class IndexUpdate(RecallOptions options, Database database)
{
    private const int MostMessages = 4_000;
    private const long MostBytes = 8 * 1024 * 1024;
    private const int PiecesAhead = 32;

    private readonly IndexWriter _writer = new(database, options.Time);

    /// <summary>Sessions that could not be read, one line each.</summary>
    public List<string> Left { get; } = [];

    /// <summary>How many messages were taken in.</summary>
    public long Added { get; private set; }

    /// <summary>Works out what has to be done and does it.</summary>
    /// <param name="isNew">The file is not in use yet: nobody sees it half done, so that it needs no transactions of its own.</param>
    /// <param name="cancellationToken">Ends it; what was committed stays.</param>
    public void Run(bool isNew, CancellationToken cancellationToken)
    {
        var (changed, removed) = Plan();
        if (changed.Count is 0 && removed.Count is 0)
        {
            return;
        }

        if (isNew)
        {
            database.Transact(() => Write(changed, removed, between: () => { }, cancellationToken));
            return;
        }

        database.Run("BEGIN IMMEDIATE");
        try
        {
            Write(changed, removed, between: () => database.Run("COMMIT", "BEGIN IMMEDIATE"), cancellationToken);
            database.Run("COMMIT");
        }
        catch
        {
            database.Abandon();
            throw;
        }
    }

    private void Write(IReadOnlyList<SessionPlan> changed, IReadOnlyList<SessionPlan> removed, Action between, CancellationToken cancellationToken)
    {
        removed.ToList().ForEach(_writer.Remove);
        var group = new List<SessionPiece>();
        var (messages, bytes) = (0, 0L);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pieces = Channel.CreateBounded<SessionPiece>(new BoundedChannelOptions(PiecesAhead) { SingleReader = true, SingleWriter = true });
        var reading = Task.Run(() => ReadAsync(changed, pieces.Writer, stop.Token), CancellationToken.None);
        try
        {
            while (pieces.Reader.TryRead(out var piece) || (pieces.Reader.WaitToReadAsync(cancellationToken).AsTask().GetAwaiter().GetResult() && pieces.Reader.TryRead(out piece)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                group.Add(piece);
                (messages, bytes) = (messages + piece.Messages.Count, bytes + piece.Bytes);
                if (messages < MostMessages && bytes < MostBytes)
                {
                    continue;
                }

                Add(group);
                (messages, bytes) = (0, 0);
                if (piece.End is not null)
                {
                    between();
                    options.Progress?.Invoke(Added);
                }
            }

            Add(group);
        }
        finally
        {
            stop.Cancel();
            reading.GetAwaiter().GetResult();
        }
    }

    private void Add(List<SessionPiece> group)
    {
        _writer.Add(group);
        Added += group.Sum(piece => piece.Messages.Count);
        group.Clear();
    }

    private async Task ReadAsync(IReadOnlyList<SessionPlan> changed, ChannelWriter<SessionPiece> into, CancellationToken cancellationToken)
    {
        var reader = new SessionReader(options.Redactor);
        Exception? failure = null;
        try
        {
            foreach (var plan in changed)
            {
                var begun = false;
                try
                {
                    foreach (var piece in reader.Read(plan))
                    {
                        await into.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
                        begun = true;
                    }
                }
                catch (JournalException unreadable) when (!begun)
                {
                    // Removed meanwhile, or not ours to read: the others count all the same.
                    Left.Add(unreadable.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for the rest.
        }
        catch (Exception broken)
        {
            failure = broken;
        }

        into.Complete(failure);
    }

    private (List<SessionPlan> Changed, List<SessionPlan> Removed) Plan()
    {
        var known = Known();
        var (nextSession, projects) = ((database.Number("SELECT max(id) FROM session") ?? 0) + 1, Projects());
        var changed = new List<SessionPlan>();
        foreach (var session in options.Sessions.List().Reverse())
        {
            var before = known.GetValueOrDefault(session.Name);
            known.Remove(session.Name);
            if (before?.Mark is { } mark && SessionScan.MarkOf(session.Path) == mark)
            {
                continue;
            }

            try
            {
                var folder = SessionReader.FolderOf(session.Path);
                if (before is not null && before.Folder == folder)
                {
                    changed.Add(new(before.Id, before.Project, session.Name, folder, session.Path, before));
                    continue;
                }

                // Another session under an old name belongs to another place of the index.
                if (before is not null)
                {
                    known[session.Name] = before;
                }

                if (nextSession <= IndexSchema.MostSessions && ProjectOf(folder, projects) is { } project)
                {
                    changed.Add(new(nextSession++, project, session.Name, folder, session.Path, null));
                }
            }
            catch (JournalException unreadable)
            {
                Left.Add(unreadable.Message);
            }
        }

        // In the order of their numbers: full text search takes those in fastest.
        changed.Sort((left, right) => (left.Project, left.Id).CompareTo((right.Project, right.Id)));
        return (changed, [.. known.Select(gone => new SessionPlan(gone.Value.Id, gone.Value.Project, gone.Key, gone.Value.Folder, "", gone.Value))]);
    }

    private Dictionary<string, KnownSession> Known()
    {
        var known = new Dictionary<string, KnownSession>(StringComparer.Ordinal);
        var all = database.Prepare("SELECT id, project, name, folder, device, inode, size, modified, read_bytes, read_lines, sum FROM session");
        while (all.Next())
        {
            SessionMark? mark = all.IsNull(7) || all.Integer(7) is 0 ? null : new((ulong)all.Integer(4), (ulong)all.Integer(5), all.Integer(6), all.Integer(7));
            known[all.Text(2)] = new(all.Integer(0), all.Integer(1), all.Text(3), mark, all.Integer(8), all.Integer(9), (uint)all.Integer(10));
        }

        return known;
    }

    private Dictionary<string, long> Projects()
    {
        var projects = new Dictionary<string, long>(StringComparer.Ordinal);
        var all = database.Prepare("SELECT path, id FROM project");
        while (all.Next())
        {
            projects[all.Text(0)] = all.Integer(1);
        }

        return projects;
    }

    private long? ProjectOf(string folder, Dictionary<string, long> projects)
    {
        var path = folder.Length is 0 ? "" : options.ProjectOf(folder);
        if (projects.TryGetValue(path, out var project))
        {
            return project;
        }

        project = projects.Values.DefaultIfEmpty(0).Max() + 1;
        if (project > IndexSchema.MostProjects)
        {
            return null;
        }

        database.Prepare("INSERT INTO project VALUES (?, ?)").Bind(1, project).Bind(2, path).Run();
        return projects[path] = project;
    }
}
