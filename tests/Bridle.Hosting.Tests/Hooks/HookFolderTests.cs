using Bridle.Hosting.Hooks;
using Bridle.Hosting.Trust;
using Bridle.Sandboxing;
using Bridle.Testing;

namespace Bridle.Hosting.Tests.Hooks;

/// <summary>What a project's hook takes from the project: the files that its approval covers, and where it runs when they are not all.</summary>
public sealed class HookFolderTests : IDisposable
{
    private readonly HookRig _rig = new();

    public void Dispose() => _rig.Dispose();

    private void Project(string command, string name = "PostToolUse") =>
        _rig.File("work/.bridle/settings.json", $$$"""{"hooks":{"{{{name}}}":[{"hooks":[{"command":{{{HookRig.Quoted(command)}}} }]}]}}""");

    private void Scripts()
    {
        foreach (var path in new[] { "hook.sh", "sub/s.sh", "hooks/s.sh", "hooks/check.py", "guard.mjs", ".bridle/hooks/own.sh" })
        {
            _rig.File($"work/{path}", "true\n");
        }

        _rig.Program("work/run.sh", "#!/bin/sh\n");
        _rig.Program("work/.bridle/hooks/own.py", "#!/usr/bin/env python3\n");
        _rig.Program("work/hooks/run.py", "#!/usr/bin/env python3\n");
        _rig.Program("work/hooks/made", "#!/usr/bin/make -f\n");
        _rig.Program("work/hooks/program", "\u007fELF\0\0\0");
        _rig.File("elsewhere/s.sh", "true\n");
        File.CreateSymbolicLink(Path.Combine(_rig.Work, "hooks/linked.sh"), "s.sh");
        Directory.CreateSymbolicLink(Path.Combine(_rig.Work, "linked"), "hooks");
        Directory.CreateSymbolicLink(Path.Combine(_rig.Work, "outside"), Path.Combine(_rig.Home, "elsewhere"));
        _rig.File("work/hooks/hard.sh", "true\n");
        System.Diagnostics.Process.Start("ln", [Path.Combine(_rig.Work, "hooks/hard.sh"), Path.Combine(_rig.Work, "hooks/second")]).WaitForExit();
        _rig.Program("work/node_modules/.bin/tool", "#!/bin/sh\n");
        Directory.CreateDirectory(Path.Combine(_rig.Work, ".git"));
    }

    private void Trust()
    {
        var state = Path.Combine(_rig.Home, ".local/state/bridle");
        Directory.CreateDirectory(state);
        FolderTrust.Read(state).Accept(_rig.Work, DateTimeOffset.UnixEpoch, ProjectPrograms.Of(HostFiles.Read(_rig.Request(null))).Select(one => (one.Kind, one.Content)));
    }

    private (string Files, string? Open) Use(string command)
    {
        Project(command);
        var use = _rig.Book(trust: true).Hooks.Single().Use;
        return (string.Join(' ', use.Files.Select(file => Path.GetRelativePath(RealFolder.Of(_rig.Work)!.Path, file))), use.Open);
    }

