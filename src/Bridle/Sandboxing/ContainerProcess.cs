using System.Text;
using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>A program in a container. The engine's client is not the container: that is ended by its name.</summary>
internal sealed class ContainerProcess(IRunningProcess client, Func<Task> remove, Protection protection, ContainerLeash leash, Action<OutputChunk> deliver) : IRunningProcess
{
    private const int Planted = 125;
    private readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Then the client ends before the container does.
    private volatile bool _isKilled;

    public int Id => client.Id;

    public Task<int> Exit => _exit.Task;

    public async Task KillAsync()
    {
        var hasEnded = _exit.Task.IsCompleted;
        _isKilled = true;
        await client.KillAsync();
        if (!hasEnded)
        {
            await remove();
        }

        leash.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_exit.Task.IsCompleted)
        {
            await KillAsync();
        }

        await client.DisposeAsync();
    }

    /// <summary>It has begun.</summary>
    public ContainerProcess Follow()
    {
        _ = EndAsync();
        return this;
    }

    private async Task EndAsync()
    {
        try
        {
            var code = await client.Exit.ConfigureAwait(false);
            if (protection.Check() is { } wrong)
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
        protection.Dispose();
        if (!_isKilled)
        {
            leash.Dispose();
        }
    }
}
