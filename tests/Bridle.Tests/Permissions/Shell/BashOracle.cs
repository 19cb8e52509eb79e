using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Bridle.Tests.Permissions.Shell;

/// <summary>
/// Runs texts in real bash under a system call trace and says which of their programs and files it touched. Everything runs confined: no capabilities, no network,
/// read-only system, an own process namespace, bounds on processes, memory, file size and time.
/// </summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
internal sealed partial class BashOracle : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bridle-oracle").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The names that were executed or opened.</summary>
    public async Task<HashSet<string>> RunAsync(IReadOnlyList<GeneratedText> texts)
    {
        foreach (var name in new[] { "stubs", "texts", "out" })
        {
            Directory.CreateDirectory(Path.Combine(_folder, name));
        }

        for (var i = 0; i < texts.Count; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, "texts", $"{i:00000}"), texts[i].Text);
            for (var j = 0; j < texts[i].Programs.Count; j++)
            {
                // Some succeed and some fail, so that both ways of a branch are taken.
                File.CreateSymbolicLink(Path.Combine(_folder, "stubs", texts[i].Programs[j]), j % 3 == 1 ? "/usr/bin/false" : "/usr/bin/true");
            }
        }

        await File.WriteAllTextAsync(Path.Combine(_folder, "driver"), "cd /texts; set -- *; cd /w; mkdir \"$@\"; for t do cd \"/w/$t\"; timeout -s KILL 2 bash \"/texts/$t\" </dev/null >/dev/null 2>&1; done; exit 0\n");
        var trace = Path.Combine(_folder, "out", "trace");
        File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(Path.Combine(_folder, "out"), (UnixFileMode)0x1ff);

        // Every opened file stops for the trace, so nothing is opened that need not be: no locale, and libraries by their cache.
        List<string> command =
        [
            .. Environment.UserName == "root" ? new[] { "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups" } : [],
            "prlimit", "--nproc=400", "--as=2000000000", "--fsize=50000000", "--",
            "strace", "-f", "-qq", "--seccomp-bpf", "-s", "200", "-e", "trace=execve,openat,open,creat", "-e", "signal=none", "-o", trace,
            "bwrap", "--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib",
            "--symlink", "usr/lib64", "/lib64", "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--size", "200000000", "--tmpfs", "/w", "--ro-bind", Path.Combine(_folder, "stubs"), "/stubs", "--ro-bind", Path.Combine(_folder, "texts"), "/texts",
            "--ro-bind", Path.Combine(_folder, "driver"), "/driver", "--clearenv", "--setenv", "PATH", "/stubs:/usr/bin:/bin", "--setenv", "LC_ALL", "C", "--chdir", "/", "bash", "/driver",
        ];
        await RunAsync(command);
        return [.. Name().Matches(await File.ReadAllTextAsync(trace)).Select(match => match.Groups[1].Value)];
    }

    /// <summary>Which of the texts <c>bash -n</c> takes.</summary>
    public async Task<bool[]> AcceptsAsync(IReadOnlyList<GeneratedText> texts)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "syntax")).FullName;
        for (var i = 0; i < texts.Count; i++)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, $"{i:00000}"), texts[i].Text);
        }

        var output = await RunAsync(["bash", "-c", "cd \"$0\"; export LC_ALL=C; ulimit -t 5; for t in *; do e=$(bash -n \"$t\" 2>&1) && [[ $e != *'syntax error'* ]] && echo 1 || echo 0; done", folder]);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line == "1")];
    }

    private static async Task<string> RunAsync(IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0 || command[0] is not ("setpriv" or "prlimit"), $"exit {process.ExitCode}: {await errors}");
        return output;
    }

    // An execve or an open whose path ends in one of our names.
    [GeneratedRegex("""(?:execve\(|creat\(|open\(|openat\([^,]*, )"(?:[^"]*/)?([qw][a-z]{7})"[,)]""")]
    private static partial Regex Name();
}
