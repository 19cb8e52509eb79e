using System.ComponentModel;
using System.Security.Cryptography;
using System.Text;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Tools.Files;

/// <summary>Reads a text file or an image.</summary>
[Tool("Read", ToolKind.Read, Effect = ToolEffect.Repeatable, ParallelSafe = true, Work = ToolWork.Files)]
public sealed class ReadTool
{
    private const int DefaultLines = 2000;
    private const int MostImageBytes = 5 * 1024 * 1024;

    /// <summary>Reads the file, or a part of it.</summary>
    public ValueTask<ToolResult> RunAsync(
        CallScope scope,
        [Description("File to read.")] [Path(FileAccessKind.Read)] string filePath,
        [Description("Lines to skip.")] int? offset = null,
        [Description("How many lines.")] int? limit = null,
        CancellationToken cancellationToken = default)
    {
        if (offset < 0 || limit < 1)
        {
            throw new ToolException("offset counts the lines to skip, from 0; limit is at least 1.");
        }

        if (filePath.Length is 0)
        {
            throw new ToolException("file_path is empty. Name the file to read.");
        }

        var path = scope.Files.Resolve(filePath, scope.WorkingDirectory);
        switch (path.Kind)
        {
            case FileKind.Missing:
                throw new ToolException(MissingFile.Message(scope, path));
            case FileKind.Directory:
                throw new ToolException($"{filePath} is a folder. List it with Ls.");
            case FileKind.Other:
                throw new ToolException($"{filePath} is a device, socket or pipe, not a file.");
        }

        using var stream = scope.Files.OpenRead(path);
        var head = new byte[12];
        var headLength = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var whole = new PrefixedStream(head.AsMemory(0, headLength), stream);
        return ValueTask.FromResult(ImageFormat.Detect(head.AsSpan(0, headLength)) is { } mediaType
            ? ReadImage(scope, path, whole, mediaType)
            : ReadText(scope, path, whole, FileText.Mark(head.AsSpan(0, headLength)), new LineRange(offset ?? 0, limit ?? DefaultLines), cancellationToken));
    }

    private static ToolResult ReadImage(CallScope scope, ResolvedPath path, Stream stream, string mediaType)
    {
        var buffer = new byte[MostImageBytes + 1];
        var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        if (length > MostImageBytes)
        {
            throw new ToolException($"{path.Given} is an image of more than 5 MB, the most that models take. Make a smaller copy of it with a command and read that.");
        }

        var bytes = buffer[..length];
        if (ImageCheck.Fault(mediaType, bytes) is { } fault)
        {
            throw new ToolException(
                $"{path.Given} begins like an image ({mediaType}) but is broken: {fault}. Models' servers refuse such a file, so it was not sent. "
                + "Get a sound copy or convert it with a command, and read that; `file` and `xxd` tell what is in it.");
        }

        var blob = scope.Blobs.Put(bytes);
        return new ToolResult(CallOutcome.Completed, [new TextPart($"{path.Given}: {mediaType}, {length} bytes."), new ImagePart(mediaType, blob) { Bytes = bytes }])
        {
            Files = [new FileTouch(path.Real, Convert.ToHexStringLower(SHA256.HashData(bytes)), Written: false)],
        };
    }

    private static ToolResult ReadText(
        CallScope scope, ResolvedPath path, Stream stream, (TextForm Form, int Length)? mark, LineRange range, CancellationToken cancellationToken)
    {
        var hashed = scope.Files.Stat(path) is not { Length: > FileBefore.MostBytes };
        using var sha = SHA256.Create();
        using Stream counted = hashed ? new CryptoStream(stream, sha, CryptoStreamMode.Read) : stream;
        var window = new LineWindow(range);
        switch (mark?.Form)
        {
            case TextForm.Utf16Little or TextForm.Utf16Big:
                var encoding = mark.Value.Form is TextForm.Utf16Little ? Encoding.Unicode : Encoding.BigEndianUnicode;
                Skip(counted, mark.Value.Length);
                window.ReadFrom(Encoding.CreateTranscodingStream(counted, encoding, Encoding.UTF8), readAll: hashed, cancellationToken);
                break;
            default:
                Skip(counted, mark?.Length ?? 0);
                window.ReadFrom(counted, readAll: hashed, cancellationToken);
                break;
        }

        if (window.SawNul)
        {
            throw new ToolException($"{path.Given} is a binary file. Look at it with a command that understands its format.");
        }

        if (range.Offset > 0 && window.Complete && range.Offset >= window.Lines)
        {
            throw new ToolException($"offset {range.Offset} is beyond file length ({window.Lines} lines); there is nothing to show.");
        }

        return ToolResult.Completed(window.Text(hashed)) with
        {
            Files = hashed ? [new FileTouch(path.Real, Convert.ToHexStringLower(sha.Hash!), Written: false)] : [],
        };
    }

    private static void Skip(Stream stream, int count) => stream.ReadExactly(new byte[count]);
}