    [Theory]
    [InlineData("sh ./hook.sh", "hook.sh")]
    [InlineData("sh \"$(git rev-parse --show-toplevel)/hooks/s.sh\"", "hooks/s.sh")]
    [InlineData("cd \"$CLAUDE_PROJECT_DIR/hooks\" && sh s.sh", "hooks/s.sh")]
    [InlineData("sh -c \"sh hook.sh\"", "hook.sh")]
    [InlineData("eval \"sh hook.sh\"", "hook.sh")]
    [InlineData("cd sub && ./s.sh", "sub/s.sh")]
    [InlineData("(cd sub && sh s.sh)", "sub/s.sh")]
    [InlineData("env -C sub sh s.sh", "sub/s.sh")]
    [InlineData("sh ${CLAUDE_PROJECT_DIR:-.}/hook.sh", "hook.sh")]
    [InlineData("sh $PWD/hook.sh", "hook.sh")]
    [InlineData("sh \"$(pwd)/hook.sh\"", "hook.sh")]
    [InlineData("H=hook; sh $H.sh", "hook.sh")]
    [InlineData("D=sub; sh $D/s.sh", "sub/s.sh")]
    [InlineData("timeout 5 bash -e hook.sh", "hook.sh")]
    [InlineData("\"$CLAUDE_PROJECT_DIR\"/run.sh --strict", "run.sh")]
    [InlineData("python3 -I \"$CLAUDE_PROJECT_DIR/hooks/check.py\"", "hooks/check.py")]
    [InlineData("python3 -P hooks/check.py", "hooks/check.py")]
    [InlineData("python3 .bridle/hooks/own.py", ".bridle/hooks/own.py")]
    [InlineData(".bridle/hooks/own.py", ".bridle/hooks/own.py")]
    [InlineData("test -f package.json && echo there", "")]
    [InlineData("f() { jq -r .x; }; f", "")]
    [InlineData("make() { jq -r .x; }; make", "")]
    [InlineData("uniq -c; xxd -p; shuf -n 1", "")]
    [InlineData("/usr/bin/jq -r .x", "")]
    [InlineData("git rev-parse --abbrev-ref HEAD", "")]
    [InlineData("sort -u | uniq -c | awk '{print $1}'", "")]
    [InlineData("osascript -e 'display notification \"done\"'", "")]
    [InlineData("date +%F; sha256sum; sleep 0; whoami", "")]
    [InlineData("node $CLAUDE_PROJECT_DIR/guard.mjs", "guard.mjs")]
    [InlineData(". ./hook.sh", "hook.sh")]
    [InlineData("input=$(cat); case \"$input\" in *push*) echo no >&2; exit 2 ;; esac", "")]
    [InlineData("FILE_PATH=$(jq -r .tool_input.file_path); echo \"$FILE_PATH\" | grep -q '\\.env' && exit 2 || exit 0", "")]
    [InlineData("jq -r '.tool_input.command' >> ~/commands.log", "")]
    [InlineData("curl -s http://127.0.0.1:1/hook -d @-", "")]
    [InlineData("notify-send 'Done'", "")]
    [InlineData("echo x >> \"$CLAUDE_PROJECT_DIR/.claude/log.txt\"", "")]
    public void What_it_names_is_covered_however_it_is_named(string command, string files)
    {
        Scripts();
        Assert.Equal((files, null), Use(command));
    }

