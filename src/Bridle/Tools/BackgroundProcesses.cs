using System.Collections.Concurrent;
using Bridle.Workspaces;

namespace Bridle.Tools;

/// <summary>The processes a session runs in the background, by short ids. Disposing ends them all. Safe to use concurrently.</summary>
public sealed class BackgroundProcesses : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, BackgroundProcess> _running = new();
    private int _made;

    /// <summary>All of them, ended ones included, in the order of their start.</summary>
    public IReadOnlyList<BackgroundProcess> All => [.. _running.Values.OrderBy(one => one.Number)];

    /// <summary>Starts one. The spec's own output callback is replaced by the buffer that <see cref="BackgroundProcess.TakeNew"/> reads.</summary>
    public BackgroundProcess Start(IProcesses processes, ProcessSpec spec, string command)
    {
        var number = Interlocked.Increment(ref _made);
        var one = new BackgroundProcess(number, command);
        one.Attach(processes.Start(spec with { OnOutput = one.Append }));
        _running[one.Id] = one;
        return one;
    }

    /// <summary>The process with that id, or null.</summary>
    public BackgroundProcess? Find(string id) => _running.GetValueOrDefault(id);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var one in All)
        {
            await one.DisposeAsync();
        }
    }
}
