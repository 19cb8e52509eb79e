using System.Runtime.Versioning;
using Bridle.Events;
using Bridle.Permissions;
using Bridle.Sandboxing;
using Bridle.Tests.Permissions;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Tests.Sandboxing;

/// <summary>What rules and the table say of files holds for programs that find them by themselves.</summary>
public sealed class GuardedWorkspaceTests : IDisposable
{
    private readonly Confined _here = new();

    public void Dispose() => _here.Dispose();

    [Fact]
    public async Task A_program_that_nobody_was_asked_about_finds_secrets_empty_and_one_that_a_person_allowed_finds_them()
    {
        Write(".env", "TOKEN=hush\n");
        Write("deep/id_rsa", "key-hush\n");
        Write("deep/secrets/a", "folder-hush\n");
        Write("deep/id_map.py", "code\n");
        const string Look = "{ cat .e* deep/id_r* deep/secrets/* deep/id_map.py; grep -r hush .; } 2> /dev/null; true";

        Assert.Equal((0, "code\n"), await RunAsync(Unasked(), Look));
        Assert.Contains("TOKEN=hush", (await RunAsync(Allowed(), Look)).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", (await RunAsync(Allowed() with { HidesSecrets = true }, Look)).Output, StringComparison.Ordinal);
        Assert.Equal("TOKEN=hush\n", File.ReadAllText(_here.In(".env")));
        Assert.Contains("TOKEN=hush", (await RunAsync(Unasked(allow: ["Read(.env)"]), Look)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_denies_a_file_holds_for_every_program_and_one_that_asks_where_nobody_was_asked()
    {
        Write("src/a.cs", "as it was\n");
        Write("src/b.cs", "b\n");
        Write("notes/private.txt", "hush\n");
        Write("src/.env", "hush\n");
        string[] deny = ["Read(notes/**)", "Edit(src/a.cs)"];
        const string Try = "cat notes/private.txt; echo PWNED > src/a.cs; mv src/a.cs src/c.cs; rm -f src/a.cs; mv src gone; echo x > src/b.cs; cat src/.env; true";

        foreach (var guard in new[] { Unasked(deny: deny), Allowed(deny: deny) })
        {
            var (_, output) = await RunAsync(guard, Try);
            Assert.Equal(guard.Unasked, !output.Contains("hush", StringComparison.Ordinal));
            Assert.Equal(("as it was\n", "x\n", "hush\n"), (Read("src/a.cs"), Read("src/b.cs"), Read("notes/private.txt")));
        }

        await RunAsync(Unasked(ask: ["Edit(src/b.cs)"]), "echo y > src/b.cs");
        Assert.Equal("x\n", Read("src/b.cs"));
        await RunAsync(Allowed(ask: ["Edit(src/b.cs)"]), "echo y > src/b.cs");
        Assert.Equal("y\n", Read("src/b.cs"));
    }

    [UnsupportedOSPlatform("windows")]
    [Theory]
    [InlineData("./mytool test/t.py")]
    [InlineData("./mytool test")]
    [InlineData("./mytool dist")]
    [InlineData("bash test/t.py")]
    public async Task What_is_left_to_the_sandbox_is_held_by_it(string command)
    {
        Write("test/t.py", "for f in test/t.py dist/a.js; do echo PWNED > $f; rm -f $f; mv ${f%/*} gone; touch ${f%/*}/new; done");
        Write("dist/a.js", "as it was\n");
        Write("mytool", $"#!/bin/bash\n{Read("test/t.py")}\n");
        File.SetUnixFileMode(_here.In("mytool"), (UnixFileMode)0x1ed);
        var (before, guard) = (Read("test/t.py"), Unasked(deny: ["Edit(test/**)", "Edit(dist/**)"]));

        var call = CallReader.Read(new("Bash", "", default, ToolKind.Execute, ToolEffect.Once, false), new(default, new object(), [new CommandTarget(command)]), new LocalFiles(_here.Workspace), _here.Workspace);
        Assert.Equal(command.StartsWith("bash", StringComparison.Ordinal) ? Verdict.Ask : Verdict.Deny, guard.InForce.Policy.Judge(call).Verdict);
        Assert.Equal(Verdict.Allow, guard.InForce.Policy.Judge((call with { Confined = true }).In(guard.InForce.Policy)).Verdict);
        await RunAsync(guard, command);
        Assert.Equal((before, "as it was\n"), (Read("test/t.py"), Read("dist/a.js")));
        Assert.Equal(["a.js"], Directory.EnumerateFileSystemEntries(_here.In("dist")).Select(path => Path.GetFileName(path)!));
    }

    [Fact]
    public async Task What_decides_what_runs_later_is_not_made_by_a_program_that_nobody_was_asked_about_and_is_kept_aside()
    {
        Directory.CreateDirectory(_here.In("sub/node_modules/p"));
        Directory.CreateDirectory(_here.In("sub/deep"));
        Write("old/.npmrc", "old\n");
        const string Make = "echo x > .npmrc; mkdir -p .cargo sub/.vscode .config/git .yarn/releases .yarn/cache; echo x > .cargo/config.toml; echo x > sub/.zshrc; echo x > .config/git/config; echo x > plain; "
            + "echo x > sub/node_modules/p/.npmrc; echo y > old/.npmrc; echo x > sub/.envrc; echo x > sub/deep/.envrc; ln -s /etc/passwd .gitconfig; echo said";

        var (code, output) = await RunAsync(Unasked(), Make);

        Assert.Equal(125, code);
        Assert.Contains("said\n", output, StringComparison.Ordinal);
        foreach (var gone in new[] { ".npmrc", ".cargo", "sub/.vscode", "sub/.zshrc", ".config/git", ".yarn/releases", ".gitconfig", "sub/.envrc", "sub/deep/.envrc" })
        {
            Assert.False(Path.Exists(_here.In(gone)), gone);
            Assert.Contains($"{_here.In(gone)} was made", output, StringComparison.Ordinal);
            Assert.Single(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(_here.In(gone))!, $"{Path.GetFileName(gone)}.*.refused"));
        }

        Assert.True(File.Exists(_here.In("plain")) && Directory.Exists(_here.In(".yarn/cache")) && File.Exists(_here.In("sub/node_modules/p/.npmrc")));
        Assert.Equal("old\n", Read("old/.npmrc"));

        Assert.Equal((0, ""), await RunAsync(Allowed(), "echo x > .npmrc"));
        Assert.True(File.Exists(_here.In(".npmrc")));
        Assert.Equal((0, ""), await RunAsync(Unasked(), "true"));
        Assert.True(File.Exists(_here.In(".npmrc")));
    }

    [Fact]
    public async Task A_file_that_a_denial_names_is_not_made_either()
    {
        var (code, output) = await RunAsync(Allowed(deny: ["Edit(*.lock)"]), "echo x > a.lock; echo x > a.txt");

        Assert.Equal((125, false, true), (code, File.Exists(_here.In("a.lock")), File.Exists(_here.In("a.txt"))));
        Assert.Contains("a.lock was made", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_rule_names_in_plain_words_is_held_wherever_it_lies()
    {
        Write("vendor/deep/x.js", "as it was\n");
        Write("node_modules/p/secret.txt", "hush\n");
        Write("../diary/monday.txt", "hush\n");
        string[] deny = ["Edit(vendor/deep/x.js)", "Read(node_modules/p/secret.txt)", $"Read(/{_here.In("../diary")}/**)"];

        var (_, output) = await RunAsync(Allowed(deny: deny), "cat node_modules/p/secret.txt ../diary/monday.txt; echo x > vendor/deep/x.js; rm -rf vendor; true");

        Assert.DoesNotContain("hush", output, StringComparison.Ordinal);
        Assert.Equal("as it was\n", Read("vendor/deep/x.js"));
    }

    [Theory]
    [InlineData("Edit(link/**)")]
    [InlineData("Edit(link/deep/a.txt)")]
    [InlineData("Edit(real/**)")]
    [InlineData("Edit(one.txt)")]
    public async Task A_rule_that_names_files_through_a_link_holds_for_programs_at_their_real_place(string deny)
    {
        Write("real/deep/a.txt", "as it was\n");
        Directory.CreateSymbolicLink(_here.In("link"), "real");
        File.CreateSymbolicLink(_here.In("one.txt"), "real/deep/a.txt");

        await RunAsync(Allowed(deny: [deny]), "echo x > real/deep/a.txt; echo x > link/deep/a.txt; echo x > one.txt; rm -f real/deep/a.txt; mv real gone; rm -rf real");

        Assert.Equal("as it was\n", Read("real/deep/a.txt"));
    }

    [Fact]
    public async Task A_tool_that_is_trusted_with_the_repository_changes_nothing_that_a_rule_denies_and_reads_what_it_stores()
    {
        Write("secret/a.txt", "hush\n");
        Write("b.txt", "b\n");
        Write("c.txt", "c\n");
        var guard = Allowed(deny: ["Read(secret/**)", "Edit(b.txt)"]).ForRepository();

        var (_, output) = await RunAsync(guard, "cat secret/a.txt; echo x > secret/a.txt; echo x > b.txt; rm -f b.txt; echo x > c.txt");

        Assert.Contains("hush", output, StringComparison.Ordinal);
        Assert.Equal(("hush\n", "b\n", "x\n"), (Read("secret/a.txt"), Read("b.txt"), Read("c.txt")));
    }

    [Fact]
    public void Where_there_is_more_to_hold_than_can_be_held_a_command_is_asked_about()
    {
        Directory.CreateDirectory(_here.In("many"));
        foreach (var n in Enumerable.Range(0, 201))
        {
            Write($"many/{n}.pem", "");
        }

        var policy = Unasked().InForce.Policy;
        var call = Judging.Bash("make") with { Confined = true };
        Assert.Equal(Verdict.Allow, policy.Judge(call).Verdict);
        var judged = policy.Judge(call.In(policy));
        Assert.Equal(Verdict.Ask, judged.Verdict);
        Assert.Contains("more than 200 files", judged.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_plan_says_how_much_looks_empty_and_without_rules_and_secrets_nothing_is_added()
    {
        var plan = BubblewrapSandbox.Shared.Plan(_here.Profile);
        Assert.Same(plan, Unasked().Tell(plan));
        Write(".env", "x");
        Assert.EndsWith("; 1 place in it looks empty", Unasked().Tell(plan).Files, StringComparison.Ordinal);
        Assert.Same(plan, Allowed().Tell(plan));
        Assert.EndsWith("; 1 place in it looks empty", Allowed(deny: ["Read(.env)"]).Tell(plan).Files, StringComparison.Ordinal);
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_here.In(path))!);
        File.WriteAllText(_here.In(path), text);
    }

    private string Read(string path) => File.ReadAllText(_here.In(path));

    private PermissionsInForce InForce(string[]? allow, string[]? ask, string[]? deny) =>
        new(Judging.Options with { Root = _here.Workspace, AllowConfined = true, Rules = Judging.Rules(allow, ask, deny) });

    private GuardedWorkspace Unasked(string[]? allow = null, string[]? ask = null, string[]? deny = null) => new(InForce(allow, ask, deny), Unasked: true, HidesSecrets: true);

    private GuardedWorkspace Allowed(string[]? allow = null, string[]? ask = null, string[]? deny = null) => new(InForce(allow, ask, deny), Unasked: false, HidesSecrets: false);

    private async Task<(int Code, string Output)> RunAsync(GuardedWorkspace guard, string command)
    {
        Confined.SkipUnlessItWorks();
        var output = new System.Text.StringBuilder();
        var spec = new ProcessSpec("bash", ["-c", command], _here.Workspace)
        {
            OnOutput = chunk =>
            {
                lock (output)
                {
                    output.Append(System.Text.Encoding.UTF8.GetString(chunk.Bytes.Span));
                }
            },
        };
        await using var process = guard.Confine(BubblewrapSandbox.Shared, new LocalProcesses(), _here.Profile with { EmptyFile = Path.Combine(_here.Outer, "empty") }).Start(spec);
        var code = await process.Exit.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        lock (output)
        {
            return (code, output.ToString());
        }
    }
}
