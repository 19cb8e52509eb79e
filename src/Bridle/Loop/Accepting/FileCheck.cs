using System.Text;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Loop.Accepting;

/// <summary>A file is there and not empty, and holds a text where one is given.</summary>
/// <param name="path">Its path, relative to the workspace root.</param>
/// <param name="contains">A text that stands in it, letter by letter, or null.</param>
public sealed class FileCheck(string path, string? contains = null) : IAcceptanceCheck
{
    private const int MostBytes = 64 * 1024 * 1024;

    /// <inheritdoc/>
    public string Words => contains is null ? $"file {path} exists" : $"file {path} contains '{contains}'";

    /// <inheritdoc/>
    public ValueTask<CheckVerdict> LookAsync(AcceptanceScope scope, CancellationToken cancellationToken) => ValueTask.FromResult(Look(scope.Files));

    private CheckVerdict Look(IFiles files)
    {
        try
        {
            var resolved = files.Resolve(path, files.Root);
            if (resolved.Kind is not FileKind.File)
            {
                return Unmet(resolved.Kind is FileKind.Directory ? "It is a folder." : "There is no such file.");
            }

            using var stream = files.OpenRead(resolved);
            if (contains is null)
            {
                return stream.ReadByte() < 0 ? Unmet("It is empty.") : new(Words, CheckOutcome.Met);
            }

            if (stream.Length > MostBytes)
            {
                return new(Words, CheckOutcome.Unknown, "It is larger than 64 MiB.");
            }

            using var reader = new StreamReader(stream, Encoding.UTF8);
            return reader.ReadToEnd().Contains(contains, StringComparison.Ordinal) ? new(Words, CheckOutcome.Met) : Unmet("That text is not in it.");
        }
        catch (ToolException refused)
        {
            return Unmet(refused.Message);
        }
    }

    private CheckVerdict Unmet(string reason) => new(Words, CheckOutcome.Unmet, reason);
}
