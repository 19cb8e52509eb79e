using System.Runtime.InteropServices;

namespace Bridle.Workspaces;

/// <summary>The kernel's error numbers that are told apart here.</summary>
internal static class ErrorNumber
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int TooManyArguments = 7;
    public const int NotExecutable = 8;
    public const int Again = 11;
    public const int AccessDenied = 13;
    public const int Busy = 16;
    public const int Exists = 17;
    public const int OtherDevice = 18;
    public const int NotAFolder = 20;
    public const int IsAFolder = 21;
    public const int NoDevice = 6;
    public const int NoSpace = 28;
    public const int ReadOnlyDisk = 30;
    public const int NameTooLong = 36;
    public const int NoSuchCall = 38;
    public const int Loop = 40;
    public const int QuotaExceeded = 122;

    /// <summary>The system's words for it.</summary>
    public static string Text(int error) => Marshal.GetPInvokeErrorMessage(error);
}
