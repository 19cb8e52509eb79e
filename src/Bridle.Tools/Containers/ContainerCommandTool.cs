using System.ComponentModel;
using System.Text;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Sandboxing;
using Bridle.Tools.Shell;
using Bridle.Workspaces;

namespace Bridle.Tools.Containers;

/// <summary>Runs a shell command inside a container and nowhere else: where that cannot be had it fails and says what to do.</summary>
/// <param name="options">The container.</param>
/// <param name="variables">Variables that the engine needs to be found and to run, such as where its settings are.</param>
[Tool(Name, ToolKind.Execute, Effect = ToolEffect.Once, Work = ToolWork.Programs)]
public sealed class ContainerCommandTool(ContainerOptions options, IReadOnlyDictionary<string, string> variables)
{
    /// <summary>Its name, as the seed has it; never an alias of Bash.</summary>
    public const string Name = "execute_sandboxed_command";

    private const int MostSeconds = 600;

    /// <summary>What confines its commands, and what does not.</summary>
    public IsolationPlan Plan => new("sandbox", "container", $"changes only the volume {options.Volume}", options.HasNetwork ? "the engine's network" : "no network",
        $"sees only its own processes, at most {options.Processes} and {options.MemoryMb} MB, as far as {options.Engine} enforces limits here", null)
    {
        KeepsToWorkspace = !options.HasNetwork,
    };

    /// <summary>Runs the command to its end.</summary>
    public async ValueTask<ToolResult> RunAsync(
        CallScope scope,
        [Description("Command line.")] [Command] string command,
        [Description("Seconds to wait, at most 600.")] int timeout = 120,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (timeout is < 1 or > MostSeconds)
        {
            throw new ToolException($"timeout is in seconds, 1 to {MostSeconds}.");
        }

        if (command.Contains('\0') || Encoding.UTF8.GetByteCount(command) > 100 * 1024)
        {
            throw new ToolException("The command holds a NUL character or is too long.");
        }

        if ((ContainerWords.WrongVolume(options.Volume) ?? ContainerWords.WrongImage(options.Image)) is { } wrong)
        {
            throw new ToolException($"The command was not run: {wrong} Correct it where it is set (SANDBOX_CONTAINER_WORKSPACE_VOLUME_NAME, SANDBOX_CONTAINER_IMAGE).");
        }

        await RequireVolumeAsync(scope, cancellationToken);
        using var leash = ContainerLeash.Take(options.Engine, variables);
        var kept = new KeptOutput();
        var text = new TerminalText();
        var decoder = Encoding.UTF8.GetDecoder();
        await using var process = Start(scope, options.Run(leash.Name, command), chunk =>
        {
            var characters = new char[decoder.GetCharCount(chunk.Bytes.Span, flush: false)];
            var piece = text.Take(new string(characters, 0, decoder.GetChars(chunk.Bytes.Span, characters, flush: false)));
            kept.Append(piece);
            scope.ShowProgress(piece);
        });
        try
        {
            return Result(scope, kept, await process.Exit.WaitAsync(TimeSpan.FromSeconds(timeout), scope.Time, cancellationToken), timeout);
        }
        catch (Exception ended) when (ended is TimeoutException or OperationCanceledException)
        {
            // The engine's client is not the container: that has to be ended by its name.
            await process.KillAsync();
            await AskEngineAsync(scope, ["rm", "-f", leash.Name], CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            return Result(scope, kept, null, timeout);
        }
    }

    private static ToolResult Result(CallScope scope, KeptOutput kept, int? exitCode, int timeout)
    {
        var (text, spill) = kept.Show(scope.Blobs);
        var head = exitCode switch { 0 => "", null => $"Timed out after {timeout} s; the container was ended. Output until then:\n", _ => $"Exit code: {exitCode}\n" };
        var outcome = exitCode switch { 0 => CallOutcome.Completed, null => CallOutcome.TimedOut, _ => CallOutcome.Failed };
        return new ToolResult(outcome, [new TextPart(head + text)]) { ExitCode = exitCode, Spill = spill };
    }

    private async ValueTask RequireVolumeAsync(CallScope scope, CancellationToken cancellationToken)
    {
        var (code, output) = await AskEngineAsync(scope, ["volume", "inspect", options.Volume], cancellationToken);
        if (code != 0)
        {
            throw new ToolException(
                $"The command was not run: the container volume {options.Volume} is not there. Create it with: {options.Engine} volume create {options.Volume}\n({options.Engine} says: {TerminalText.Of(output).Trim()})");
        }
    }

    private async ValueTask<(int Code, string Output)> AskEngineAsync(CallScope scope, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var output = new StringBuilder();
        await using var process = Start(scope, arguments, chunk => output.Append(Encoding.UTF8.GetString(chunk.Bytes.Span)));
        var code = await process.Exit.WaitAsync(TimeSpan.FromSeconds(60), scope.Time, cancellationToken);
        return (code, output.ToString());
    }

    private IRunningProcess Start(CallScope scope, IReadOnlyList<string> arguments, Action<OutputChunk> take)
    {
        try
        {
            return scope.Processes.Start(new ProcessSpec(options.Engine, arguments, "/") { Environment = variables, OnOutput = take });
        }
        catch (ToolException missing)
        {
            throw new ToolException(
                $"The command was not run: it runs in a container only, and the engine {options.Engine} cannot be started. Install it, and create the volume with: {options.Engine} volume create {options.Volume}\n({missing.Message})", missing);
        }
    }
}
