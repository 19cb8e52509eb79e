using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Bridle.Sandboxing;

namespace Bridle.Tests.Sandboxing;

public sealed class SystemCallFilterTests
{
    private const uint Allow = 0x7FFF0000;
    private const uint Refused = 0x00050001;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Only_what_is_on_the_list_is_refused(bool arm)
    {
        var table = arm ? SystemCallTable.Arm64 : SystemCallTable.X64;
        var filter = SystemCallFilter.Compile(table, unixSockets: false);

        for (uint number = 0; number < 500; number++)
        {
            if (number != table.Socket && number != table.DeviceControl)
            {
                Assert.Equal(table.Denied.Values.Contains(number) ? Refused : Allow, Judge(filter, table.Architecture, number, 0, 0));
            }
        }

        Assert.Equal(Refused, Judge(filter, table.Architecture, table.DeviceControl, 0, 0x5412));
        Assert.Equal(Refused, Judge(filter, table.Architecture, table.DeviceControl, 0, 0xFFFFFFFF00005412));
        Assert.Equal(Allow, Judge(filter, table.Architecture, table.DeviceControl, 0, 0x5401));
        Assert.Equal(Refused, Judge(filter, table.Architecture, table.Socket, 1, 0));
        Assert.Equal(Refused, Judge(filter, table.Architecture, table.Socket, 0x100000001, 0));
        Assert.Equal(Refused, Judge(filter, table.Architecture, table.Socket, 40, 0));
        Assert.Equal(Allow, Judge(filter, table.Architecture, table.Socket, 2, 0));
        Assert.Equal(Allow, Judge(SystemCallFilter.Compile(table, unixSockets: true), table.Architecture, table.Socket, 1, 0));
    }

    [Fact]
    public void Another_way_to_call_the_kernel_is_no_way_round()
    {
        var filter = SystemCallFilter.Compile(SystemCallTable.X64, unixSockets: true);

        Assert.Equal(0x80000000, Judge(filter, 0x40000003, 26, 0, 0));
        Assert.Equal(Refused, Judge(filter, SystemCallTable.X64.Architecture, 0x40000000 + 39, 0, 0));
    }

    [Fact]
    public void A_filter_for_checks_ends_the_program_where_the_other_refuses()
    {
        var (filter, kills) = (SystemCallFilter.Compile(SystemCallTable.X64, false), SystemCallFilter.Compile(SystemCallTable.X64, false, kill: true));

        Assert.Equal(Refused, Judge(filter, SystemCallTable.X64.Architecture, 101, 0, 0));
        Assert.Equal(0x80000000, Judge(kills, SystemCallTable.X64.Architecture, 101, 0, 0));
        Assert.Equal(Allow, Judge(kills, SystemCallTable.X64.Architecture, 39, 0, 0));
    }

    // The numbers are copied from headers by hand; the library that everybody uses has them from the kernel.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public unsafe void The_numbers_are_those_that_libseccomp_knows(bool arm)
    {
        if (!NativeLibrary.TryLoad("libseccomp.so.2", out var library))
        {
            Assert.Skip("libseccomp is not installed.");
        }

        var resolve = (delegate* unmanaged<uint, byte*, int>)NativeLibrary.GetExport(library, "seccomp_syscall_resolve_name_arch");
        var table = arm ? SystemCallTable.Arm64 : SystemCallTable.X64;
        foreach (var (name, number) in table.Denied.Append(new("socket", table.Socket)).Append(new("ioctl", table.DeviceControl)))
        {
            var text = Marshal.StringToCoTaskMemUTF8(name);
            var known = resolve(table.Architecture, (byte*)text);
            Marshal.FreeCoTaskMem(text);

            // Negative: this version of the library is older than the call.
            Assert.True(known < 0 || known == number, $"{name} is {known} and not {number}");
        }
    }

    private static uint Judge(byte[] filter, uint architecture, uint number, ulong first, ulong second)
    {
        var data = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(data, number);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(4), architecture);
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(16), first);
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(24), second);
        uint held = 0;
        for (var at = 0; ; at++)
        {
            var one = filter.AsSpan(at * 8, 8);
            var value = BinaryPrimitives.ReadUInt32LittleEndian(one[4..]);
            switch (BinaryPrimitives.ReadUInt16LittleEndian(one))
            {
                case 0x20:
                    held = BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan((int)value));
                    break;
                case 0x15:
                    at += held == value ? one[2] : one[3];
                    break;
                case 0x35:
                    at += held >= value ? one[2] : one[3];
                    break;
                case 0x06:
                    return value;
                default:
                    throw new InvalidOperationException("An instruction that the filter does not use.");
            }
        }
    }
}
