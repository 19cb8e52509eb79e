using System.Runtime.InteropServices;
using System.Text;

namespace Bridle.Cli.Terminals;

/// <summary>
/// Which of its three standard descriptors the program was started without (<c>&lt;&amp;-</c>, <c>&gt;&amp;-</c>). Their numbers then go to the first things that the runtime
/// opens, often the ends of a pipe of its own: nobody ever writes into it, and what is written there nobody reads. Unlike what was handed over such a thing is marked to be
/// closed for other programs.
/// </summary>
internal static partial class ClosedAtStart
{
    private const int GetFlags = 1;
    private const int CloseOnExec = 1;

    /// <summary>Standard input.</summary>
    public static bool Input => IsSo(0);

    /// <summary>Standard output.</summary>
    public static bool Output => IsSo(1);

    /// <summary>Standard error.</summary>
    public static bool Error => IsSo(2);

    private static bool IsSo(int descriptor) => !OperatingSystem.IsWindows() && Control(descriptor, GetFlags) is var flags && (flags < 0 || (flags & CloseOnExec) != 0);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command);

    /// <summary>Takes nothing and says why.</summary>
    public sealed class Writer : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new IOException("it was closed when the program started");

        public override void Write(char[] buffer, int index, int count) => Write(' ');

        public override void Write(string? value) => Write(' ');

        public override void WriteLine(string? value) => Write(' ');
    }
}
