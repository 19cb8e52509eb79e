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
        var result = Shorten(await RunAsync(invocation, next, cancellationToken), invocation.Scope.Blobs);
        invocation.CameOfIt = result;
        return result;
    }

    private async ValueTask<ToolResult> RunAsync(ToolInvocation invocation, ToolStep next, CancellationToken cancellationToken)
    {
        var scope = invocation.Scope;
        var name = invocation.Tool!.Definition.Name;
        var deadline = options.WithoutDeadline.Contains(name) ? null : options.Deadline;
        using var timer = deadline is { } after ? new CancellationTokenSource(after, scope.Time) : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            if (await RunToolAsync(invocation, next, either.Token) is { } result)
            {
                // A tool that gives what it has when it is ended cannot know which of the two ended it.
                return result.Outcome is CallOutcome.Cancelled && !cancellationToken.IsCancellationRequested ? result with { Outcome = CallOutcome.TimedOut } : result;
            }

            cancellationToken.ThrowIfCancellationRequested();
            return TimedOut($"{name} did not end after {deadline!.Value.TotalMinutes:0.#} minutes, nor when it was told to, and was left behind. It may still be at work.");
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return TimedOut($"{name} was ended after {deadline!.Value.TotalMinutes:0.#} minutes. What it had done until then stays done.");
        }
    }

    private static ToolResult TimedOut(string words) => new(CallOutcome.TimedOut, [new TextPart(words)]);

    // A call ends when it is told to, or is left behind: nothing may hold up the run for ever. It runs beside, since it may never give way. Null: left behind.
    private async ValueTask<ToolResult?> RunToolAsync(ToolInvocation invocation, ToolStep next, CancellationToken cancellationToken)
    {
        var work = Task.Run(async () => await next(invocation, cancellationToken), CancellationToken.None);
        try
        {
            return await work.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(options.Grace, invocation.Scope.Time, CancellationToken.None));
        }

        if (work.IsCompleted)
        {
            return await work;
        }

        _ = work.ContinueWith(static late => _ = late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return null;
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
