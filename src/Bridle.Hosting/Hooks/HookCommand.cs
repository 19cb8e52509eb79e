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

    public static async ValueTask<HookRun> RunAsync(DeclaredHook hook, string input, string folder, HookSurroundings surroundings, CancellationToken cancellationToken)
    {
        if (!hook.Event.HasEnvFile || surroundings.EnvFolder is not { } place)
        {
            return await RunAsync(hook, input, folder, null, surroundings, cancellationToken);
        }

        // What bash reads from this file is run as the person: it must be what this hook wrote. So each call has a new one, where no tool and nothing in the sandbox may write, and it is
        // read once.
        BridleFolders.CreatePrivate(place);
        var file = Path.Combine(place, $"env-{Guid.NewGuid():N}.sh");
        await File.WriteAllBytesAsync(file, [], cancellationToken);
        try
        {
            var run = await RunAsync(hook, input, folder, file, surroundings, cancellationToken);
            await surroundings.TakeVariables(file, cancellationToken);
            return run;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async ValueTask<HookRun> RunAsync(DeclaredHook hook, string input, string folder, string? envFile, HookSurroundings surroundings, CancellationToken cancellationToken)
    {
        var (output, error) = (new BoundedText(MostOutput), new BoundedText(MostOutput));
        var spec = Spec(hook, input, folder, envFile, surroundings) with { OnOutput = chunk => (chunk.IsError ? error : output).Take(chunk.Bytes.Span) };
        IRunningProcess process;
        try
        {
            process = surroundings.Processes.Start(spec);
        }
        catch (ToolException problem)
        {
            return new(null, "", "", $"it was not started: {problem.Message}");
        }

        await using (process)
        {
            try
            {
                var code = await process.Exit.WaitAsync(hook.Timeout, surroundings.Time, cancellationToken);
                return new(code, output.Text, error.Text, output.IsCut || error.IsCut ? "it wrote more than 1 MiB" : null);
            }
            catch (TimeoutException)
            {
                await process.KillAsync();
                return new(null, "", error.Text, $"it took longer than {hook.Timeout.TotalSeconds:0.#} s and was ended");
            }
        }
    }

    private static ProcessSpec Spec(DeclaredHook hook, string input, string folder, string? envFile, HookSurroundings surroundings)
    {
        var variables = new Dictionary<string, string>(surroundings.Variables)
        {
            ["CLAUDE_PROJECT_DIR"] = surroundings.Root,
            ["BRIDLE_PROJECT_DIR"] = surroundings.Root,
            ["OPENHARNESS_HOOK_EVENT"] = hook.Event.Name,
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
            ? (HookWords.Expand(hook.Command!, surroundings.Root), (IReadOnlyList<string>)[.. exec.Select(word => HookWords.Expand(word, surroundings.Root))])
            : (hook.Shell, ["-c", HookWords.QuoteArguments(hook.Command!)]);
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
