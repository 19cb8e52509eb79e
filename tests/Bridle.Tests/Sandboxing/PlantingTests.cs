using System.Runtime.Versioning;
using System.Text;
using Bridle.Permissions;
using Bridle.Sandboxing;
using Bridle.Tests.Permissions;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Tests.Sandboxing;

/// <summary>What a program that nobody was asked about leaves behind for something outside to run, in every shape.</summary>
public sealed class PlantingTests : IDisposable
{
    private const string Evil = "printf '[core]\\n\\tfsmonitor = touch pwned\\n'";
    private readonly Confined _here = new();

    public PlantingTests() => Confined.SkipUnlessItWorks();

    public void Dispose() => _here.Dispose();

    [Fact]
    public async Task A_planted_link_of_any_kind_is_moved_away_and_keeps_nothing_else_from_it()
    {
        const string Make = "mkdir -p a/x d; ln -s x a/.git; ln -s /etc d/.claude; ln -s nowhere d/.vscode; mkfifo d/.npmrc; ln -s / .husky2; echo x > d/.envrc; mkdir d/.husky";

        var (code, output) = await RunAsync(Make);

        Assert.Equal(125, code);
        foreach (var gone in new[] { "a/.git", "d/.claude", "d/.vscode", "d/.npmrc", "d/.envrc", "d/.husky" })
        {
            Assert.False(IsThere(gone), gone);
            Assert.Contains($"{_here.In(gone)} was made", output, StringComparison.Ordinal);
        }

        Assert.Equal("/etc", new FileInfo(Assert.Single(Directory.EnumerateFileSystemEntries(_here.In("d"), ".claude.*.refused"))).LinkTarget);
    }

    [Theory]
    [InlineData("rm .git; ln -s other .git; mkdir other; mkdir -p d; echo x > d/.envrc")]
    [InlineData("rm .git; mkfifo .git; mkdir -p d; echo x > d/.envrc")]
    [InlineData("rm .git; mkdir -p d; echo x > d/.envrc")]
    public async Task A_protected_link_is_put_back_whatever_is_in_its_place(string script)
    {
        Directory.CreateDirectory(_here.In("real"));
        File.CreateSymbolicLink(_here.In(".git"), "real");

        var (code, output) = await RunAsync(script, _here.Profile with { Protected = ProtectedPlaces.Of(_here.Workspace, "/nobody") });

        Assert.Equal((125, "real", false), (code, new FileInfo(_here.In(".git")).LinkTarget, IsThere("d/.envrc")));
        Assert.Contains("is again the link it was", output, StringComparison.Ordinal);
    }

