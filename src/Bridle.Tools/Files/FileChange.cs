using System.Security.Cryptography;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Tools.Files;

/// <summary>A file as it stands before a call changes it.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Text">Its text, or null when there is no file yet.</param>
/// <param name="Hash">The SHA-256 of its bytes, or null when there is no file yet.</param>
internal sealed record FileBefore(ResolvedPath Path, FileText? Text, string? Hash)
{
    /// <summary>Files longer than this are neither hashed nor edited.</summary>
    public const long MostBytes = 64 * 1024 * 1024;

    /// <summary>Loads a file to change it; refuses what is not text, was not read, or is no longer what was read.</summary>
    public static FileBefore Load(CallScope scope, string filePath)
    {
        var path = scope.Files.Resolve(filePath, scope.WorkingDirectory);
        switch (path.Kind)
        {
            case FileKind.Missing:
                return new FileBefore(path, null, null);
            case FileKind.Directory:
                throw new ToolException($"{filePath} is a folder. Name a file in it.");
            case FileKind.Other:
                throw new ToolException($"{filePath} is a device, socket or pipe; only regular files can be changed.");
        }

        var bytes = ReadAll(scope.Files, path);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (!scope.SeenFiles.TryGetValue(path.Real, out var seen))
        {
            throw new ToolException($"{filePath} exists and has not been read in this session. Read it first, then change it.");
        }

        if (!string.Equals(seen, hash, StringComparison.OrdinalIgnoreCase))
        {
            throw new ToolException($"{filePath} has changed on disk since you read it. Read it again, then make your change to what is there now.");
        }

        var text = FileText.Decode(bytes) ?? throw new ToolException($"{filePath} is a binary file; it cannot be changed as text.");
        return new FileBefore(path, text, hash);
    }

    private static byte[] ReadAll(IFiles files, ResolvedPath path)
    {
        using var stream = files.OpenRead(path);
        using var buffer = new MemoryStream();
        var chunk = new byte[81920];
        for (int count; (count = stream.Read(chunk)) > 0;)
        {
            buffer.Write(chunk, 0, count);
            if (buffer.Length > MostBytes)
            {
                throw new ToolException($"{path.Given} is longer than 64 MB; change it with a command instead.");
            }
        }

        return buffer.ToArray();
    }
}

/// <summary>A file before and after a call: the same for the preview that a person approves and for the change itself.</summary>
internal sealed record FileChange(FileBefore Before, FileText After)
{
    private UnifiedDiff? _diff;

    /// <summary>The difference, named relative to the workspace where it lies inside.</summary>
    public UnifiedDiff Diff(IFiles files) => _diff ??= UnifiedDiff.Between(
        Before.Text?.Readable(), After.Readable(), Before.Path.InsideRoot ? Path.GetRelativePath(files.Root, Before.Path.Real) : Before.Path.Real);

    /// <summary>What an approver is shown.</summary>
    public CallPreview Preview(IFiles files) => new(Diff(files).Text, Before.Hash);

    /// <summary>Writes the file and reports it, with the given words for the model.</summary>
    public ToolResult Apply(IFiles files, Func<int, UnifiedDiff, string> words)
    {
        var bytes = After.Encode();
        files.Write(Before.Path, bytes);
        var diff = Diff(files);

        // What a new file holds stands in the call itself.
        var shown = Before.Text is null ? "" : diff.Short();
        return ToolResult.Completed(words(bytes.Length, diff) + (shown.Length > 0 ? "\n" + shown : "")) with
        {
            Diff = diff.Text,
            Files = [new FileTouch(Before.Path.Real, Convert.ToHexStringLower(SHA256.HashData(bytes)), Written: true)],
        };
    }
}
