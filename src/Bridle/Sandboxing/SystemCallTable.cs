using System.Runtime.InteropServices;

namespace Bridle.Sandboxing;

/// <summary>The numbers of the system calls that the filter speaks of, for one processor.</summary>
/// <param name="Architecture">How the kernel names the processor (<c>AUDIT_ARCH_*</c>).</param>
/// <param name="FirstForeign">Calls from this number on belong to another way to call the same kernel (x32); 0 when there is none.</param>
/// <param name="Socket"><c>socket</c>.</param>
/// <param name="DeviceControl"><c>ioctl</c>.</param>
/// <param name="Denied">What is refused whatever its arguments, by name.</param>
internal sealed record SystemCallTable(uint Architecture, uint FirstForeign, uint Socket, uint DeviceControl, IReadOnlyDictionary<string, uint> Denied)
{
    /// <summary>The 64-bit processors of AMD and Intel.</summary>
    public static SystemCallTable X64 { get; } = new(0xC000003E, 0x40000000, 41, 16, new Dictionary<string, uint>
    {
        ["ptrace"] = 101, ["process_vm_readv"] = 310, ["process_vm_writev"] = 311, ["kcmp"] = 312, ["pidfd_getfd"] = 438,
        ["io_uring_setup"] = 425, ["io_uring_enter"] = 426, ["io_uring_register"] = 427,
        ["add_key"] = 248, ["request_key"] = 249, ["keyctl"] = 250,
        ["bpf"] = 321, ["perf_event_open"] = 298, ["userfaultfd"] = 323,
        ["mount"] = 165, ["umount2"] = 166, ["pivot_root"] = 155, ["setns"] = 308, ["open_tree"] = 428, ["move_mount"] = 429,
        ["fsopen"] = 430, ["fsconfig"] = 431, ["fsmount"] = 432, ["fspick"] = 433, ["mount_setattr"] = 442,
        ["open_by_handle_at"] = 304, ["kexec_load"] = 246, ["kexec_file_load"] = 320, ["init_module"] = 175, ["finit_module"] = 313, ["delete_module"] = 176,
        ["acct"] = 163, ["swapon"] = 167, ["swapoff"] = 168, ["reboot"] = 169, ["settimeofday"] = 164, ["clock_settime"] = 227,
        ["quotactl"] = 179, ["quotactl_fd"] = 443,
    });

    /// <summary>The 64-bit processors of ARM.</summary>
    public static SystemCallTable Arm64 { get; } = new(0xC00000B7, 0, 198, 29, new Dictionary<string, uint>
    {
        ["ptrace"] = 117, ["process_vm_readv"] = 270, ["process_vm_writev"] = 271, ["kcmp"] = 272, ["pidfd_getfd"] = 438,
        ["io_uring_setup"] = 425, ["io_uring_enter"] = 426, ["io_uring_register"] = 427,
        ["add_key"] = 217, ["request_key"] = 218, ["keyctl"] = 219,
        ["bpf"] = 280, ["perf_event_open"] = 241, ["userfaultfd"] = 282,
        ["mount"] = 40, ["umount2"] = 39, ["pivot_root"] = 41, ["setns"] = 268, ["open_tree"] = 428, ["move_mount"] = 429,
        ["fsopen"] = 430, ["fsconfig"] = 431, ["fsmount"] = 432, ["fspick"] = 433, ["mount_setattr"] = 442,
        ["open_by_handle_at"] = 265, ["kexec_load"] = 104, ["kexec_file_load"] = 294, ["init_module"] = 105, ["finit_module"] = 273, ["delete_module"] = 106,
        ["acct"] = 89, ["swapon"] = 224, ["swapoff"] = 225, ["reboot"] = 142, ["settimeofday"] = 170, ["clock_settime"] = 112,
        ["quotactl"] = 60, ["quotactl_fd"] = 443,
    });

    /// <summary>The table for this machine, or null when there is none for its processor.</summary>
    public static SystemCallTable? Here => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => X64,
        System.Runtime.InteropServices.Architecture.Arm64 => Arm64,
        _ => null,
    };
}
