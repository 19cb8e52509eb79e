using Bridle.Messages;

namespace Bridle.Workspaces;

/// <summary>The door to processes. Each process runs with no input unless the spec has one, its own session and process group, and the environment the door allows.</summary>
public interface IProcesses
{
    /// <summary>Starts a program. Throws <see cref="ToolException"/> when it cannot be started.</summary>
    IRunningProcess Start(ProcessSpec spec);
}

/// <summary>What to start: an argument vector, never a shell string.</summary>
/// <param name="Program">A path, or a name looked up on PATH.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="WorkingDirectory">An absolute path.</param>
public sealed record ProcessSpec(string Program, IReadOnlyList<string> Arguments, string WorkingDirectory)
{
    /// <summary>Variables beside the ones the door passes on.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What the program reads from its standard input, through a pipe that ends after it; null gives it nothing to read. Never a terminal.</summary>
    public ReadOnlyMemory<byte>? Input { get; init; }

    /// <summary>In place of <see cref="Input"/>: what the program reads while it runs. Null for none.</summary>
    public ProcessFeed? Feed { get; init; }

    /// <summary>Descriptors of ours that the program gets as 3, 4 and so on. They stay ours and open here. Linux only.</summary>
    internal IReadOnlyList<int> Handed { get; init; } = [];

    /// <summary>Done on the thread that starts the program, right before; what it returns is disposed right after, there as well. Linux only.</summary>
    internal Func<IDisposable?>? Around { get; init; }

    /// <summary>The program sees to it itself that it and all below it end when we do.</summary>
    internal bool EndsWithUs { get; init; }

    /// <summary>
    /// Done on the thread that follows the program, once it has ended and its output was taken in, before <see cref="IRunningProcess.Exit"/> is told: gets the exit code
    /// and returns the one to tell. Linux only.
    /// </summary>
    internal Func<int, int>? AtEnd { get; init; }

    /// <summary>Starts it on a thread of the caller's choice, whose restrictions it inherits; null for the common one. Linux only.</summary>
    internal Func<Func<int>, int>? StartedBy { get; init; }

    /// <summary>Receives output as it comes, standard output and standard error in the order of arrival. Called from one thread at a time; must be quick.</summary>
    public required Action<OutputChunk> OnOutput { get; init; }
}

/// <summary>A piece of output.</summary>
public readonly record struct OutputChunk(ReadOnlyMemory<byte> Bytes, bool IsError);

/// <summary>A running process. Disposing kills its whole tree.</summary>
public interface IRunningProcess : IAsyncDisposable
{
    /// <summary>The process id.</summary>
    int Id { get; }

    /// <summary>
    /// Completes when the process has ended and its output was taken in, with its exit code (128 + signal when killed by one).
    /// A grandchild that keeps the pipes open does not hold this up for longer than a moment.
    /// </summary>
    Task<int> Exit { get; }

    /// <summary>Ends the process and everything it started, also what left its process group; all are gone within two seconds. May be called twice.</summary>
    Task KillAsync();
}
