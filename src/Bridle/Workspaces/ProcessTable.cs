using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Bridle.Workspaces;

/// <summary>One line of the kernel's process table. <paramref name="Born"/> tells a process from a later one with the same id.</summary>
internal readonly record struct ProcessRow(int Id, int Parent, int Session, char State, ulong Born)
{
    public bool IsEnded => State is 'Z' or 'X';
}

/// <summary>Reads <c>/proc</c>. What goes away while it is read is left out.</summary>
internal static class ProcessTable
{
    private const int Piece = 4096;
    private static readonly string s_ourChildren = $"/proc/self/task/{Environment.ProcessId}/children";
    private static readonly bool s_tellsChildren = File.Exists(s_ourChildren);

    /// <summary>Every process that this one may see.</summary>
    public static Dictionary<int, ProcessRow> All()
    {
        var rows = new Dictionary<int, ProcessRow>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Find(id) is { } row)
            {
                rows[id] = row;
            }
        }

        return rows;
    }

    /// <summary>One process, or null.</summary>
    public static ProcessRow? Find(int id)
    {
        // pid (name) state ppid pgrp session ...: the name may hold anything, also spaces and brackets.
        var text = Read($"/proc/{id}/stat");
        var at = text.LastIndexOf((byte)')');
        if (at < 0)
        {
            return null;
        }

        var fields = text.AsSpan(at + 2);
        var state = (char)fields[0];
        var parent = (int)Field(fields, 1);
        var session = (int)Field(fields, 3);
        return new ProcessRow(id, parent, session, state, Field(fields, 19));
    }

    /// <summary>
    /// The children of this process's first thread. Orphans are given to that thread, so what is not in here was not adopted.
    /// Null when the kernel does not tell.
    /// </summary>
    public static List<int>? ChildrenOfFirstThread()
    {
        if (!s_tellsChildren)
        {
            return null;
        }

        var text = Read(s_ourChildren);
        var children = new List<int>();
        for (var rest = text.AsSpan(); Utf8Parser.TryParse(rest, out int id, out var used); rest = rest[Math.Min(used + 1, rest.Length)..])
        {
            children.Add(id);
        }

        return children;
    }

    /// <summary>Whether it is the first process of a namespace of its own, also when it has ended and was not taken in yet.</summary>
    public static bool IsFirstOfNamespace(int id)
    {
        // Its number here, then in each namespace further in.
        var text = Read($"/proc/{id}/status").AsSpan();
        var at = text.IndexOf("\nNSpid:"u8);
        if (at < 0)
        {
            return false;
        }

        var line = text[(at + 1)..];
        var end = line.IndexOf((byte)'\n');
        return (end < 0 ? line : line[..end]).EndsWith("\t1"u8) && id != 1;
    }

    /// <summary>Whether the environment that the process was started with holds the text.</summary>
    public static bool EnvironmentHolds(int id, string text) => Read($"/proc/{id}/environ").AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    /// <summary>The soft limit on real-time work, by which processes are marked; 0 when there is none.</summary>
    public static ulong MarkOf(int id)
    {
        var text = Read($"/proc/{id}/limits").AsSpan();
        var name = "Max realtime timeout"u8;
        var at = text.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(text[(at + name.Length)..].TrimStart((byte)' '), out ulong mark, out _) ? mark : 0;
    }

    private static ulong Field(ReadOnlySpan<byte> fields, int number)
    {
        for (; number > 0; number--)
        {
            fields = fields[(fields.IndexOf((byte)' ') + 1)..];
        }

        return Utf8Parser.TryParse(fields, out ulong value, out _) ? value : 0;
    }

    // Plainly: what the library does around a read (locks, asking for a length that is always 0) is most of what such a small file costs.
    private static unsafe byte[] Read(string path)
    {
        if (!LinuxCalls.Known)
        {
            return [];
        }

        using var file = LinuxCalls.Open(path, LinuxCalls.ReadOnly, 0, out _);
        if (file is null)
        {
            return [];
        }

        var piece = stackalloc byte[Piece];
        byte[] all = [];
        for (nint count; (count = LinuxProcessCalls.Read((int)file.DangerousGetHandle(), piece, Piece)) > 0;)
        {
            all = [.. all, .. new ReadOnlySpan<byte>(piece, (int)count)];
        }

        return all;
    }
}
