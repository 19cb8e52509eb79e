using System.Buffers.Binary;

namespace Bridle.Sandboxing;

/// <summary>
/// The program by which the kernel judges each system call of a confined program (classic BPF, as seccomp takes it). Everything is allowed but what reaches into
/// other processes, opens side doors around the calls that are watched, or changes the machine; a refused call fails with EPERM.
/// </summary>
internal static class SystemCallFilter
{
    private const ushort LoadWord = 0x20;
    private const ushort JumpEqual = 0x15;
    private const ushort JumpAtLeast = 0x35;
    private const ushort Return = 0x06;

    private const uint Allow = 0x7FFF0000;
    private const uint Refuse = 0x00050000 | 1;
    private const uint KillProcess = 0x80000000;

    // The kernel's struct seccomp_data. Only the low half of an argument counts where the kernel takes an int, whatever the high half says.
    private const uint NumberAt = 0;
    private const uint ArchitectureAt = 4;
    private const uint FirstArgumentAt = 16;
    private const uint SecondArgumentAt = 24;

    private const uint UnixFamily = 1;
    private const uint NetlinkFamily = 16;

    // More than the kernel has.
    private const int Families = 64;

    // Kernel crypto and virtual machine sockets reach past the network namespace.
    private static readonly uint[] s_families = [38, 40];

    // TIOCSTI and TIOCLINUX put input into a terminal.
    private static readonly uint[] s_terminal = [0x5412, 0x541C];

    /// <summary>
    /// The program as bytes. <paramref name="unixSockets"/>: programs may make Unix sockets. <paramref name="kill"/>: a refused call ends the program.
    /// <paramref name="network"/>: they may make sockets of every other kind but the few that reach past a network namespace; else of none but netlink.
    /// </summary>
    public static byte[] Compile(SystemCallTable table, bool unixSockets, bool kill = false, bool network = true)
    {
        var refuse = kill ? KillProcess : Refuse;
        var code = new List<(ushort Code, byte True, byte False, uint Value)>
        {
            (LoadWord, 0, 0, ArchitectureAt),
            (JumpEqual, 1, 0, table.Architecture),
            (Return, 0, 0, KillProcess),
            (LoadWord, 0, 0, NumberAt),
        };
        if (table.FirstForeign != 0)
        {
            code.Add((JumpAtLeast, 0, 1, table.FirstForeign));
            code.Add((Return, 0, 0, refuse));
        }

        foreach (var number in table.Denied.Values.Order())
        {
            code.Add((JumpEqual, 0, 1, number));
            code.Add((Return, 0, 0, refuse));
        }

        AddArgument(code, table.DeviceControl, SecondArgumentAt, s_terminal, refuse);
        var families = network ? s_families : Array.ConvertAll([.. Enumerable.Range(0, Families).Where(one => one is not ((int)UnixFamily or (int)NetlinkFamily))], one => (uint)one);
        AddArgument(code, table.Socket, FirstArgumentAt, unixSockets ? families : [.. families, UnixFamily], refuse);
        code.Add((Return, 0, 0, Allow));
        return Encode(code);
    }

    // A call that is refused for some values of one argument: past the block when it is another call.
    private static void AddArgument(List<(ushort Code, byte True, byte False, uint Value)> code, uint number, uint argument, uint[] values, uint refuse)
    {
        code.Add((JumpEqual, 0, (byte)((values.Length * 2) + 2), number));
        code.Add((LoadWord, 0, 0, argument));
        foreach (var value in values)
        {
            code.Add((JumpEqual, 0, 1, value));
            code.Add((Return, 0, 0, refuse));
        }

        code.Add((Return, 0, 0, Allow));
    }

    private static byte[] Encode(List<(ushort Code, byte True, byte False, uint Value)> code)
    {
        var bytes = new byte[code.Count * 8];
        for (var at = 0; at < code.Count; at++)
        {
            var one = bytes.AsSpan(at * 8, 8);
            BinaryPrimitives.WriteUInt16LittleEndian(one, code[at].Code);
            one[2] = code[at].True;
            one[3] = code[at].False;
            BinaryPrimitives.WriteUInt32LittleEndian(one[4..], code[at].Value);
        }

        return bytes;
    }
}