    [Theory]
    [InlineData("sh ho*.sh", "only known when it runs")]
    [InlineData("BASH_ENV=hook.sh bash -c true", "sets BASH_ENV")]
    [InlineData("make -s hk", "runs what is in the folder")]
    [InlineData("python3 -m mod", "python3 -m")]
    [InlineData("python3 -c 'import json'", "python3 -c")]
    [InlineData("npm run lint", "runs what is in the folder")]
    [InlineData("npx prettier --check .", "runs what is in the folder")]
    [InlineData("./node_modules/.bin/tool", "loads what lies beside it")]
    [InlineData("sh \"$SOMEWHERE/hook.sh\"", "only known when it runs")]
    [InlineData("sh missing.sh", "no file there")]
    [InlineData("cat hook.sh | sh", "only known when it runs")]
    [InlineData("jq -r .x | xargs prettier --write", "other programs")]
    [InlineData("$(cat hook.sh)", "only known when it runs")]
    [InlineData("echo x >> log.txt", "put a link")]
    [InlineData("tee log.txt", "put a link")]
    [InlineData("cd \"$(dirname \"$0\")\" && sh s.sh", "goes to a folder")]
    [InlineData("for d in sub; do cd $d; done; sh s.sh", "in a loop")]
    [InlineData("f() { sh hook.sh; }; cd sub; f", "beside a function")]
    [InlineData("D=hooks; D=sub; sh $D/s.sh", "only known when it runs")]
    [InlineData("PATH=.:$PATH s.sh", "sets PATH")]
    [InlineData("python3 \"$CLAUDE_PROJECT_DIR/hooks/check.py\"", "modules from beside it")]
    [InlineData("hooks/run.py", "modules from beside it")]
    [InlineData("hooks/made", "'make'")]
    [InlineData("hooks/program", "is no script")]
    [InlineData("sh linked/s.sh", "by the link linked")]
    [InlineData("sh hooks/linked.sh", "by the link hooks/linked.sh")]
    [InlineData("sh outside/s.sh", "by the link outside")]
    [InlineData("sh hooks/hard.sh", "2 names on the disk")]
    [InlineData("jq -r . hooks/linked.sh", "by the link")]
    [InlineData("test -f sub/later.sh && sh sub/later.sh", "no file there")]
    [InlineData("[ -x .hooks/post ] && .hooks/post", "no file there")]
    [InlineData("rustfmt --check m.rs", "'rustfmt'")]
    [InlineData("rustc -V", "'rustc'")]
    [InlineData("eslint_d x.js", "'eslint_d'")]
    [InlineData("golangci-lint run", "'golangci-lint'")]
    [InlineData("ts make", "'ts'")]
    [InlineData("xcrun make", "'xcrun'")]
    [InlineData("sops exec-env a make", "'sops'")]
    [InlineData("hg status", "'hg'")]
    [InlineData("flock x make", "'flock'")]
    [InlineData("wget https://example.com/x", "'wget'")]
    [InlineData("git hook run pre-commit", "'git'")]
    [InlineData("git status", "'git'")]
    [InlineData("git -C sub log", "'git'")]
    [InlineData("cd sub; git log", "'git'")]
    [InlineData("git log --output=x", "'git'")]
    [InlineData("curl -so x https://example.com", "curl -so")]
    [InlineData("curl --config curl.txt", "'curl'")]
    [InlineData("sort -o x y", "sort -o")]
    [InlineData("gawk -l ./x 1", "gawk -l")]
    [InlineData("gawk -i inplace '{ print }'", "gawk -i")]
    [InlineData("gawk '@load \"x\"; { print }'", "lets 'gawk' run")]
    [InlineData("osascript -e 'do shell script \"make\"'", "'osascript'")]
    [InlineData("find . -name x -delete", "find")]
    [InlineData("make() { :; }; command make", "runs what is in the folder")]
    [InlineData("npm() { command npm --silent \"$@\"; }; npm test", "runs what is in the folder")]
    [InlineData("make() { :; }; env make", "runs what is in the folder")]
    [InlineData("make() { :; }; sh -c 'make; make; make'", "runs what is in the folder")]
    [InlineData("false && make() { :; }; make", "runs what is in the folder")]
    [InlineData("make; make() { :; }", "runs what is in the folder")]
    [InlineData("make() { :; }; unset -f make; make", "runs what is in the folder")]
    [InlineData("uniq in.txt out.txt", "put a link")]
    [InlineData("shuf -o out.txt in.txt", "put a link")]
    [InlineData("xxd in.txt out.txt", "put a link")]
    [InlineData("tree -o out.txt", "put a link")]
    [InlineData("sed -ni s/a/b/ out.txt", "put a link")]
    [InlineData("chmod +x out.txt", "put a link")]
    [InlineData("echo 'unclosed", "cannot be read")]
    public void What_cannot_be_told_from_its_words_is_open_and_says_why(string command, string why)
    {
        Scripts();
        Assert.Contains(why, Use(command).Open);
    }

    [Theory]
    [InlineData("sh \"$(git rev-parse --show-toplevel)/hook.sh\"", "hook.sh")]
    [InlineData("cd sub && sh s.sh", "sub/s.sh")]
    [InlineData("sh ho*.sh", "hook.sh")]
    [InlineData("make -s hk", "Makefile")]
    [InlineData("sh $(echo hook).sh", "hook.sh")]
    [InlineData("BASH_ENV=hook.sh bash -c true", "hook.sh")]
    public async Task What_a_confined_command_writes_into_it_runs_at_most_inside_the_sandbox(string command, string script)
    {
        Assert.SkipUnless(BubblewrapSandbox.Shared.Probe().Works, BubblewrapSandbox.Shared.Probe().Detail);
        Scripts();
        _rig.File("work/Makefile", "hk:\n\t@true\n");
        Project(command);
        Trust();
        Assert.Single(_rig.Book().Active);
        var evil = script is "Makefile" ? "hk:\\n\\t@touch ../evil ran\\n" : "touch ../evil ran\\n";
        _rig.File("work/write.sh", $"printf '{evil}' > {script}; true\n");
        await _rig.RunAsync(new ScriptedModel(ScriptedReply.Calls(("Bash", """{"command":"sh write.sh"}""")), ScriptedReply.Calls(("Bash", """{"command":"true 2"}""")), ScriptedReply.Text("done")), mode: "bypass");
        Assert.False(_rig.Has("evil"));
    }

