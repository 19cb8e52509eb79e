using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bridle.Journal;
using Bridle.Workspaces;

namespace Bridle.Hosting.Trust;

/// <summary>A folder that a person trusts.</summary>
/// <param name="Path">Its path without links.</param>
/// <param name="Identity">Which folder on the disk stood there when it was trusted.</param>
/// <param name="At">When it was trusted.</param>
/// <param name="Approved">What of it may run: kind and SHA-256 of the content, as <c>hook:9f86…</c>.</param>
public sealed record TrustedFolder(string Path, string Identity, DateTimeOffset At, IReadOnlyList<string> Approved);

/// <summary>A folder that a person was asked about and did not trust.</summary>
/// <param name="Path">Its path without links.</param>
/// <param name="Asked">SHA-256 of what was shown; other contents are asked about again.</param>
internal sealed record DeclinedFolder(string Path, string Asked);

/// <summary>What the file holds.</summary>
internal sealed record StoredTrust(List<TrustedFolder> Trusted, List<DeclinedFolder> Declined);

/// <summary>
/// The folders that a person trusts, kept in the state folder. A folder is trusted by its path without links and by what stands there: another folder moved to that path is not.
/// Trust covers the folders below it as long as they belong to the same repository. A damaged file trusts nothing and says so.
/// What is changed is changed in what the file holds at that moment, also when several programs change it at once; an instance itself is not for concurrent use.
/// </summary>
public sealed class FolderTrust
{
    private readonly string _file;
    private readonly List<TrustedFolder> _folders = [];
    private readonly List<DeclinedFolder> _declined = [];

    private FolderTrust(string file) => _file = file;

    /// <summary>Why the stored trust cannot be used, in words for a person, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Every folder that was trusted, by path.</summary>
    public IReadOnlyList<TrustedFolder> Folders => [.. _folders.OrderBy(folder => folder.Path, StringComparer.Ordinal)];

    /// <summary>Reads what is stored in the state folder.</summary>
    public static FolderTrust Read(string stateFolder)
    {
        var trust = new FolderTrust(Path.Combine(stateFolder, "trust.json"));
        trust.Load();
        return trust;
    }

    private void Load()
    {
        _folders.Clear();
        _declined.Clear();
        Problem = null;
        try
        {
            if (!File.Exists(_file))
            {
                return;
            }

            var stored = JsonSerializer.Deserialize(File.ReadAllBytes(_file), TrustJson.Default.StoredTrust);
            if (stored is not { Trusted: { } trusted, Declined: { } declined }
                || trusted.Any(folder => folder is null || !Path.IsPathFullyQualified(folder.Path ?? "") || folder.Identity is null || folder.Approved is null)
                || declined.Any(folder => folder is null || folder.Path is null || folder.Asked is null))
            {
                throw new JsonException("An entry is incomplete.");
            }

            _folders.AddRange(trusted);
            _declined.AddRange(declined);
        }
        catch (Exception unusable) when (unusable is JsonException or IOException or UnauthorizedAccessException)
        {
            Problem = $"{_file} cannot be read ({unusable.GetType().Name}), so no folder is trusted. Remove it and trust your folders again with `bridle trust`.";
        }
    }

    /// <summary>Whether the folder, or the part of its repository above it, is trusted.</summary>
    public bool IsTrusted(string folder) => Find(folder) is not null;

    /// <summary>The path without links under which the folder is trusted, or that of the part of its repository above it; null where neither is.</summary>
    public string? PathOf(string folder) => Find(folder)?.Path;

    /// <summary>Whether the folder is trusted and this very content of it may run.</summary>
    /// <param name="folder">The folder that is worked in.</param>
    /// <param name="kind">What runs, such as <c>hook</c>.</param>
    /// <param name="content">All that decides what runs: the command, the arguments, the file that is started.</param>
    public bool IsApproved(string folder, string kind, string content) => Find(folder)?.Approved.Contains(Key(kind, content)) is true;

    /// <summary>Trusts the folder from now on. Throws <see cref="IOException"/> when that cannot be stored, <see cref="DirectoryNotFoundException"/> for a folder that is not there.</summary>
    public void Trust(string folder, DateTimeOffset at)
    {
        var real = RealOf(folder);
        Change(() => Add(real, at));
    }

