using System.Runtime.InteropServices;

namespace Bridle.Workspaces;

/// <summary>The kernel's <c>struct statx</c>; the same on every processor.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct LinuxStat
{
    [FieldOffset(16)]
    public uint Links;

    [FieldOffset(20)]
    public uint User;

    [FieldOffset(24)]
    public uint Group;

    [FieldOffset(28)]
    public ushort Mode;

    [FieldOffset(32)]
    public ulong Inode;

    [FieldOffset(40)]
    public ulong Length;

    [FieldOffset(96)]
    public long ChangedSeconds;

    [FieldOffset(104)]
    public uint ChangedNanoseconds;

    [FieldOffset(112)]
    public long ModifiedSeconds;

    [FieldOffset(120)]
    public uint ModifiedNanoseconds;

    [FieldOffset(136)]
    public uint DeviceMajor;

    [FieldOffset(140)]
    public uint DeviceMinor;

    public readonly bool IsLink => (Mode & 0xF000) == 0xA000;

    /// <summary>Whether both stand for the very same file.</summary>
    public readonly bool IsSameAs(in LinuxStat other) => Inode == other.Inode && DeviceMajor == other.DeviceMajor && DeviceMinor == other.DeviceMinor;

    public readonly FileKind Kind => (Mode & 0xF000) switch
    {
        0x8000 => FileKind.File,
        0x4000 => FileKind.Directory,
        _ => FileKind.Other,
    };

    public readonly FileEntry Entry(string name) => new(
        name,
        Kind,
        Kind == FileKind.File ? (long)Length : 0,
        // A file system may hold any number; a time that the calendar has not is the nearest that it has.
        DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(ModifiedSeconds, -62135596800, 253402300799)).AddTicks(ModifiedNanoseconds / 100),
        IsLink,
        Mode & 0xFFF) { Links = Kind == FileKind.File ? (int)Links : 1 };
}