    [Fact]
    public async Task What_a_hook_names_is_held_in_a_folder_that_is_not_trusted_as_well()
    {
        Assert.SkipUnless(BubblewrapSandbox.Shared.Probe().Works, BubblewrapSandbox.Shared.Probe().Detail);
        Scripts();
        Project("sh hook.sh");
        Assert.Empty(_rig.Book().Active);
        await _rig.RunAsync(HookRig.Calls("Bash", "{\"command\":\"echo other > new.sh; mv new.sh hook.sh; echo evil > hook.sh; echo told > told\"}"), mode: "bypass");
        Assert.Equal(("true\n", "told\n"), (_rig.Read("work/hook.sh"), _rig.Read("work/told")));
    }

    [Fact]
    public async Task One_that_is_open_does_its_work_in_the_sandbox_and_its_no_counts_while_its_yes_does_not()
    {
        Assert.SkipUnless(BubblewrapSandbox.Shared.Probe().Works, BubblewrapSandbox.Shared.Probe().Detail);
        _rig.File("work/Makefile", "hk:\n\t@cat > seen; touch ../outside; echo '{\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"permissionDecision\":\"allow\"}}'\n");
        Project("make -s hk 2>/dev/null; cat answer 2>/dev/null", "PreToolUse");
        Trust();
        await _rig.RunAsync(HookRig.Calls("Write", """{"file_path":"other.txt","content":"x"}"""), mode: "default");
        Assert.Contains("other.txt", _rig.Read("work/seen"));
        Assert.False(_rig.Has("outside"));
        Assert.Contains(_rig.Told, told => told.Contains("failed", StringComparison.Ordinal) || told.Contains("which does not count", StringComparison.Ordinal));

        _rig.File("work/Makefile", "hk:\n\t@exit 2\n");
        Project("make -s hk || exit 2", "PreToolUse");
        Trust();
        await _rig.RunAsync(HookRig.Calls("Write", """{"file_path":"more.txt","content":"x"}"""), mode: "bypass");
        Assert.False(_rig.Has("work/more.txt"));
    }

    [Fact]
    public async Task A_hook_of_the_persons_own_that_starts_a_build_is_not_confined()
    {
        _rig.File("work/Makefile", "hk:\n\t@touch ../outside\n");
        _rig.Hook("PostToolUse", "make -s hk");
        _rig.File("work/a.txt", "a\n");
        await _rig.RunAsync(HookRig.Calls("Read", """{"file_path":"a.txt"}"""));
        Assert.True(_rig.Has("outside"));
    }

    [Theory]
    [InlineData("cd sub && sh s.sh", "sub/s.sh")]
    [InlineData("sh ho*.sh", "hook.sh")]
    public void A_change_between_sessions_needs_a_new_approval(string command, string script)
    {
        Scripts();
        Project(command);
        Trust();
        Assert.Single(_rig.Book().Active);
        _rig.File($"work/{script}", "touch ../evil\n");
        Assert.Contains("not approved as it stands", Assert.Single(_rig.Book().Hooks).Reason);
    }

    [Theory]
    [InlineData("cd sub && sh s.sh", "covered by its approval: sub/s.sh")]
    [InlineData("make -s hk", "runs what is in the folder: so it runs inside the sandbox")]
    public void The_approval_says_where_it_runs(string command, string words)
    {
        Scripts();
        Project(command);
        Assert.Contains(words, ProjectPrograms.Of(HostFiles.Read(_rig.Request(null) with { TrustFolder = true })).Single().Shown);
    }
}
