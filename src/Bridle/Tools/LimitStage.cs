using System.Text;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Tools;

/// <summary>
/// The last stage before the tool: copies what the call will change, records that it starts (on disk first when it must not run twice), ends it at its deadline, and
/// keeps its answer to a size the model can take.
/// </summary>
public sealed class LimitStage(LimitOptions options) : ToolStage
{
    /// <inheritdoc/>
    public override string Name => "limit";

    /// <inheritdoc/>
    protected internal override async ValueTask<ToolResult> InvokeAsync(ToolInvocation invocation, ToolStep next, CancellationToken cancellationToken)
    {
        var definition = invocation.Tool!.Definition;
        await TakeSnapshotsAsync(invocation, cancellationToken);
        var started = new ToolStarted(invocation.Call.Id, definition.Name, InputHash.Of(definition.Name, invocation.Input!.Json), definition.Effect, invocation.Isolation);
        await invocation.RecordAsync(started, definition.Effect is ToolEffect.Once ? Durability.Synced : Durability.Written, cancellationToken);
        invocation.StartedAt = invocation.Scope.Time.GetTimestamp();
        return Shorten(await RunAsync(invocation, next, cancellationToken), invocation.Scope.Blobs);
    }

    private async ValueTask<ToolResult> RunAsync(ToolInvocation invocation, ToolStep next, CancellationToken cancellationToken)
    {
        if (options.Deadline is not { } deadline || options.WithoutDeadline.Contains(invocation.Tool!.Definition.Name))
        {
            return await next(invocation, cancellationToken);
        }

        using var timer = new CancellationTokenSource(deadline, invocation.Scope.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await next(invocation, either.Token);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new ToolResult(CallOutcome.TimedOut, [new TextPart($"{invocation.Tool!.Definition.Name} was ended after {deadline.TotalMinutes:0.#} minutes. What it had done until then stays done.")]);
        }
    }

    // The blob holds the very bytes: it is what an undo puts back, so nothing is redacted in it.
    private async ValueTask TakeSnapshotsAsync(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        if (invocation.Tool!.Definition.Kind is not ToolKind.Write)
        {
            return;
        }

        var scope = invocation.Scope;
        foreach (var target in invocation.Input!.Targets.OfType<FileTarget>().Where(target => target.Access is FileAccessKind.Write))
        {
            var path = scope.Files.Resolve(target.Path, scope.WorkingDirectory);
            var entry = scope.Files.Stat(path);
            if (entry is null)
            {
                await invocation.RecordAsync(new SnapshotTaken(invocation.Call.Id, path.Real, null, null), Durability.Written, cancellationToken);
            }
            else if (entry.Kind is FileKind.File && await ReadAsync(scope.Files, path, cancellationToken) is { } bytes)
            {
                await invocation.RecordAsync(new SnapshotTaken(invocation.Call.Id, path.Real, scope.Blobs.Exact.Put(bytes), entry.UnixMode), Durability.Written, cancellationToken);
            }
            else if (entry.Kind is FileKind.File)
            {
                scope.ShowProgress($"{path.Given} is too large to be kept for an undo.\n");
            }
        }
    }

    private async ValueTask<byte[]?> ReadAsync(IFiles files, ResolvedPath path, CancellationToken cancellationToken)
    {
        await using var stream = files.OpenRead(path);
        using var copy = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (copy.Length + read > options.MaxSnapshotBytes)
            {
                return null;
            }

            copy.Write(buffer, 0, read);
        }

        return copy.ToArray();
    }

    private ToolResult Shorten(ToolResult result, IBlobs blobs)
    {
        var length = result.Content.OfType<TextPart>().Sum(part => part.Text.Length);
        if (length <= options.MaxResultCharacters)
        {
            return result;
        }

        var text = result.Text;
        var hash = blobs.Put(Encoding.UTF8.GetBytes(text));
        var head = Whole(text, options.MaxResultCharacters * 2 / 3);
        var tail = Whole(text, text.Length - (options.MaxResultCharacters / 3));
        var where = blobs.PathOf(hash) is { } path ? $"; all of it is in {path}" : "";
        var shortened = $"{text[..head]}\n\n[{tail - head:N0} characters left out{where}]\n\n{text[tail..]}";
        return result with { Content = [new TextPart(shortened), .. result.Content.Where(part => part is not TextPart)], Spill = result.Spill ?? hash };
    }

    // Never between the two halves of a character.
    private static int Whole(string text, int at) => at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) ? at - 1 : at;
}
