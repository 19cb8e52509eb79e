using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Sensors;

/// <summary>Where what sensors do is written down, and shown.</summary>
/// <param name="RecordAsync">Appends a record in the name of whoever the sensor looks for.</param>
/// <param name="Blobs">Where large output goes.</param>
/// <param name="Show">Shows something in passing.</param>
public sealed record SensorLog(Func<DurableEvent, Durability, CancellationToken, ValueTask> RecordAsync, IBlobs Blobs, Action<TransientEvent> Show)
{
    /// <summary>A text as the log keeps it: without secrets.</summary>
    public Func<string, string> Redact { get; init; } = text => text;
}

/// <summary>What every call of a sensor goes through.</summary>
/// <param name="Pipeline">The one pipeline.</param>
/// <param name="Workspace">The world.</param>
/// <param name="NewId">Makes ids that never repeat.</param>
/// <param name="Time">Time.</param>
public sealed record SensorDoors(Func<ToolPipeline> Pipeline, IWorkspace Workspace, Func<string> NewId, TimeProvider Time);

/// <summary>
/// How sensors act on the world: calls of tools that pass the same gate as the model's own, and stand in the log as such under ids that begin with <see cref="Prefix"/>.
/// They are no part of the conversation.
/// </summary>
public sealed class SensorCalls(SensorDoors doors, SensorLog log)
{
    /// <summary>How the ids of such calls begin.</summary>
    public const string Prefix = "sensor-";

    private const long MostText = 4 * 1024 * 1024;

    /// <summary>The workspace root.</summary>
    public string Root => doors.Workspace.Files.Root;

    /// <summary>Time.</summary>
    public TimeProvider Time => doors.Time;

    /// <summary>Where large output lies.</summary>
    public IBlobs Blobs => log.Blobs;

    /// <summary>Whether a regular file is at that path from the root, inside the workspace.</summary>
    public bool IsFile(string path) => doors.Workspace.Files.Resolve(path, Root) is { InsideRoot: true, Kind: FileKind.File };

    /// <summary>
    /// The text of a file at that path from the root, for programs of the session that look at it; null when it is not there, outside the workspace, no text or larger than 4 MiB.
    /// It does not go to a model unless the gate is asked: for that, call Read.
    /// </summary>
    public string? TextOf(string path)
    {
        var file = doors.Workspace.Files.Resolve(path, Root);
        if (file is not { InsideRoot: true, Kind: FileKind.File })
        {
            return null;
        }

        using var stream = doors.Workspace.Files.OpenRead(file);
        using var buffer = new MemoryStream();
        var chunk = new byte[81_920];
        for (int count; (count = stream.Read(chunk)) > 0;)
        {
            buffer.Write(chunk, 0, count);
            if (buffer.Length > MostText)
            {
                return null;
            }
        }

        var bytes = buffer.ToArray();
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
    }

    /// <summary>A text as a model may see it: without secrets.</summary>
    public string Redact(string text) => log.Redact(text);

    internal SensorLog Log => log;

    internal IFiles Files => doors.Workspace.Files;

    /// <summary>
    /// Makes a call. Never throws but for cancellation and a broken log. <paramref name="vouchedBy"/> is who stands for it, see <see cref="ToolInvocation.VouchedBy"/>;
    /// null leaves it to rules, mode and people.
    /// </summary>
    /// <param name="tool">The tool.</param>
    /// <param name="arguments">Its arguments as JSON text.</param>
    /// <param name="vouchedBy">Who stands for it, or null.</param>
    /// <param name="seen">The hashes of the files that the call takes as read, by real path, or null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<ToolResult> CallAsync(string tool, string arguments, string? vouchedBy, IReadOnlyDictionary<string, string>? seen, CancellationToken cancellationToken)
    {
        var call = new ToolCallPart(new CallId(Prefix + doors.NewId()), tool, arguments);
        await using var background = new BackgroundProcesses();
        var invocation = new ToolInvocation
        {
            Call = call, RecordAsync = log.RecordAsync, VouchedBy = vouchedBy,
            Scope = new CallScope
            {
                Call = call.Id, WorkingDirectory = Root, Files = doors.Workspace.Files, Processes = doors.Workspace.Processes, Network = doors.Workspace.Network, Blobs = log.Blobs,
                Background = background, SeenFiles = seen ?? new Dictionary<string, string>(), ShowProgress = text => log.Show(new ToolProgressed(call.Id, text)),
                AskAsync = (_, _, _) => ValueTask.FromResult<string?>(null), Time = doors.Time,
            },
        };
        ToolResult result;
        try
        {
            result = await doors.Pipeline().RunAsync(invocation, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await ReturnAsync(invocation, new ToolResult(CallOutcome.Cancelled, [new TextPart("Cancelled.")]));
            throw;
        }

        await ReturnAsync(invocation, result);
        return result;
    }

    private async ValueTask ReturnAsync(ToolInvocation invocation, ToolResult result)
    {
        var took = invocation.StartedAt is { } started ? (long)doors.Time.GetElapsedTime(started).TotalMilliseconds : 0;
        var returned = new ToolReturned(invocation.Call.Id, result.Outcome, result.Content, took)
        {
            Tool = invocation.Tool?.Definition.Name, Files = result.Files.Count > 0 ? result.Files : null, Spill = result.Spill, Diff = result.Diff, ExitCode = result.ExitCode,
        };
        await log.RecordAsync(returned, Durability.Written, CancellationToken.None);
    }

    internal static string Count(int count, string one) => string.Create(CultureInfo.InvariantCulture, $"{count} {one}{(count == 1 ? "" : "s")}");
}
