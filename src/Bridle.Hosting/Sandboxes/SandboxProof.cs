using System.Net;
using System.Net.Sockets;
using Bridle.Messages;
using Bridle.Sandboxing;

namespace Bridle.Hosting.Sandboxes;

/// <summary>What came of one forbidden act.</summary>
/// <param name="Act">What was tried.</param>
/// <param name="Refused">Whether it was refused; null when it could not be tried here.</param>
/// <param name="Detail">What the operating system said, or why it could not be tried.</param>
public sealed record ProvedAct(string Act, bool? Refused, string Detail);

/// <summary>Proves a sandbox by trying every forbidden act for real, in a scratch workspace, and looking from outside whether anything came of it.</summary>
public sealed class SandboxProof
{
    private const int Missing = 127;
    private const string Secret = "bridle-proof-secret";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly ISandbox _sandbox;
    private readonly SandboxProfile _profile;
    private readonly string _folder;
    private readonly TimeProvider _time;

    private SandboxProof(ISandbox sandbox, SandboxProfile profile, string folder, TimeProvider time) => (_sandbox, _profile, _folder, _time) = (sandbox, profile, folder, time);

    private string Workspace => _profile.Workspace;

    /// <summary>Tries them all, one after another, below <paramref name="folder"/>, which is made and removed.</summary>
    public static async Task<IReadOnlyList<ProvedAct>> RunAsync(ISandbox sandbox, string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        var workspace = Path.Combine(folder, "ws");
        Directory.CreateDirectory(Path.Combine(workspace, ".git", "hooks"));
        Directory.CreateDirectory(Path.Combine(folder, "masked"));
        File.WriteAllText(Path.Combine(folder, "masked", "key"), Secret);
        try
        {
            var profile = new SandboxProfile
            {
                Workspace = workspace,
                Protected = ProtectedPlaces.Of(workspace, "/"),
                Masked = [Path.Combine(folder, "masked")],
                Limits = SandboxLimits.Default with { Processes = 48, FileSize = 1 << 20, OpenFiles = 64 },
            };
            var acts = new List<ProvedAct>();
            await foreach (var act in new SandboxProof(sandbox, profile, folder, time).TryAllAsync(cancellationToken))
            {
                acts.Add(act);
            }

            return acts;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async IAsyncEnumerable<ProvedAct> TryAllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var beside = Path.Combine(_folder, "beside");
        yield return await TryAsync("write beside the workspace", $"echo x > {Quoted(beside)}", () => File.Exists(beside), cancellationToken);
        yield return await TryAsync("write to the system", "echo x > /etc/bridle-proof", () => File.Exists("/etc/bridle-proof"), cancellationToken);
        yield return await TryAsync("change the kernel's settings", "exec 3>> /proc/sys/kernel/core_pattern", null, cancellationToken);
        yield return await TryAsync("read a hidden secret", $"grep -q {Secret} {Quoted(Path.Combine(_folder, "masked", "key"))}", null, cancellationToken);
        yield return await TryAsync("read what this program knows of its environment", "grep -qz ^BRIDLE_PROOF= /proc/1/environ", null, cancellationToken);
        yield return await TryAsync("see other processes", $"kill -0 {Environment.ProcessId} || test -e /proc/{Environment.ProcessId}/exe", null, cancellationToken);
        yield return await TryNetworkAsync(cancellationToken);
        yield return await TryAsync("resolve a host name", "getent hosts example.com", null, cancellationToken);
        yield return await TryAsync("make the system writable again", "mount -o remount,rw,bind /", null, cancellationToken);
        yield return await TryAsync("make a user namespace", "unshare -Ur true", null, cancellationToken);
        var hook = Path.Combine(Workspace, ".git", "hooks", "post-checkout");
        yield return await TryAsync("plant a hook in .git", $"echo x > {Quoted(hook)}", () => File.Exists(hook), cancellationToken);
        yield return await TryAsync("move .git away", "mv .git .git2", () => Directory.Exists(Path.Combine(Workspace, ".git2")), cancellationToken);
        var tasks = Path.Combine(Workspace, ".vscode", "tasks.json");
        yield return await TryAsync("make editor tasks", $"mkdir -p .vscode; echo x > {Quoted(tasks)}", () => File.Exists(tasks), cancellationToken);
        var servers = Path.Combine(Workspace, ".mcp.json");
        yield return await TryAsync("name tool servers in .mcp.json", $"rm -f {Quoted(servers)}; echo x > {Quoted(servers)}", () => File.Exists(servers), cancellationToken);
        yield return await TryCallAsync("trace a process (ptrace)", 101, 117, "0, 0, 0, 0", cancellationToken);
        yield return await TryCallAsync("go round the filter (io_uring)", 425, 425, "1, 0, 0, 0", cancellationToken);
        yield return await TryCallAsync("make a Unix socket", 41, 198, "1, 1, 0, 0", cancellationToken);
        yield return await TryCallAsync("put input into a terminal (TIOCSTI)", 16, 29, "0, 21522, 0, 0", cancellationToken);
        yield return await TryAsync("fill the disk with one file", "head -c 3000000 /dev/zero > big; test $(stat -c %s big) -gt 1048576", null, cancellationToken);
        yield return await TryAsync("start processes without end", "n=0; while [ $n -lt 80 ]; do sleep 3 & n=$((n+1)); done; set -- /proc/[0-9]*; test $# -gt 60", null, cancellationToken, "sh");
    }

    // The act is refused when its command fails and, where that can be seen from outside, nothing came of it.
    private async Task<ProvedAct> TryAsync(string act, string command, Func<bool>? happened, CancellationToken cancellationToken, string shell = "bash")
    {
        try
        {
            var tried = await ScratchRun.RunAsync(_sandbox, _profile, [shell, "-c", command], Workspace, s_limit, _time, cancellationToken);
            // The last words of the message: the paths before them are those of a scratch folder.
            var said = tried.Output.Trim().Split('\n')[^1].Split(": ")[^1].Trim();
            var refused = happened?.Invoke() is not true && (tried.Code is not 0 || happened is not null);
            return tried.Code is Missing ? new(act, null, $"could not be tried: {said}")
                : new(act, refused, said.Length > 0 ? said : tried.Code switch { null => "ended at its time", 0 when refused => "nothing of it is there afterwards", _ => $"exit code {tried.Code}" });
        }
        catch (ToolException failed)
        {
            // Nothing ran, so that nothing is known of what holds it: bash or what confines it is missing.
            return new(act, null, $"could not be tried: {failed.Message}");
        }
    }

    /// <summary>A server of ours that really listens outside.</summary>
    private async Task<ProvedAct> TryNetworkAsync(CancellationToken cancellationToken)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var port = ((IPEndPoint)server.LocalEndpoint).Port;
        return await TryAsync("reach a server on this machine", $"exec 3<>/dev/tcp/127.0.0.1/{port}", () => server.Pending(), cancellationToken);
    }

    /// <summary>A system call as such, through whichever interpreter is here; it is refused when it fails with EPERM.</summary>
    private Task<ProvedAct> TryCallAsync(string act, int onX64, int onArm64, string arguments, CancellationToken cancellationToken)
    {
        var number = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture is System.Runtime.InteropServices.Architecture.Arm64 ? onArm64 : onX64;
        var perl = $"$! = 0; syscall({number}, {arguments}); exit($!+0 == 1 ? 1 : 0)";
        var python = $"import ctypes, os; l = ctypes.CDLL(None, use_errno=True); l.syscall({number}, {arguments}); raise SystemExit(1 if ctypes.get_errno() == 1 else 0)";
        return TryAsync(act, $"if command -v perl >/dev/null; then perl -e {Quoted(perl)}; elif command -v python3 >/dev/null; then python3 -c {Quoted(python)}; else echo needs perl or python3; exit 127; fi", null, cancellationToken);
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
