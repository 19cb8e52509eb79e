using System.Diagnostics;
using System.Net.Sockets;
using Bridle.Hosting.Networking;
using Bridle.Sandboxing;

namespace Bridle.Hosting.Tests.Networking;

public sealed class ConfinedNetworkTests : IAsyncDisposable
{
    private readonly ProxyStage _stage = new([]);

    public async ValueTask DisposeAsync() => await _stage.DisposeAsync();

    [Fact]
    public async Task A_program_without_network_reaches_an_allowed_host_through_the_door_and_no_other()
    {
        await using var network = Open("good.example");
        Assert.Equal((0, "served"), await RunAsync(network, "curl -sS -k -m 20 https://good.example/"));
        Assert.Empty(network.Refused.Since(0));
        var (code, output) = await RunAsync(network, "curl -sS -k -m 20 https://bad.example/");
        Assert.True(code != 0, output);
        Assert.Contains("bad.example:443 was not reached", Assert.Single(network.Refused.Since(0)), StringComparison.Ordinal);
        Assert.Contains("allowedDomains", Assert.Single(network.Refused.Since(0)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_proxy_s_variables_there_is_no_way_out()
    {
        await using var network = Open("good.example");
        var (_, output) = await RunAsync(network, "unset ${!HTTP*} ${!http*} ${!ALL*} ${!all*}; curl -sS -m 5 http://good.example/; curl -sS -m 5 http://93.184.216.34/; getent hosts good.example; echo done");
        Assert.DoesNotContain("served", output, StringComparison.Ordinal);
        Assert.EndsWith("done\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_gets_its_arguments_and_its_exit_code_is_its_own()
    {
        await using var network = Open("good.example");
        Assert.Equal((7, "a b|c\n"), await RunAsync(network, "echo \"a b|c\"; exit 7"));
    }

    [Fact]
    public async Task Numbers_that_scripts_use_are_free_and_the_network_outlives_their_use()
    {
        await using var network = Open("good.example");
        Assert.Equal((0, "served"), await RunAsync(network, "exec 3>/dev/null 4>/dev/null 5>/dev/null 9>/dev/null; exec 3>&- 4>&- 5>&-; curl -sS -k -m 20 https://good.example/"));
    }

    [Theory]
    [InlineData(513)]
    [InlineData(512)]
    [InlineData(100)]
    [InlineData(32)]
    public async Task A_low_limit_on_open_files_does_not_close_the_door(int openFiles)
    {
        await using var network = Open("good.example");
        Assert.Equal((0, $"{openFiles}\nserved"), await RunAsync(network, "ulimit -n; curl -sS -k -m 20 https://good.example/", openFiles));
    }

    [Fact]
    public async Task Two_programs_at_once_have_a_door_each()
    {
        await using var network = Open("good.example");
        var both = await Task.WhenAll(RunAsync(network, "curl -sS -k -m 20 https://good.example/"), RunAsync(network, "curl -sS -k -m 20 http://good.example/"));
        Assert.All(both, one => Assert.Equal((0, "served"), one));
    }

    [Fact]
    public async Task Something_else_than_a_listening_socket_is_closed_and_harms_nobody()
    {
        await using var network = Open("good.example");
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(network.Network.Socket));
            await socket.SendAsync("h"u8.ToArray());
            Assert.Equal(0, await socket.ReceiveAsync(new byte[1]).WaitAsync(TimeSpan.FromSeconds(20)));
        }

        Assert.Equal((0, "served"), await RunAsync(network, "curl -sS -k -m 20 https://good.example/"));
    }

    [Fact]
    public async Task The_socket_is_this_user_s_alone_and_gone_with_the_session()
    {
        var network = Open("good.example");
        var folder = Path.GetDirectoryName(network.Network.Socket)!;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(network.Network.Socket));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        await network.DisposeAsync();
        await network.DisposeAsync();
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void Without_rules_nothing_is_opened() => Assert.Null(ConfinedNetwork.Open(DomainRules.Nothing, TimeProvider.System));

    [Theory]
    [InlineData("gcc", "x64")]
    [InlineData("aarch64-linux-gnu-gcc", "arm64")]
    public async Task The_door_that_is_shipped_is_the_one_that_its_source_says(string compiler, string machine)
    {
        // Another version of the compiler makes other bytes; then the source is at least built and run by the tests above it was made with.
        const string Known = "12.2.0";
        var version = await OutputAsync("sh", "-c", $"command -v {compiler} >/dev/null && {compiler} -dumpfullversion || true");
        Assert.SkipUnless(version.Trim() == Known, $"{compiler} {Known} is not here");
        var root = Root();
        var folder = Directory.CreateTempSubdirectory("bridle-netdoor-");
        try
        {
            await OutputAsync(Path.Combine(root, "eng/build-netdoor"), folder.FullName);
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(folder.FullName, $"netdoor-{machine}")), await File.ReadAllBytesAsync(Path.Combine(root, $"src/Bridle/Sandboxing/Native/netdoor-{machine}")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private ConfinedNetwork Open(params string[] allow) =>
        ConfinedNetwork.Open(new DomainRules([.. allow.Select(ProxyStage.Rule)], []), _stage.DialAsync, TimeProvider.System)!;

    private static async Task<(int Code, string Output)> RunAsync(ConfinedNetwork network, string command, int? openFiles = null)
    {
        string[] confined =
        [
            "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc",
            "--tmpfs", "/tmp", "--ro-bind", network.Network.Door, network.Network.Door, "--bind", network.Network.Socket, network.Network.Socket, "--chdir", "/tmp",
            .. NetDoor.Variables(network.Network.Port).SelectMany(one => new[] { "--setenv", one.Key, one.Value }), "--",
            .. NetDoor.Before(network.Network.Door, network.Network.Socket, network.Network.Port, "/bin/bash", ["-c", command]),
        ];
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", openFiles is { } most ? $"ulimit -n {most}; exec bwrap \"$@\"" : "exec bwrap \"$@\"", "sh", .. confined]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, process.ExitCode is 0 or 7 ? output : output + await error);
    }

    private static async Task<string> OutputAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        return await process.StandardOutput.ReadToEndAsync();
    }

    private static string Root([System.Runtime.CompilerServices.CallerFilePath] string source = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "../../.."));
}
