using System.Text;
using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Hosting.Hooks;

/// <summary>Runs a command hook: the event on its standard input, no terminal, a bound on its output; at its time limit the whole tree of processes is killed.</summary>
internal static class HookCommand
{
    private const int MostOutput = 1024 * 1024;

    /// <summary>Linux takes at most 128 KiB in one variable.</summary>
    private const int MostInVariable = 120 * 1024;

    /// <summary>Runs it to its end.</summary>
    public static async ValueTask<HookRun> RunAsync(DeclaredHook hook, string input, string folder, HookSurroundings surroundings, CancellationToken cancellationToken) =>
        await RunWithFileAsync(hook, input, folder, surroundings, null, cancellationToken);

    /// <summary>Runs it to its end, or until it says that nobody need wait for that. What goes on then ends with <paramref name="closing"/>, and not with the turn.</summary>
    public static async ValueTask<HookRun> RunOrLeaveAsync(
        DeclaredHook hook, string input, string folder, HookSurroundings surroundings, CancellationToken closing, CancellationToken cancellationToken)
    {
        var (line, stop) = (new AsyncLine(), new CancellationTokenSource());
        Task<HookRun> whole;
        await using (cancellationToken.Register(stop.Cancel))
        {
            whole = RunWithFileAsync(hook, input, folder, surroundings, line, stop.Token);
            await Task.WhenAny(whole, line.Announced);
        }

        if (line.Announced.IsCompleted)
        {
            return new(null, "", "") { Rest = RestAsync(whole, stop, closing) };
        }

        using (stop)
        {
            return await whole;
        }
    }

    private static async Task<HookRun> RestAsync(Task<HookRun> whole, CancellationTokenSource stop, CancellationToken closing)
    {
        using (stop)
        {
            await using (closing.Register(stop.Cancel))
            {
                var run = await whole;
                return run with { Output = AsyncLine.Without(run.Output) };
            }
        }
    }

    private static async Task<HookRun> RunWithFileAsync(DeclaredHook hook, string input, string folder, HookSurroundings surroundings, AsyncLine? line, CancellationToken cancellationToken)
    {
        if (!hook.Event.HasEnvFile || surroundings.EnvFolder is not { } place)
        {
            return await RunToEndAsync(hook, Spec(hook, input, folder, null, surroundings), surroundings, line, cancellationToken);
        }

        // What bash reads from this file is run as the person: it must be what this hook wrote. So each call has a new one, where no tool and nothing in the sandbox may write, and it is
        // read once.
        BridleFolders.CreatePrivate(place);
        var file = Path.Combine(place, $"env-{Guid.NewGuid():N}.sh");
        await File.WriteAllBytesAsync(file, [], cancellationToken);
        try
        {
            var run = await RunToEndAsync(hook, Spec(hook, input, folder, file, surroundings), surroundings, line, cancellationToken);
            await surroundings.TakeVariables(file, cancellationToken);
            return run;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<HookRun> RunToEndAsync(DeclaredHook hook, ProcessSpec spec, HookSurroundings surroundings, AsyncLine? line, CancellationToken cancellationToken)
    {
        var (output, error) = (new BoundedText(MostOutput), new BoundedText(MostOutput));
        IRunningProcess process;
        try
        {
            process = surroundings.Processes.Start(spec with
            {
                OnOutput = chunk =>
                {
                    (chunk.IsError ? error : output).Take(chunk.Bytes.Span);
                    if (!chunk.IsError)
                    {
                        line?.Take(chunk.Bytes.Span);
                    }
                },
            });
        }
        catch (ToolException problem)
        {
            return new(null, "", "", $"it was not started: {problem.Message}");
        }

        await using (process)
        {
            var patience = hook.Timeout;
            using var limit = new CancellationTokenSource(patience, surroundings.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                if (line is not null && await Task.WhenAny(process.Exit.WaitAsync(either.Token), line.Announced) == line.Announced)
                {
                    limit.CancelAfter(patience = await line.Announced);
                }

                var code = await process.Exit.WaitAsync(either.Token);
                return new(code, output.Text, error.Text, output.IsCut || error.IsCut ? "it wrote more than 1 MiB" : null);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                await process.KillAsync();
                return new(null, "", error.Text, $"it took longer than {patience.TotalSeconds:0.#} s and was ended");
            }
        }
    }

    private static ProcessSpec Spec(DeclaredHook hook, string input, string folder, string? envFile, HookSurroundings surroundings)
    {
        var variables = new Dictionary<string, string>(surroundings.Variables)
        {
            ["CLAUDE_PROJECT_DIR"] = surroundings.Root,
            ["BRIDLE_PROJECT_DIR"] = surroundings.Root,
            ["OPENHARNESS_HOOK_EVENT"] = hook.OpenHarnessEvent ?? hook.Event.Name,
        };
        if (Encoding.UTF8.GetByteCount(input) <= MostInVariable)
        {
            variables["ARGUMENTS"] = variables["OPENHARNESS_HOOK_PAYLOAD"] = input;
        }

        if (envFile is not null)
        {
            variables["CLAUDE_ENV_FILE"] = envFile;
        }

        var (program, arguments) = hook.Arguments is { } exec
            ? (HookVariables.Expand(hook.Command!, surroundings.Root), (IReadOnlyList<string>)[.. exec.Select(word => HookVariables.Expand(word, surroundings.Root))])
            : (hook.Shell, ["-c", HookVariables.QuoteArguments(hook.Command!)]);
        return new ProcessSpec(program, arguments, folder) { Environment = variables, Input = Encoding.UTF8.GetBytes(input), OnOutput = _ => { } };
    }

    /// <summary>Keeps the beginning of a stream.</summary>
    private sealed class BoundedText(int most)
    {
        private readonly MemoryStream _bytes = new();

        public bool IsCut { get; private set; }

        public string Text => Encoding.UTF8.GetString(_bytes.ToArray());

        public void Take(ReadOnlySpan<byte> bytes)
        {
            var room = (int)(most - _bytes.Length);
            IsCut |= bytes.Length > room;
            _bytes.Write(bytes[..Math.Min(room, bytes.Length)]);
        }
    }
}
