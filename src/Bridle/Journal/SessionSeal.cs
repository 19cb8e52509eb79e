using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Bridle.Journal;

/// <summary>
/// A keyed tag for each record of one session and the head of the chain over them, kept in the state folder. Only as fresh as its last update.
/// File: count (8 bytes), head (32 bytes), 8 bytes for each record, then the stamp of the log's file as it was left (32 bytes), which may be missing.
/// Beside it stands where this installation began to write: what was there before gives nobody authority.
/// </summary>
internal sealed class SessionSeal(string path, Func<byte[]> key)
{
    private const int HeadLength = 40;
    private const int TagLength = 8;
    private const int StampLength = 32;

    /// <summary>How many records were sealed, or 0.</summary>
    public long Count => Peek() is { } seal ? seal.Count : 0;

    /// <summary>
    /// Whether the log's file is the one that was sealed, with the size and the times that it had then: nobody wrote to it since, put another in its place, copied or moved it, unless in
    /// the same tick of the clock. One look, where <see cref="Verify"/> reads everything.
    /// </summary>
    public bool IsAsLeft(SafeFileHandle log, string logPath)
    {
        if (Peek() is not { Count: > 0 } seal || FileIdentity.Of(log, logPath) is not { } now)
        {
            return false;
        }

        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var stamp = new byte[StampLength];
        return RandomAccess.Read(file, stamp, HeadLength + (seal.Count * TagLength)) == StampLength && CryptographicOperations.FixedTimeEquals(stamp, StampOf(now, seal.Count, seal.Head));
    }

    /// <summary>What the process that last had the log open knew of it when it found another one in its place; null when none did, or the log is what it was again.</summary>
    public LeftLog? Left => File.Exists(Aside(path)) ? LeftLog.Of(File.ReadAllText(Aside(path))) : null;

    /// <summary>Remembers what the log was, because it is not that any more. Failing to do so loses only a question.</summary>
    public void Leave(LeftLog left)
    {
        try
        {
            PrivateFiles.MakeFolder(Path.GetDirectoryName(path)!, synced: false);
            using var file = PrivateFiles.Create(Aside(path), FileMode.Create);
            RandomAccess.Write(file, Encoding.ASCII.GetBytes(left.ToString()), 0);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Who has the log open says so all the same.
        }
    }

    /// <summary>The log is what it was.</summary>
    public void Rejoin()
    {
        if (File.Exists(Aside(path)))
        {
            File.Delete(Aside(path));
        }
    }

    /// <summary>Takes in the records that came since the last update, and how the file is left. Failing to do so loses nothing but freshness.</summary>
    public void Update(SafeFileHandle log, string logPath, IReadOnlyList<long> offsets, long size)
    {
        try
        {
            if (Count == offsets.Count && IsAsLeft(log, logPath))
            {
                return;
            }

            var seal = Load() is { } existing && existing.Count <= offsets.Count ? existing : Seal.Empty;
            if (seal.Count == offsets.Count)
            {
                Stamp(log, logPath);
                return;
            }

            var from = offsets[(int)seal.Count];
            var (tags, head) = TagsOf(log, seal.Head, from, size);
            Write(seal.Count, tags, head);
            Stamp(log, logPath);
            Texts(path).Take(log, from, size);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // An old seal says less, never something wrong.
        }
    }

    /// <summary>Whether this installation made the session, or opened it before.</summary>
    public bool IsKnown => File.Exists(path) || File.Exists(Origin(path));

