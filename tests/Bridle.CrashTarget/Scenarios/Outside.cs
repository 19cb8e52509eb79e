using System.Runtime.InteropServices;
using System.Text;

namespace Bridle.CrashTarget.Scenarios;

/// <summary>What is kept outside of the log, by single writes in append mode: it tells what really happened, whatever the log says.</summary>
internal static partial class Outside
{
    private const int WriteOnlyCreateAppend = 0x1 | 0x40 | 0x400;
    private const int Kill = 9;

    public static void Append(string path, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var file = Open(path, WriteOnlyCreateAppend, 0x180);
        if (file < 0 || Write(file, bytes, bytes.Length) != bytes.Length || Close(file) != 0)
        {
            throw new IOException($"{path} could not be written (error {Marshal.GetLastPInvokeError()}).");
        }
    }

    /// <summary>Ends this process as <c>kill -9</c> does.</summary>
    public static void Die()
    {
        _ = Kill_(Environment.ProcessId, Kill);
        Thread.Sleep(Timeout.Infinite);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int file, byte[] bytes, nint count);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill_(int process, int signal);
}
