using System.Runtime.ExceptionServices;

namespace Bridle.Sandboxing;

/// <summary>
/// A thread that restricts itself for ever and starts one program, which inherits that. It lives as long as the program: one that asked to die with its parent
/// would die with the thread.
/// </summary>
internal sealed class LandlockThread(int rules, byte[] filter)
{
    private readonly ManualResetEventSlim _mayEnd = new();

    /// <summary>Whether something was started on it.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>Why it could not restrict itself; nothing was started then.</summary>
    public string? Problem { get; private set; }

    /// <summary>Restricts itself, then starts; what that said, or an error number of its own when it could not be restricted.</summary>
    public int Run(Func<int> start)
    {
        using var done = new ManualResetEventSlim();
        ExceptionDispatchInfo? failure = null;
        var result = 1;
        var thread = new Thread(
            () =>
            {
                try
                {
                    Problem = LandlockCalls.RestrictThisThread(rules, filter);
                    if (Problem is null)
                    {
                        HasStarted = true;
                        result = start();
                    }
                }
                catch (Exception problem)
                {
                    failure = ExceptionDispatchInfo.Capture(problem);
                }

                done.Set();
                _mayEnd.Wait();
            },
            256 * 1024)
        { IsBackground = true, Name = "a confined program" };
        thread.Start();
        done.Wait();
        failure?.Throw();
        return result;
    }

    /// <summary>The program has ended.</summary>
    public void End() => _mayEnd.Set();
}