    /// <summary>
    /// The last record that was there before this installation began to write: it may come from anywhere. 0 when it wrote all of them. What is sealed later says nothing about those.
    /// </summary>
    public long LastStrange =>
        !File.Exists(Origin(path)) ? File.Exists(path) ? 0 : long.MaxValue
        : long.TryParse(File.ReadAllText(Origin(path)), NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? last : long.MaxValue;

    /// <summary>Remembers where this installation began to write. Throws what writing files throws.</summary>
    public void Begin(long after)
    {
        // Not synced: what a power cut takes of it only makes a person be asked again.
        PrivateFiles.MakeFolder(Path.GetDirectoryName(path)!, synced: false);
        using var file = PrivateFiles.Create(Origin(path), FileMode.Create);
        RandomAccess.Write(file, Encoding.ASCII.GetBytes(after.ToString(CultureInfo.InvariantCulture)), 0);
    }

    /// <summary>Forgets what was sealed, after a rewrite that a person consented to.</summary>
    public void Forget()
    {
        foreach (var file in new[] { path, Origin(path), Aside(path), Texts(path).Path }.Where(File.Exists))
        {
            File.Delete(file);
        }
    }

    /// <summary>Begins anew with a log that was written as a whole just now: nothing in it gives authority, and what is changed or cut off from here on is missed.</summary>
    public void BeginWith(string log)
    {
        Forget();
        using var file = File.OpenHandle(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var size = RandomAccess.GetLength(file);
        var (tags, head) = TagsOf(file, new byte[32], 0, size);
        Begin(tags.Length / TagLength);
        try
        {
            Write(0, tags, head);
            Stamp(file, log);
            Texts(path).Take(file, 0, size);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // As with an update.
        }
    }

    /// <summary>Goes with a log whose file gets another name by <paramref name="move"/>.</summary>
    public void MoveTo(string newPath, string log, string newLog, Action move)
    {
        // Another name counts as a change of the file.
        using var file = File.OpenHandle(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var isAsLeft = IsAsLeft(file, log);
        move();
        foreach (var (from, to) in new[] { (path, newPath), (Origin(path), Origin(newPath)), (Aside(path), Aside(newPath)), (Texts(path).Path, Texts(newPath).Path) }.Where(pair => File.Exists(pair.Item1)))
        {
            File.Move(from, to, overwrite: true);
        }

        if (isAsLeft)
        {
            new SessionSeal(newPath, key).Stamp(file, newLog);
        }
    }

    /// <summary>Compares a log with the seal.</summary>
    public SealVerdict Verify(SafeFileHandle log, long size)
    {
        if (Load() is not { } seal)
        {
            return new SealVerdict(0, [], 0, IsSealBroken: File.Exists(path));
        }

        var secret = key();
        var head = new byte[32];
        for (var i = 0; i < seal.Count; i++)
        {
            head = Chain(secret, head, seal.Tag(i));
        }

        var changed = new List<long>();
        var n = 0L;
        using var lines = new LogLines(log, 0, size);
        while (n < seal.Count && lines.Next())
        {
            if (!CryptographicOperations.FixedTimeEquals(TagOf(secret, lines.Line.Span), seal.Tag((int)n)))
            {
                changed.Add(n + 1);
            }

            n++;
        }

        return new SealVerdict(seal.Count, changed, seal.Count - n, !CryptographicOperations.FixedTimeEquals(head, seal.Head));
    }

    /// <summary>The text of records as they were sealed, by number, as far as it is kept. Never throws: what cannot be read is not known.</summary>
    public Dictionary<long, string> TextsOf(IReadOnlySet<long> wanted)
    {
        try
        {
            if (wanted.Count > 0 && Load() is { } seal)
            {
                var secret = key();
                return Texts(path).Find(wanted, (n, line) => n <= seal.Count && CryptographicOperations.FixedTimeEquals(TagOf(secret, line.Span), seal.Tag((int)n - 1)));
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It is only for showing.
        }

        return [];
    }

    private static KeptText Texts(string seal) => KeptText.Beside(seal);

    private static string Origin(string seal) => Path.ChangeExtension(seal, ".origin");

    private static string Aside(string seal) => Path.ChangeExtension(seal, ".left");

    private static byte[] TagOf(byte[] secret, ReadOnlySpan<byte> line) => HMACSHA256.HashData(secret, line)[..TagLength];

    private static byte[] Chain(byte[] secret, byte[] head, ReadOnlySpan<byte> tag)
    {
        Span<byte> link = stackalloc byte[head.Length + TagLength];
        head.CopyTo(link);
        tag.CopyTo(link[head.Length..]);
        return HMACSHA256.HashData(secret, link);
    }

    // Its device is left out: many file systems get another number when they are mounted again.
    private byte[] StampOf(FileIdentity left, long count, byte[] head)
    {
        Span<byte> said = stackalloc byte[8 + HeadLength + 32];
        "as left "u8.CopyTo(said);
        BinaryPrimitives.WriteInt64LittleEndian(said[8..], count);
        head.CopyTo(said[16..]);
        BinaryPrimitives.WriteUInt64LittleEndian(said[48..], left.Inode);
        BinaryPrimitives.WriteInt64LittleEndian(said[56..], left.Size);
        BinaryPrimitives.WriteInt64LittleEndian(said[64..], left.Modified);
        BinaryPrimitives.WriteInt64LittleEndian(said[72..], left.Changed);
        return HMACSHA256.HashData(key(), said);
    }

    private void Stamp(SafeFileHandle log, string logPath)
    {
        try
        {
            if (Peek() is { Count: > 0 } seal && FileIdentity.Of(log, logPath) is { } left)
            {
                using var file = PrivateFiles.Create(path, FileMode.OpenOrCreate);
                RandomAccess.Write(file, StampOf(left, seal.Count, seal.Head), HeadLength + (seal.Count * TagLength));
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Whoever opens the log next looks at all of it.
        }
    }

    // One pass: of a log of 100,000 records it takes half a second.
    private (byte[] Tags, byte[] Head) TagsOf(SafeFileHandle log, byte[] head, long from, long size)
    {
        var secret = key();
        using var tags = new MemoryStream();
        using var lines = new LogLines(log, from, size);
        while (lines.Next())
        {
            var tag = TagOf(secret, lines.Line.Span);
            tags.Write(tag);
            head = Chain(secret, head, tag);
        }

        return (tags.ToArray(), head);
    }

    // The head of the file only.
    private (long Count, byte[] Head)? Peek()
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var first = new byte[HeadLength];
        var count = RandomAccess.Read(file, first, 0) == first.Length ? BinaryPrimitives.ReadInt64LittleEndian(first) : -1;
        return count < 0 || count > (RandomAccess.GetLength(file) - HeadLength) / TagLength ? null : (count, first[8..]);
    }

    private Seal? Load()
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < HeadLength)
        {
            return null;
        }

        var count = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        return count >= 0 && bytes.Length >= HeadLength + (count * TagLength) ? new Seal(count, bytes[8..HeadLength], bytes) : null;
    }

    private void Write(long before, byte[] tags, byte[] head)
    {
        PrivateFiles.MakeFolder(Path.GetDirectoryName(path)!);
        using var file = PrivateFiles.Create(path, FileMode.OpenOrCreate);
        RandomAccess.Write(file, tags, HeadLength + (before * TagLength));
        var first = new byte[HeadLength];
        BinaryPrimitives.WriteInt64LittleEndian(first, before + (tags.Length / TagLength));
        head.CopyTo(first, 8);
        RandomAccess.Write(file, first, 0);
    }

    private sealed record Seal(long Count, byte[] Head, byte[] Bytes)
    {
        public static Seal Empty { get; } = new(0, new byte[32], []);

        public ReadOnlySpan<byte> Tag(int index) => Bytes.AsSpan(HeadLength + (index * TagLength), TagLength);
    }
}

/// <summary>What comparing a log with its seal found.</summary>
/// <param name="Sealed">How many records were sealed.</param>
/// <param name="Changed">The numbers of those that are not what they were.</param>
/// <param name="Missing">How many of them are gone from the end.</param>
/// <param name="IsSealBroken">The seal itself was changed or damaged; nothing can be said.</param>
public sealed record SealVerdict(long Sealed, IReadOnlyList<long> Changed, long Missing, bool IsSealBroken)
{
    /// <summary>Whether everything that was sealed is as it was.</summary>
    public bool IsIntact => Changed.Count == 0 && Missing == 0 && !IsSealBroken;
}
