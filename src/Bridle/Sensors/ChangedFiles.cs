using Bridle.Events;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Sensors;

/// <summary>Which files calls changed: what tools say they wrote, and after a call that may have changed anything, what is not as it was.</summary>
internal sealed class ChangedFiles(IWorkspace workspace, Func<IFiles, CancellationToken, IReadOnlyDictionary<string, long>>? look, Func<string, Tool?> findTool)
{
    private Task<IReadOnlyDictionary<string, long>>? _known;

    /// <summary>Remembers how the files are now, beside whatever else goes on.</summary>
    public void Remember(CancellationToken cancellationToken) => _known = look is null ? null : Task.Run(() => look(workspace.Files, cancellationToken), cancellationToken);

    /// <summary>Waits until that is known.</summary>
    public async ValueTask KnownAsync()
    {
        if (_known is { } known)
        {
            await known;
        }
    }

    /// <summary>The files that these calls changed, by their paths from the root.</summary>
    public async ValueTask<IReadOnlyList<string>> OfAsync(IEnumerable<CallState> calls, CancellationToken cancellationToken)
    {
        var changed = new HashSet<string>(StringComparer.Ordinal);
        var mayBeAny = false;
        foreach (var call in calls)
        {
            var written = call.Returned?.Files?.Where(file => file.Written).Select(file => Relative(file.Path)).ToList() ?? [];
            changed.UnionWith(written);
            mayBeAny |= written.Count == 0 && call.Started is { Effect: ToolEffect.Once } started && findTool(started.Tool)?.Definition.Kind is not (ToolKind.Read or ToolKind.Meta);
        }

        if (mayBeAny && _known is { } known)
        {
            var before = await known;
            var now = look!(workspace.Files, cancellationToken);
            changed.UnionWith(now.Where(file => !before.TryGetValue(file.Key, out var stamp) || stamp != file.Value).Select(file => file.Key));
            changed.UnionWith(before.Keys.Where(file => !now.ContainsKey(file)));
            _known = Task.FromResult(now);
        }

        return [.. changed.Order(StringComparer.Ordinal)];
    }

    private string Relative(string real)
    {
        var path = Path.GetRelativePath(workspace.Files.Root, real);
        return path.StartsWith("..", StringComparison.Ordinal) ? real : path.Replace('\\', '/');
    }
}
