using Bridle.Messages;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Tests.Workspaces;

public sealed class ChildEnvironmentTests : IDisposable
{
    private static readonly Dictionary<string, string> s_ours = new()
    {
        ["PATH"] = "/usr/bin:/bin", ["HOME"] = "/home/me", ["LANG"] = "C.UTF-8", ["LC_ALL"] = "C", ["TZ"] = "UTC", ["USER"] = "me", ["LOGNAME"] = "me",
        ["SHELL"] = "/bin/sh", ["TMPDIR"] = "/var/tmp", ["XDG_CONFIG_HOME"] = "/home/me/conf", ["TERM"] = "xterm-256color", ["OPENAI_API_KEY"] = "key", ["ANTHROPIC_API_KEY"] = "key", ["LD_PRELOAD"] = "/evil.so",
        ["LD_LIBRARY_PATH"] = "/evil", ["DOTNET_STARTUP_HOOKS"] = "/evil.dll", ["NODE_OPTIONS"] = "--require evil", ["PYTHONSTARTUP"] = "/evil.py", ["PYTHONPATH"] = "/evil",
        ["PERL5OPT"] = "-Mevil", ["BASH_ENV"] = "/evil.sh", ["ENV"] = "/evil.sh", ["GIT_SSH_COMMAND"] = "evil", ["PAGER"] = "evil", ["EDITOR"] = "evil", ["IFS"] = "x",
        ["WANTED"] = "yes",
    };

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Programs_get_the_short_list_and_nothing_else()
    {
        var outcome = await RunOutcome.OfAsync(new LocalProcesses(s_ours, [], spawns: true), _folder.Path, "env");

        var lines = outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("BRIDLE_CALL=", StringComparison.Ordinal));
        Assert.Equal(
            [
                "DEBIAN_FRONTEND=noninteractive", "GIT_PAGER=cat", "GIT_TERMINAL_PROMPT=0", "HOME=/home/me", "LANG=C.UTF-8", "LC_ALL=C", "LOGNAME=me", "PAGER=cat",
                "PATH=/usr/bin:/bin", "SHELL=/bin/sh", "TERM=dumb", "TMPDIR=/var/tmp", "TZ=UTC", "USER=me", "XDG_CONFIG_HOME=/home/me/conf",
            ],
            lines.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_portable_way_passes_the_same()
    {
        var spawned = await RunOutcome.OfAsync(new LocalProcesses(s_ours, [], spawns: true), _folder.Path, "env");
        var portable = await RunOutcome.OfAsync(new LocalProcesses(s_ours, [], spawns: false), _folder.Path, "/usr/bin/env");

        Assert.Equal(
            spawned.Output.Split('\n').Where(line => !line.StartsWith("BRIDLE_CALL=", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            portable.Output.Split('\n').Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Named_variables_pass_and_the_spec_wins()
    {
        var processes = new LocalProcesses(s_ours, ["WANTED", "EDITOR"], spawns: true);
        var seen = new MemoryStream();
        await using var process = processes.Start(new ProcessSpec("sh", ["-c", "echo $WANTED $EDITOR $PAGER $MORE"], _folder.Path)
        {
            Environment = new Dictionary<string, string> { ["PAGER"] = "less", ["MORE"] = "a=b" },
            OnOutput = chunk => seen.Write(chunk.Bytes.Span),
        });
        await process.Exit;

        Assert.Equal("yes evil less a=b\n"u8.ToArray(), seen.ToArray());
    }

    [Theory]
    [InlineData("", "x")]
    [InlineData("A=B", "x")]
    [InlineData("A", "x\0y")]
    public void Variables_that_cannot_be_are_refused(string name, string value)
    {
        var spec = new ProcessSpec("true", [], _folder.Path) { Environment = new Dictionary<string, string> { [name] = value }, OnOutput = _ => { } };

        Assert.Contains("cannot stand in an environment", Assert.Throws<ToolException>(() => new LocalProcesses(s_ours, [], spawns: true).Start(spec)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_are_looked_up_on_the_path_they_get()
    {
        _folder.Program("bin/greet", "#!/bin/sh\necho hello\n");
        var processes = new LocalProcesses(new Dictionary<string, string> { ["PATH"] = $"relative::{_folder["bin"]}" }, [], spawns: true);

        Assert.Equal("hello\n", (await RunOutcome.OfAsync(processes, _folder.Path, "greet")).Output);

        _folder.Program("relative/other", "#!/bin/sh\necho evil\n");
        Assert.Throws<ToolException>(() => processes.Start(new ProcessSpec("other", [], _folder.Path) { OnOutput = _ => { } }));
    }
}
