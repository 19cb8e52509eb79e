using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>
/// The names of containers that Bridle makes. Each tells in its 32 digits who made it: this machine since it was switched on, the process and when that was born, and
/// a number by chance. So one whose maker was killed is known for what it is, in every engine.
/// </summary>
internal static partial class ContainerName
{
    private const string Prefix = "bridle-";
    private static readonly uint s_machine = Machine();

    /// <summary>A new one, of this process.</summary>
    public static string Make()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, s_machine);
        BinaryPrimitives.WriteInt32BigEndian(bytes[4..], Environment.ProcessId);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[8..], BornOf(Environment.ProcessId) ?? 0);
        RandomNumberGenerator.Fill(bytes[12..]);
        return Prefix + Convert.ToHexStringLower(bytes);
    }

    /// <summary>Whether it was made on this machine by a process that is gone. Of what another machine or another container made nothing is known.</summary>
    public static bool IsLeft(string name)
    {
        if (!Shape().IsMatch(name))
        {
            return false;
        }

        var bytes = Convert.FromHexString(name[Prefix.Length..]);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes) == s_machine && s_machine != 0
            && BornOf(BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(4))) != BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(8));
    }

    private static uint? BornOf(int id) => ProcessTable.Find(id) is { IsEnded: false } row ? (uint)row.Born : null;

    // Process numbers are those of one namespace, from one start of the machine to the next.
    private static uint Machine()
    {
        const string Start = "/proc/sys/kernel/random/boot_id";
        return LinuxCalls.Known && File.Exists(Start) && LinuxCalls.ReadLink("/proc/self/ns/pid") is { } numbers
            ? BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(File.ReadAllText(Start) + numbers)))
            : 0;
    }

    [GeneratedRegex("^bridle-[0-9a-f]{32}$", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
