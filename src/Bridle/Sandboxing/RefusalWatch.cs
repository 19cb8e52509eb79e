using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>What was refused while one call ran.</summary>
/// <param name="Own">What its own programs asked for.</param>
/// <param name="Unknown">What nobody knows of who asked for it.</param>
/// <param name="Background">What the programs of calls that had ended asked for.</param>
internal sealed record RefusalsTold(IReadOnlyList<string> Own, IReadOnlyList<string> Unknown, IReadOnlyList<string> Background)
{
    private const int Most = 10;

    /// <summary>For the model; empty when nothing was refused. <paramref name="isAlone"/>: no other program ran at the same time.</summary>
    public string Words(bool isAlone) => string.Join('\n', new[]
    {
        Block("The sandbox kept the command from these hosts:", isAlone ? [.. Own.Union(Unknown)] : Own),
        Block("While the command ran, the sandbox kept it or other commands of this session from these hosts:", isAlone ? [] : Unknown),
        Block("Meanwhile the sandbox kept commands in the background from these hosts:", Background),
    }.Where(block => block.Length > 0));

    private static string Block(string head, IReadOnlyList<string> told) =>
        told.Count == 0 ? "" : string.Join('\n', told.Take(Most).Prepend($"[{head}").Concat(told.Count > Most ? [$"and {told.Count - Most} more"] : [])) + "]";
}

/// <summary>Watches over one call.</summary>
internal sealed class RefusalWatch(RefusedHosts hosts, int mark) : IDisposable
{
    /// <summary>Where the list was when the call began.</summary>
    public int Mark => mark;

    /// <summary>Whether no other call that is watched ran at the same time.</summary>
    public bool IsAlone { get; set; } = true;

    /// <summary>Where the list was when the call ended.</summary>
    public int EndedAt { get; set; } = int.MaxValue;

    /// <summary>What came until now.</summary>
    public RefusalsTold Told => hosts.ToldTo(this);

    /// <summary>The same door, whose programs are known for the call's.</summary>
    public IProcesses Around(IProcesses processes) => new Watched(this, hosts, processes);

    /// <inheritdoc/>
    public void Dispose() => hosts.End(this);

    private sealed class Watched(RefusalWatch watch, RefusedHosts hosts, IProcesses inner) : IProcesses
    {
        public IRunningProcess Start(ProcessSpec spec)
        {
            var process = inner.Start(spec);
            hosts.Started(process.Id, watch);
            return process;
        }
    }
}
