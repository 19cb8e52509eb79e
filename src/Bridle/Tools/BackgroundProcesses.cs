using System.Collections.Concurrent;
using Bridle.Workspaces;

namespace Bridle.Tools;

/// <summary>The processes a session runs in the background, by short ids. Disposing ends them all. Safe to use concurrently.</summary>
public sealed class BackgroundProcesses : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, BackgroundProcess> _running = new();
    private readonly Lock _lock = new();
    private int _made;
    private bool _isDisposed;

    /// <summary>All of them, ended ones included, in the order of their start.</summary>
    public IReadOnlyList<BackgroundProcess> All => [.. _running.Values.OrderBy(one => one.Number)];

    /// <summary>Starts one. The spec's own output callback is replaced by the buffer that <see cref="BackgroundProcess.TakeNew"/> reads.</summary>
    public BackgroundProcess Start(IProcesses processes, ProcessSpec spec, string command)
    {
        // Under the lock, so that none can start while the rest is being ended.
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var one = new BackgroundProcess(_made + 1, command);
            one.Attach(processes.Start(spec with { OnOutput = one.Append }));
            _made++;
            _running[one.Id] = one;
            return one;
        }
    }

    /// <summary>The process with that id, or null.</summary>
    public BackgroundProcess? Find(string id) => _running.GetValueOrDefault(id);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _isDisposed = true;
        }

        await Task.WhenAll(All.Select(one => one.DisposeAsync().AsTask()));
    }
}
