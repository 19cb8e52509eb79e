using Bridle.Messages;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>
/// The door to files as one call gets it: refuses what permission refuses, leaves it out of listings, and lets a call write only what it named or what the policy
/// allows anyway. Files that would have to be asked about stay closed unless the call named them and was allowed.
/// </summary>
public sealed class GuardedFiles(IFiles inner, PermissionPolicy policy, IReadOnlyList<JudgedPath> named) : IFiles
{
    /// <inheritdoc/>
    public string Root => inner.Root;

    /// <inheritdoc/>
    public ResolvedPath Resolve(string path, string workingDirectory) => inner.Resolve(path, workingDirectory);

    /// <inheritdoc/>
    public FileEntry? Stat(ResolvedPath path) => WhyNotRead(path) is null ? inner.Stat(path) : null;

    /// <inheritdoc/>
    public Stream OpenRead(ResolvedPath path)
    {
        if (WhyNotRead(path) is { } reason)
        {
            throw new ToolException(reason);
        }

        var stream = inner.OpenRead(path);
        if (stream.CanSeek && StartsWithPrivateKey(stream) && !policy.MayOpenKey(path))
        {
            stream.Dispose();
            throw new ToolException($"{path.Given} is a private key; no tool may read it.");
        }

        return stream;
    }

    /// <inheritdoc/>
    public void Write(ResolvedPath path, ReadOnlySpan<byte> content)
    {
        var call = new CallToJudge("Write", ToolKind.Write, inner.Root, [new JudgedPath(path, FileAccessKind.Write)], []);
        var agreed = named.Any(one => one.Access is FileAccessKind.Write && one.Path.Real == path.Real);
        var refused = policy.WhatDenies(call) ?? (agreed ? null : policy.Judge(call));
        if (refused is { Verdict: not Verdict.Allow })
        {
            throw new ToolException($"{path.Given} may not be written by this call. {refused.Reason}");
        }

        inner.Write(path, content);
    }

    /// <inheritdoc/>
    public IReadOnlyList<FileEntry> List(ResolvedPath directory) =>
        WhyNotRead(directory) is { } reason
            ? throw new ToolException(reason)
            : [.. inner.List(directory).Where(entry => WhyNotRead(Child(directory, entry)) is null)];

    /// <inheritdoc/>
    public bool MayRead(ResolvedPath path) => WhyNotRead(path) is null;

    private string? WhyNotRead(ResolvedPath path)
    {
        var judgement = policy.JudgeReading(path, named.Any(one => PathResolution.IsInside(path.Real, one.Path.Real)));
        return judgement.Verdict switch
        {
            Verdict.Deny => judgement.Reason,
            Verdict.Ask when !named.Any(one => one.Path.Real == path.Real) => $"{judgement.Reason} Name it in a call of its own, so that the person can be asked.",
            _ => null,
        };
    }

    // A link is resolved; for everything else the folder is resolved already.
    private ResolvedPath Child(ResolvedPath folder, FileEntry entry)
    {
        var real = $"{folder.Real.TrimEnd('/')}/{entry.Name}";
        return entry.IsLink ? inner.Resolve(real, inner.Root) : new ResolvedPath(real, $"{folder.Normalised.TrimEnd('/')}/{entry.Name}", real, PathResolution.IsInside(real, inner.Root), entry.Kind);
    }

    private static bool StartsWithPrivateKey(Stream stream)
    {
        Span<byte> start = stackalloc byte[1024];
        var read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        return SensitivePaths.IsPrivateKey(start[..read]);
    }
}