    /// <summary>Trusts the folder, unless it is trusted as it stands, and lets these contents run beside those that may already. Throws as <see cref="Trust"/> does.</summary>
    public void Accept(string folder, DateTimeOffset at, IEnumerable<(string Kind, string Content)> contents)
    {
        var real = RealOf(folder);
        Change(() =>
        {
            if (Find(folder) is null)
            {
                Add(real, at);
            }

            Allow(folder, contents);
            return true;
        });
    }

    /// <summary>Lets these contents run, beside those that may already. The folder must be trusted.</summary>
    public void Approve(string folder, IEnumerable<(string Kind, string Content)> contents) => Change(() =>
    {
        Allow(folder, contents);
        return true;
    });

    /// <summary>Remembers that the person saw this and did not trust the folder.</summary>
    public void Decline(string folder, string shown)
    {
        if (RealFolder.Of(folder) is { } real)
        {
            Change(() =>
            {
                var declined = new DeclinedFolder(real.Path, Key("shown", shown));
                if (_declined.Contains(declined))
                {
                    return false;
                }

                _declined.RemoveAll(known => known.Path == real.Path);
                _declined.Add(declined);
                return true;
            });
        }
    }

    /// <summary>Whether the person saw this very text about the folder and did not trust it.</summary>
    public bool WasDeclined(string folder, string shown) => RealFolder.Of(folder) is { } real && _declined.Contains(new(real.Path, Key("shown", shown)));

    /// <summary>No longer trusts the folder; its approvals go with it. False when nothing was stored for it.</summary>
    public bool Revoke(string folder)
    {
        // Also a folder that is gone, or that something else replaced, must be removable.
        var path = RealFolder.Of(folder)?.Path ?? Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var found = false;
        Change(() => found = _folders.RemoveAll(known => known.Path == path) > 0);
        return found;
    }

    private static RealFolder RealOf(string folder) => RealFolder.Of(folder) ?? throw new DirectoryNotFoundException($"The folder {folder} does not exist.");

    private bool Add(RealFolder real, DateTimeOffset at)
    {
        var before = _folders.Find(known => known.Path == real.Path && known.Identity == real.Identity);
        _folders.RemoveAll(known => known.Path == real.Path);
        _folders.Add(new(real.Path, real.Identity, at, before?.Approved ?? []));
        return true;
    }

    private void Allow(string folder, IEnumerable<(string Kind, string Content)> contents)
    {
        var found = Find(folder) ?? throw new InvalidOperationException($"{folder} is not trusted.");
        _folders[_folders.IndexOf(found)] = found with { Approved = [.. found.Approved.Union(contents.Select(content => Key(content.Kind, content.Content)))] };
    }

    private TrustedFolder? Find(string folder) => FindStored(folder) ?? (MainOf(folder) is { } main ? FindStored(main) : null);

    // A worktree is the same repository in another place; its own repository says so.
    private static string? MainOf(string folder) => RealFolder.Of(folder)?.Repository() is { } root ? LinkedWorktree.Of(root)?.Main : null;

    private TrustedFolder? FindStored(string folder)
    {
        if (RealFolder.Of(folder) is not { } real)
        {
            return null;
        }

        return _folders.Find(known => known.Path == real.Path && known.Identity == real.Identity)
            ?? (real.Repository() is { } repository ? _folders.Find(known => Covers(known, real, repository)) : null);
    }

    private static bool Covers(TrustedFolder known, RealFolder real, string repository) =>
        real.Path.StartsWith(known.Path.TrimEnd('/') + Path.DirectorySeparatorChar, StringComparison.Ordinal)
        && RealFolder.Of(known.Path) is { } standing && standing.Path == known.Path && standing.Identity == known.Identity && standing.Repository() == repository;

    private static string Key(string kind, string content) => $"{kind}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}";

    // What another program revoked since this was read must not come back with what is changed here.
    private void Change(Func<bool> change)
    {
        if (Path.GetDirectoryName(_file) is { } folder)
        {
            BridleFolders.CreatePrivate(folder);
        }

        using var alone = FileLock.Take($"{_file}.lock");
        Load();
        if (Problem is not null)
        {
            throw new IOException(Problem);
        }

        if (change())
        {
            PrivateFiles.Replace(_file, JsonSerializer.SerializeToUtf8Bytes(new(_folders, _declined), TrustJson.Default.StoredTrust));
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(StoredTrust))]
internal sealed partial class TrustJson : JsonSerializerContext;
