using Bridle.Events;
using Bridle.Journal;
using Bridle.Sensors;

namespace Bridle.Hosting.Sensors;

/// <summary>
/// Lets sensors look when files of the workspace change, whoever changes them: once it has been quiet for a moment, and the more slowly the more often in a row, because what a
/// sensor writes itself is a change as well. The model hears of it between two of its steps, when what was found is something else than before.
/// </summary>
internal sealed class ContinuousSensors : IAsyncDisposable
{
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_forgets = TimeSpan.FromSeconds(30);

    private readonly IReadOnlyList<Sensor> _sensors;
    private readonly Func<Sensor, IReadOnlyList<string>, CancellationToken, ValueTask<SensorLooked>> _look;
    private readonly string _root;
    private readonly TimeProvider _time;
    private readonly FileSystemWatcher _watcher;
    private readonly CancellationTokenSource _closing = new();
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _told = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Task _work;

    /// <summary>Begins to watch.</summary>
    public ContinuousSensors(IReadOnlyList<Sensor> sensors, string root, Func<Sensor, IReadOnlyList<string>, CancellationToken, ValueTask<SensorLooked>> look, TimeProvider time)
    {
        (_sensors, _root, _look, _time) = (sensors, root, look, time);
        _watcher = new FileSystemWatcher(root) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.DirectoryName };
        _watcher.Changed += (_, change) => Take(change.FullPath);
        _watcher.Created += (_, change) => Take(change.FullPath);
        _watcher.Deleted += (_, change) => Take(change.FullPath);
        _watcher.Renamed += (_, change) =>
        {
            Take(change.OldFullPath);
            Take(change.FullPath);
        };
        _watcher.Error += (_, problem) => Notify($"Changes of files may not be seen any more by sensors that look continuously ({problem.GetException().GetType().Name}).");
        _watcher.EnableRaisingEvents = true;
        _work = Task.Run(WorkAsync);
    }

    /// <summary>Leaves what was found for the model.</summary>
    public Action<string> Leave { get; init; } = _ => { };

    /// <summary>Tells the person.</summary>
    public Action<string> Notify { get; init; } = _ => { };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _watcher.Dispose();
        await _closing.CancelAsync();
        await _work;
        _closing.Dispose();
        _wake.Dispose();
    }

    private void Take(string path)
    {
        var relative = Path.GetRelativePath(_root, path).Replace('\\', '/');
        if (WorkspaceStamps.IsMade(relative + "/x") || !_sensors.Any(sensor => sensor.Concerns(relative)))
        {
            return;
        }

        lock (_changed)
        {
            if (_changed.Add(relative) && _changed.Count == 1 && _wake.CurrentCount == 0)
            {
                _wake.Release();
            }
        }
    }

    private async Task WorkAsync()
    {
        var (inARow, last) = (0, _time.GetTimestamp());
        try
        {
            while (true)
            {
                await _wake.WaitAsync(_closing.Token);
                inARow = _time.GetElapsedTime(last) > s_forgets ? 0 : inARow + 1;
                var wait = s_quiet * Math.Pow(2, Math.Min(inARow, 8));
                await Task.Delay(wait < s_longest ? wait : s_longest, _time, _closing.Token);
                await LookAsync(Changed());
                last = _time.GetTimestamp();
            }
        }
        catch (OperationCanceledException)
        {
            // The session is closed.
        }
        catch (JournalException broken)
        {
            Notify($"Sensors that look continuously have stopped: {broken.Message}");
        }
    }

    private List<string> Changed()
    {
        lock (_changed)
        {
            var changed = _changed.Order(StringComparer.Ordinal).ToList();
            _changed.Clear();
            return changed;
        }
    }

    private async Task LookAsync(List<string> changed)
    {
        foreach (var sensor in _sensors.Where(sensor => changed.Any(sensor.Concerns)))
        {
            var looked = await _look(sensor, [.. changed.Where(sensor.Concerns)], _closing.Token);
            var isNews = _told.TryGetValue(sensor.Name, out var before) ? before != looked.Note : looked.State is not SensorState.Green;
            _told[sensor.Name] = looked.Note;
            if (isNews)
            {
                Leave(looked.Note);
            }
        }
    }
}
