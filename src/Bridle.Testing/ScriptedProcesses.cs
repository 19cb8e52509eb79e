using System.Collections.Concurrent;
using Bridle.Messages;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Testing;

/// <summary>
/// Processes that a test plays. Without a script every program is missing. Safe to use concurrently.
/// </summary>
public sealed class ScriptedProcesses : IProcesses
{
    private readonly ConcurrentQueue<ProcessSpec> _started = new();
    private int _made;

    /// <summary>
    /// Plays a program: gets its spec and its play (output, and a token that is cancelled by a kill), returns the exit code.
    /// Runs on the thread pool; an <see cref="OperationCanceledException"/> after a kill is the exit code 143. A <see cref="ToolException"/>
    /// is thrown by <see cref="CanStart"/>, not here.
    /// </summary>
    public Func<ProcessSpec, ScriptedPlay, Task<int>>? Script { get; set; }

    /// <summary>Whether a program can be started; null is yes when there is a <see cref="Script"/>.</summary>
    public Func<ProcessSpec, bool>? CanStart { get; set; }

    /// <summary>What was started, in order.</summary>
    public IReadOnlyList<ProcessSpec> Started => [.. _started];

    /// <summary>Plays every program as one that writes this and ends.</summary>
    public void Answer(string output, int exitCode = 0, string error = "") => Answer(_ => (output, exitCode, error));

    /// <summary>Plays programs that write at once and end.</summary>
    public void Answer(Func<ProcessSpec, (string Output, int ExitCode, string Error)> answer) => Script = (spec, play) =>
    {
        var (output, exitCode, error) = answer(spec);
        play.Write(output);
        play.WriteError(error);
        return Task.FromResult(exitCode);
    };

    /// <summary>Plays programs that write this and then run until they are killed.</summary>
    public void HangAfter(string output) => Script = async (_, play) =>
    {
        play.Write(output);
        await Task.Delay(Timeout.Infinite, play.Killed);
        return 0;
    };

    /// <inheritdoc/>
    public IRunningProcess Start(ProcessSpec spec)
    {
        if (Script is not { } script || CanStart?.Invoke(spec) == false)
        {
            throw new ToolException($"The program {spec.Program} was not found on PATH. Check its name, or install it.");
        }

        _started.Enqueue(spec);
        return new Running(1000 + Interlocked.Increment(ref _made), spec, script);
    }

    private sealed class Running : IRunningProcess
    {
        private readonly CancellationTokenSource _killed = new();

        public Running(int id, ProcessSpec spec, Func<ProcessSpec, ScriptedPlay, Task<int>> script)
        {
            Id = id;
            var play = new ScriptedPlay(spec.OnOutput, _killed.Token);
            Exit = Task.Run(() => PlayAsync(spec, script, play));
        }

        public int Id { get; }

        public Task<int> Exit { get; }

        public async Task KillAsync()
        {
            await _killed.CancelAsync();
            await Task.WhenAny(Exit);
        }

        public async ValueTask DisposeAsync() => await KillAsync();

        private static async Task<int> PlayAsync(ProcessSpec spec, Func<ProcessSpec, ScriptedPlay, Task<int>> script, ScriptedPlay play)
        {
            try
            {
                return await script(spec, play);
            }
            catch (OperationCanceledException) when (play.Killed.IsCancellationRequested)
            {
                return 143;
            }
            finally
            {
                play.End();
            }
        }
    }
}