    [UnsupportedOSPlatform("windows")]
    [Fact]
    public void What_lies_in_a_folder_that_was_closed_to_us_is_moved_away_all_the_same()
    {
        Directory.CreateDirectory(_here.In("d"));
        File.WriteAllText(_here.In("d/.envrc"), "x");
        File.SetUnixFileMode(_here.In("d"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Assert.NotNull(Aside.Move(_here.In("d/.envrc"), out _));

        Assert.False(IsThere("d/.envrc"));
        Assert.Null(Aside.Move("/proc/self/status", out var problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public async Task What_cannot_be_moved_or_looked_at_is_told_and_ends_nothing()
    {
        var unwanted = new UnwantedFiles(new HashSet<string>(), null, () => ([("/proc/self/status", false), (_here.In("a"), false)], "there is too much"));
        _here.Profile = _here.Profile with { Unwanted = unwanted };

        var (code, output) = await _here.BashAsync("echo x > a");

        Assert.Equal((125, false), (code, IsThere("a")));
        Assert.Contains("/proc/self/status was made, and a person must be asked before that; it is still there", output, StringComparison.Ordinal);
        Assert.Contains("not all that was made could be looked at: there is too much", output, StringComparison.Ordinal);

        _here.Profile = _here.Profile with { Unwanted = unwanted with { Now = () => throw new InvalidOperationException("it broke") } };
        Assert.Contains("What the command made could not be put right (it broke)", (await _here.BashAsync("true")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("b", "mkdir -p b/objects b/refs; echo 'ref: refs/heads/main' > b/HEAD; {0} > b/config", "b/config")]
    [InlineData("top", "mkdir -p objects refs; echo 'ref: refs/heads/main' > HEAD; {0} > config", "config")]
    [InlineData("shared", "mkdir -p b x/objects x/refs; echo 'ref: refs/heads/main' > b/HEAD; echo ../x > b/commondir; {0} > x/config", "b/commondir")]
    [InlineData("made by git", "git init -q --bare b; {0} >> b/config", "b/config")]
    [InlineData("hooks", "git init -q --bare b; echo touch pwned > b/hooks/post-update", "b/hooks")]
    [InlineData("hooks behind a screen", "git init -q --bare b; for i in $(seq 400); do : > b/hooks/x$i.sample; done; echo touch pwned > b/hooks/post-update", "b/hooks")]
    [InlineData("another spelling", "git init -q --bare b; printf '[core]\\n\\tbare = false\\n\\tworktree = /\\n' > b/config", "b/config")]
    [InlineData("a link", "git init -q --bare b; {0} > c; rm b/config; ln -s ../c b/config", "b/config")]
    public async Task A_repository_of_another_name_does_not_keep_what_decides_what_git_runs(string kind, string script, string gone)
    {
        var (code, output) = await RunAsync(script.Replace("{0}", Evil, StringComparison.Ordinal));

        Assert.True(code == 125, $"{kind}: {output}");
        Assert.False(IsThere(gone), kind);
        Assert.Contains($"{_here.In(gone)} was made", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_moved_aside_is_no_repository_for_whoever_looks_at_it()
    {
        var (code, _) = await RunAsync("git init -q q; git -C q config core.fsmonitor 'touch pwned; false'; git -C q config core.worktree ..");

        Assert.Equal(125, code);
        var aside = Assert.Single(Directory.EnumerateDirectories(_here.In("q"), ".git.*.refused"));
        Assert.Equal((false, true), (File.Exists(Path.Combine(aside, "HEAD")), File.Exists(Path.Combine(aside, "HEAD.refused"))));
        using var look = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("git", "status") { WorkingDirectory = aside, RedirectStandardError = true, RedirectStandardOutput = true })!;
        await look.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Empty(Directory.EnumerateFiles(_here.Workspace, "pwned", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_repository_as_git_makes_it_may_be_made_and_what_is_there_is_held()
    {
        Assert.Equal((0, ""), await RunAsync("git init -q --bare b && git init -q --bare --shared c && git clone -q --bare b d 2> /dev/null; cat b/config > /dev/null"));
        Assert.True(IsThere("b/config") && IsThere("d/config"));

        // Harmless when it began.
        Assert.Equal(125, (await RunAsync($"{Evil} > b/config")).Code);
        Assert.False(IsThere("b/config"));

        File.WriteAllText(_here.In("d/config"), "[core]\n\tfsmonitor = mine\n");
        Assert.NotEqual(0, (await RunAsync($"{Evil} > d/config")).Code);
        Assert.Contains("mine", File.ReadAllText(_here.In("d/config")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_files_than_it_once_looked_at_hide_nothing()
    {
        var (code, output) = await RunAsync("mkdir many; (cd many; seq 21000 | xargs touch); mkdir -p z/s; echo x > z/s/.envrc; for i in $(seq 230); do mkdir -p n/$i; echo x > n/$i/.npmrc; done");

        Assert.Equal(125, code);
        Assert.False(IsThere("z/s/.envrc"));
        Assert.Empty(Directory.EnumerateFiles(_here.In("n"), ".npmrc", SearchOption.AllDirectories));
        Assert.Contains("z/s/.envrc was made", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("b/config", "b/HEAD b/objects/x b/refs/x")]
    [InlineData("b/refs/heads/x", "b/HEAD b/objects/x b/config")]
    [InlineData("b/HEAD", "b/objects/x b/refs/x b/config")]
    [InlineData("b/commondir", "b/HEAD")]
    [InlineData("b/hooks/post-update", "b/HEAD b/objects/x b/refs/x")]
    public void A_person_is_asked_before_a_file_makes_such_a_repository(string last, string others)
    {
        foreach (var path in others.Split(' '))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_here.In(path))!);
            File.WriteAllText(_here.In(path), path.EndsWith("config", StringComparison.Ordinal) ? "[core]\n\tfsmonitor = x\n" : "x");
        }

        var policy = InForce().Policy;
        var files = new LocalFiles(_here.Workspace);
        Judgement Judge(string path) => policy.Judge(new CallToJudge("Write", ToolKind.Write, _here.Workspace, [new JudgedPath(files.Resolve(path, _here.Workspace), FileAccessKind.Write)], []) { Confined = true });
        Assert.Contains("git repository of its own", Judge(last).Reason, StringComparison.Ordinal);
        Assert.Equal(Verdict.Allow, Judge("b/plain.txt").Verdict);
        Assert.Equal(Verdict.Allow, Judge("src/config").Verdict);
    }

    [Fact]
    public async Task The_harness_s_own_folder_is_hidden_where_it_does_not_exist_yet()
    {
        string[] hidden = [_here.In(".config/bridle"), _here.In(".docker/config.json"), _here.In(".kube/config")];
        _here.Profile = _here.Profile with { OwnFolders = [_here.In(".config/bridle"), "/nowhere/bridle"], Masked = [.. hidden], Anchored = [.. hidden], Protected = [new(_here.In(".docker"), IsFolder: true)] };
        Directory.CreateDirectory(_here.In(".docker"));
        File.WriteAllText(_here.In(".docker/config.json"), "hush");
        Directory.CreateDirectory(_here.In(".kube"));
        File.WriteAllText(_here.In(".kube/config"), "hush");

        var (code, output) = await _here.BashAsync("mkdir -p .config/bridle; echo x > .config/bridle/settings.json; mv .config gone1; rm -rf .config; mv .docker gone2; mv .kube gone3; echo x > .docker/new; echo x > .kube/new; echo x > .config/other");

        Assert.True(IsThere(".config/other"), $"{code} {output}");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_here.In(".config/bridle")));
        Assert.Equal((false, false, true), (Directory.EnumerateFileSystemEntries(_here.Workspace, "gone*").Any(), IsThere(".docker/new"), IsThere(".kube/new")));
        Assert.All(hidden[1..], path => Assert.Equal("hush", File.ReadAllText(path)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_a_home_folder_nothing_is_made_that_shells_and_desktops_run(bool hasFolders)
    {
        string[] names = [".bash_aliases", ".vimrc", ".xprofile", ".pam_environment", ".ssh/authorized_keys", "bin/git", ".local/bin/git", ".config/autostart/x", ".config/systemd/user/x", ".config/environment.d/x", ".config/nvim/init.lua", ".claude/settings.json"];
        if (hasFolders)
        {
            Directory.CreateDirectory(_here.In(".config"));
            Directory.CreateDirectory(_here.In(".local/share"));
        }

        var profile = _here.Profile with { Protected = ProtectedPlaces.Of(_here.Workspace, _here.Workspace) };
        _here.Profile = profile;
        await _here.BashAsync($"for f in {string.Join(' ', names)}; do mkdir -p $(dirname $f); echo x > $f; done; echo x > plain; mkdir -p .config/mine");

        Assert.All(names, name => Assert.False(IsThere(name), name));
        Assert.Equal((true, hasFolders), (IsThere("plain"), IsThere(".config/mine")));
        Assert.Equal(hasFolders ? [".config", ".local", "plain"] : ["plain"], Directory.EnumerateFileSystemEntries(_here.Workspace).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));

        // Of a home folder inside the workspace as well.
        Assert.Contains(ProtectedPlaces.Of(_here.Outer, _here.Workspace), one => one.Path == _here.In(".bashrc"));
        Assert.Contains(ProtectedPlaces.Of(_here.In(".config"), _here.Workspace), one => one.Path == _here.In(".config/autostart"));
    }

    private bool IsThere(string path) => new FileInfo(_here.In(path)) is var info && (info.LinkTarget is not null || Path.Exists(_here.In(path)));

    private PermissionsInForce InForce() => new(Judging.Options with { Root = _here.Workspace, AllowConfined = true, Rules = [] });

    private async Task<(int Code, string Output)> RunAsync(string command, SandboxProfile? profile = null)
    {
        var output = new StringBuilder();
        var spec = new ProcessSpec("bash", ["-c", command], _here.Workspace)
        {
            OnOutput = chunk =>
            {
                lock (output)
                {
                    output.Append(Encoding.UTF8.GetString(chunk.Bytes.Span));
                }
            },
        };
        var guard = new GuardedWorkspace(InForce(), Unasked: true, HidesSecrets: true);
        await using var process = guard.Confine(BubblewrapSandbox.Shared, new LocalProcesses(), (profile ?? _here.Profile) with { EmptyFile = Path.Combine(_here.Outer, "empty") }).Start(spec);
        var code = await process.Exit.WaitAsync(TimeSpan.FromSeconds(120), TestContext.Current.CancellationToken);
        lock (output)
        {
            return (code, output.ToString());
        }
    }
}
