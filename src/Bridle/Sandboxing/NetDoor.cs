using System.Runtime.InteropServices;

namespace Bridle.Sandboxing;

/// <summary>
/// The small program (<c>Native/netdoor.c</c>, about a kilobyte, a millisecond) that stands in front of a confined command which may use the network: it opens
/// <c>127.0.0.1:PORT</c> inside the sandbox, hands that listening socket to the proxy outside and becomes the command.
/// </summary>
public static class NetDoor
{
    /// <summary>Whether there is one for this kind of machine.</summary>
    public static bool IsPresent => Resource is not null;

    private static string? Resource => !OperatingSystem.IsLinux() ? null : RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => "netdoor-x64",
        Architecture.Arm64 => "netdoor-arm64",
        _ => null,
    };

    /// <summary>
    /// Writes it into a private folder and returns its absolute path, to be shown inside the sandbox read-only. Made anew by each session, so that nobody can have
    /// changed it. Throws <see cref="PlatformNotSupportedException"/> where there is none.
    /// </summary>
    public static string Write(string folder)
    {
        using var content = typeof(NetDoor).Assembly.GetManifestResourceStream(Resource ?? throw new PlatformNotSupportedException("There is no network door for this kind of machine."))!;
        var path = Path.Combine(folder, "netdoor");
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        content.CopyTo(file);
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Everybody = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead | Everybody);
        }

        return path;
    }

    /// <summary>The argument vector that runs a program behind the door; all paths are absolute and as they are seen inside.</summary>
    public static IReadOnlyList<string> Before(string door, string socket, int port, string program, IReadOnlyList<string> arguments) =>
        [door, socket, port.ToString(System.Globalization.CultureInfo.InvariantCulture), program, .. arguments];

    /// <summary>The variables by which programs find the proxy.</summary>
    public static IReadOnlyDictionary<string, string> Variables(int port)
    {
        var (http, socks) = ($"http://127.0.0.1:{port}", $"socks5h://127.0.0.1:{port}");
        const string Local = "localhost,127.0.0.1,::1";
        return new Dictionary<string, string>
        {
            ["HTTP_PROXY"] = http, ["http_proxy"] = http, ["HTTPS_PROXY"] = http, ["https_proxy"] = http,
            ["ALL_PROXY"] = socks, ["all_proxy"] = socks, ["NO_PROXY"] = Local, ["no_proxy"] = Local,
            ["NODE_USE_ENV_PROXY"] = "1",
        };
    }
}
