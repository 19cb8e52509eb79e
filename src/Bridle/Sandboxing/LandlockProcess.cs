using System.Text;
using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>A program that Landlock restricts. What it leaves running ends with it; what a git must not have changed is put back before its end is told.</summary>
internal sealed class LandlockProcess(IRunningProcess process, LandlockThread thread, LandlockFolder temporary, LandlockWatch? watch, Action<OutputChunk> deliver) : IRunningProcess
{
    private const int Planted = 125;
    private readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Limits how many processes it has, or null.</summary>
    public ProcessCount? Count { get; init; }

    public int Id => process.Id;

    public Task<int> Exit => _exit.Task;

    public Task KillAsync() => process.KillAsync();

    public ValueTask DisposeAsync() => process.DisposeAsync();

    /// <summary>It has begun.</summary>
    public LandlockProcess Follow()
    {
        _ = EndAsync();
        return this;
    }

    private async Task EndAsync()
    {
        try
        {
            var code = await process.Exit.ConfigureAwait(false);
            await process.DisposeAsync().ConfigureAwait(false);
            if (watch?.PutBack() is { } wrong)
            {
                deliver(new OutputChunk(Encoding.UTF8.GetBytes($"\n[The sandbox failed this command: {wrong}.]\n"), IsError: true));
                code = code == 0 ? Planted : code;
            }

            CleanUp();
            _exit.SetResult(code);
        }
        catch (Exception problem)
        {
            CleanUp();
            _exit.SetException(problem);
        }
    }

    private void CleanUp()
    {
        thread.End();
        Count?.Dispose();
        temporary.Dispose();
    }
}
