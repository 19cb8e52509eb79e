using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>Programs that nobody thinks of as running others, texts in the languages of other shells and editors, and files that a variable, a query or an address names.</summary>
public sealed class UnheardProgramTests
{
    [Theory]
    [InlineData("logsave /dev/null rm v")]
    [InlineData("debconf rm v")]
    [InlineData("dpkg --pre-invoke='rm v' -r x")]
    [InlineData("apt-get -o APT::Update::Pre-Invoke::='rm v' update")]
    [InlineData("apt -oAPT::Update::Pre-Invoke::='rm v' update")]
    [InlineData("vimdiff -c '!rm v'")]
    [InlineData("vim.basic -c '!rm v'")]
    [InlineData("vim -nc '!rm v'")]
    [InlineData("VIMINIT='silent !rm v' vim -c 'qa!'")]
    [InlineData("EXINIT='!rm v' vi")]
    [InlineData("systemd-cat rm v")]
    [InlineData("systemd-inhibit rm v")]
    [InlineData("uclampset -m 1 rm v")]
    [InlineData("runcon -t x rm v")]
    [InlineData("MANPAGER='rm v' man ls")]
    [InlineData("MANOPT='-P \"rm v\"' man ls")]
    [InlineData("LESS='+!rm v' less a.txt")]
    [InlineData("RSYNC_CONNECT_PROG='rm v' rsync h::m .")]
    [InlineData("go test -exec 'rm v' ./...")]
    [InlineData("go build -toolexec='rm v'")]
    [InlineData("GOFLAGS='-toolexec=rm' go build")]
    [InlineData("lldb -o 'shell rm v'")]
    [InlineData("lldb -o 'platform shell rm v'")]
    [InlineData("tini -- rm v")]
    [InlineData("gosu nobody rm v")]
    [InlineData("chpst -u nobody rm v")]
    [InlineData("ifne rm v")]
    [InlineData("pee 'rm v' cat")]
    [InlineData("just --command rm v")]
    [InlineData("lerna exec -- rm v")]
    [InlineData("yarn workspace a exec rm v")]
    [InlineData("yarn workspaces foreach -A exec rm v")]
    [InlineData("opam exec -- rm v")]
    [InlineData("stack exec rm v")]
    [InlineData("cabal exec -- rm v")]
    [InlineData("lxc exec box -- rm v")]
    [InlineData("bazel run --run_under='rm v' //x")]
    [InlineData("hg --config alias.x='!rm v' x")]
    [InlineData("fzf --preview 'rm v'")]
    [InlineData("fzf --bind 'start:execute(rm v)'")]
    [InlineData("cargo watch -s 'rm v'")]
    [InlineData("npm run x --script-shell=rm")]
    [InlineData("dotnet build -p:PreBuildEvent='rm v'")]
    [InlineData("ssh-copy-id -o ProxyCommand='rm v' h")]
    [InlineData("gcloud compute ssh vm --command 'rm v'")]
    [InlineData("docker run --health-cmd 'rm v' x")]
    [InlineData("sops exec-env f 'rm v'")]
    [InlineData("BORG_PASSCOMMAND='rm v' borg x")]
    [InlineData("mvn exec:exec -Dexec.executable=rm")]
    [InlineData("cargo watch -x x -- rm v")]
    [InlineData("git instaweb --browser='rm v'")]
    [InlineData("yash -c 'rm v'")]
    [InlineData("ksh93 -c 'rm v'")]
    [InlineData("bash-static -c 'rm v'")]
    [InlineData("bash-5.2 -c 'rm v'")]
    [InlineData("/lib/ld-musl-x86_64.so.1 /bin/rm v")]
    [InlineData("/lib64/ld-2.31.so /bin/rm v")]
    [InlineData("fish -c 'not rm v'")]
    [InlineData("fish -c 'true; and rm v'")]
    [InlineData("fish --init-command='rm v' -c ls")]
    [InlineData("fish -C'rm v' -c ls")]
    [InlineData("zsh -c 'repeat 1 rm v'")]
    [InlineData("zsh -c '=rm v'")]
    [InlineData("nu -c 'ls | each { rm v }'")]
    public void What_else_runs_a_program_is_held_to_the_rules_for_it(string command)
    {
        Assert.Equal(Verdict.Deny, Policy(PermissionMode.Bypass, deny: ["Bash(rm:*)"]).Judge(Bash(command)).Verdict);
        Assert.Equal(Verdict.Ask, Policy(PermissionMode.Bypass, ask: ["Bash(rm:*)"]).Judge(Bash(command)).Verdict);
    }

    [Theory]
    [InlineData("newtool rm v")]
    [InlineData("newtool -x --opt 3 -- rm v")]
    [InlineData("newtool /bin/rm v")]
    [InlineData("newtool --run=rm v")]
    [InlineData("newtool --run='rm v'")]
    [InlineData("newtool --run 'cd x && rm v'")]
    [InlineData("newtool -c'rm v'")]
    [InlineData("newtool Hook::='!rm v'")]
    [InlineData("newtool sh -c 'rm v'")]
    [InlineData("newtool -e 'end{print system(\"rm v\")}'")]
    [InlineData("newtool '%sh{rm v}'")]
    [InlineData("newtool '.shell rm v'")]
    [InlineData("timeout 5 newtool --run=rm v")]
    [InlineData("GNUMAKEFLAGS='--eval=b:;rm\\ v' make b")]
    [InlineData("apt-get -c x.conf update")]
    [InlineData("zsh -c 'foreach x (1) { x }'")]
    [InlineData("zsh -c 'e\\cho v'")]
    [InlineData("fish -c '\\x72m v'")]
    [InlineData("fish -c 'set c r; $c v'")]
    [InlineData("tcsh -c 'foreach x (1)'")]
    [InlineData("pwsh -Command 'Remove-Item v'")]
    [InlineData("emacs --batch --eval '(delete-file \"v\")'")]
    public void What_may_run_it_is_asked(string command)
    {
        var judged = Policy(PermissionMode.Bypass, deny: ["Bash(rm:*)"]).Judge(Bash(command));
        Assert.Equal(Verdict.Ask, judged.Verdict);
        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass, deny: ["Edit(none.txt)"]).Judge(Bash("newtool rm v")).Verdict);
    }

    [Fact]
    public void The_question_says_what_may_be_run_and_which_rule_speaks_of_it() => Assert.Equal(
        "'newtool' is given 'rm v' and may run it, for all that is known; the rule 'deny Bash(rm:*)' (user settings) speaks of that.",
        Policy(PermissionMode.Bypass, deny: ["Bash(rm:*)"]).Judge(Bash("newtool x rm v")).Reason);

    [Theory]
    [InlineData("Bash(git rm:*)", "git -c help.autocorrect=immediate rmm -f v", Verdict.Deny)]
    [InlineData("Bash(git push:*)", "git config help.autocorrect 1; git psuh", Verdict.Deny)]
    [InlineData("Bash(git push:*)", "GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=help.autocorrect GIT_CONFIG_VALUE_0=1 git psuh origin", Verdict.Deny)]
    [InlineData("Bash(git push:*)", "GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=alias.x GIT_CONFIG_VALUE_0='push origin' git x", Verdict.Deny)]
    [InlineData("Bash(git push:*)", "/usr/lib/git-core/git-push", Verdict.Deny)]
    [InlineData("Bash(git push:*)", "git-push origin", Verdict.Deny)]
    [InlineData("Bash(git push:*)", "git st", Verdict.Allow)]
    [InlineData("Bash(git push:*)", "git co main", Verdict.Allow)]
    [InlineData("Bash(git push:*)", "git lfs pull", Verdict.Allow)]
    [InlineData("Bash(git rm:*)", "git ci -m x", Verdict.Allow)]
    [InlineData("Bash(git push:*)", "git-lfs pull", Verdict.Allow)]
    public void A_verb_that_git_corrects_counts_as_what_it_is_corrected_to(string deny, string command, Verdict verdict) =>
        Assert.Equal(verdict, Policy(PermissionMode.Bypass, deny: [deny]).Judge(Bash(command)).Verdict);

    [Theory]
    [InlineData("Read(.env)", "vim -u NONE -c 'r .env' -c 'w! /dev/stdout' -c 'qa!'", Verdict.Deny)]
    [InlineData("Read(.env)", "vim -c 'silent! 0r .env'", Verdict.Deny)]
    [InlineData("Read(.env)", "vim -c 'e .env'", Verdict.Deny)]
    [InlineData("Read(.env)", "vim -c 'tabe .env'", Verdict.Deny)]
    [InlineData("Read(.env)", "vim -c 'argadd a.txt .env'", Verdict.Deny)]
    [InlineData("Read(.env)", "nvim '+sp .env'", Verdict.Deny)]
    [InlineData("Read(.env)", "ex -sc 'r .env' -c 'q!' a.txt", Verdict.Deny)]
    [InlineData("Read(.env)", "view -nc 'vs .env'", Verdict.Deny)]
    [InlineData("Read(.env)", "VIMINIT='r .env' vim", Verdict.Deny)]
    [InlineData("Read(.env)", "vim -c 'r %:h/.en?'", Verdict.Ask)]
    [InlineData("Read(.env)", "vim -c 'so x.vim'", Verdict.Ask)]
    [InlineData("Read(.env)", "vim -c 'call readfile(x)'", Verdict.Ask)]
    [InlineData("Read(.env)", "less '+:e .env' a.txt", Verdict.Ask)]
    [InlineData("Read(.env)", "emacs --batch --eval '(x)'", Verdict.Ask)]
    [InlineData("Read(.env)", "vim -c 'r a.txt' -c 'wq' b.txt", Verdict.Allow)]
    [InlineData("Edit(a.txt)", "vim -c 'w! a.txt' b.txt", Verdict.Deny)]
    [InlineData("Edit(~/.bashrc)", "vim -c 'w! ~/.bashrc'", Verdict.Deny)]
    [InlineData("Edit(a.txt)", "vim -c 'w >> a.txt' b.txt", Verdict.Deny)]
    [InlineData("Edit(a.txt)", "vim -c 'r a.txt' b.txt", Verdict.Allow)]
    [InlineData("Edit(a.txt)", "GIT_TRACE=/ws/a.txt git status", Verdict.Deny)]
    [InlineData("Edit(a.txt)", "GIT_TRACE2_EVENT=/ws/a.txt git status", Verdict.Deny)]
    [InlineData("Edit(~/.bashrc)", "GIT_TRACE_SETUP=$HOME/.bashrc git status", Verdict.Deny)]
    [InlineData("Edit(a.txt)", "GIT_TRACE=$x git status", Verdict.Ask)]
    [InlineData("Edit(a.txt)", "GIT_TRACE=1 git status", Verdict.Allow)]
    [InlineData("Edit(a.txt)", "HISTFILE=a.txt bash -ic 'history -s a; history -w'", Verdict.Deny)]
    [InlineData("Edit(a.txt)", "HISTFILE=/dev/null ls", Verdict.Allow)]
    [InlineData("Read(a.txt)", "sqlite3 :memory: \"select readfile('a.txt')\"", Verdict.Deny)]
    [InlineData("Read(a.txt)", "sqlite3 :memory: \"select readfile('a'||'.txt')\"", Verdict.Ask)]
    [InlineData("Edit(a.txt)", "sqlite3 :memory: \"select writefile('a.txt','x')\"", Verdict.Deny)]
    [InlineData("Edit(a.txt)", "sqlite3 :memory: \"attach 'a.txt' as x\"", Verdict.Deny)]
    [InlineData("Edit(a.txt)", "sqlite3 :memory: 'attach \"file:a.txt?mode=rwc\" as x'", Verdict.Deny)]
    [InlineData("Edit(a.txt)", "sqlite3 b.db \"vacuum into 'a.txt'\"", Verdict.Deny)]
    [InlineData("Edit(a.txt)", "sqlite3 b.db 'select * from x'", Verdict.Allow)]
    [InlineData("Read(a.txt)", "curl -s 'file:///ws/a.tx[t-t]'", Verdict.Ask)]
    [InlineData("Read(a.txt)", "curl -s 'file:///ws/{a,b}.txt'", Verdict.Ask)]
    [InlineData("Read(a.txt)", "curl -s '{file,http}:///ws/[a-a].txt'", Verdict.Ask)]
    [InlineData("Read(a.txt)", "curl -s file://localhost/ws/a%2etxt", Verdict.Deny)]
    [InlineData("Read(a.txt)", "curl -s 'https://example.com/{a,b}.txt' -d '{\"x\": \"http://y\"}'", Verdict.Allow)]
    [InlineData("Read(a.txt)", "gcc -E - <<< '#include \"a.txt\"'", Verdict.Ask)]
    [InlineData("Read(a.txt)", "cpp <<< '#include \"a.txt\"'", Verdict.Ask)]
    [InlineData("Read(a.txt)", "as -o x.o - <<< '.incbin \"a.txt\"'", Verdict.Ask)]
    [InlineData("Read(a.txt)", "as -o x.o <<< '.incbin \"a.txt\"'", Verdict.Ask)]
    [InlineData("Edit(a.txt)", "as -o x.o x.s", Verdict.Allow)]
    [InlineData("Bash(rm:*)", "echo | gcc -dM -E -", Verdict.Allow)]
    public void Files_that_a_text_a_variable_or_an_address_names_are_held_to_the_rules_for_them(string deny, string command, Verdict verdict) =>
        Assert.Equal(verdict, Policy(PermissionMode.Bypass, deny: [deny]).Judge(Bash(command)).Verdict);

    [Theory]
    [InlineData("vim -c 'r ~/.ssh/id_ed25519'")]
    [InlineData("sqlite3 :memory: \"select readfile('/home/u/.ssh/id_ed25519')\"")]
    public void A_refusal_proposes_no_rule_for_a_text_that_names_no_file(string command)
    {
        var judged = Policy(PermissionMode.Bypass).Judge(Bash(command));
        Assert.Equal(Verdict.Deny, judged.Verdict);
        Assert.DoesNotContain("ask Read(//ws", judged.Reason);
    }

    [Fact]
    public void Ordinary_commands_stay_as_they_were()
    {
        var policy = Policy(PermissionMode.Bypass, deny: ["Bash(rm:*)", "Bash(git push:*)", "Bash(curl:*)", "Bash(npm publish:*)"]);
        var commands = Ordinary.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.True(commands.Length >= 100);
        Assert.Empty(commands.Where(command => policy.Judge(Bash(command)).Verdict is not Verdict.Allow).Select(command => $"{command}: {policy.Judge(Bash(command)).Reason}"));
    }

    private const string Ordinary =
        """
        echo rm
        echo "rm is not run here"
        printf 'rm %s\n' x
        git commit -m "rm old files"
        git commit -am 'rm: drop curl, git push later'
        git rm x
        git log --grep=rm
        git log --author=curl -5
        git branch -d curl
        git checkout -b rm
        git add curl rm
        git stash push -m rm
        git tag -a v1 -m "npm publish"
        git config user.name curl
        git diff -- rm
        git remote add curl https://example.com/x
        git clone https://example.com/curl curl
        git worktree add ../rm
        git show HEAD:rm
        git lfs ls-files
        grep -r "rm " .
        grep -rn curl src
        rg -n 'git push' docs
        rg curl
        find . -name rmdir.md
        find . -name 'curl*' -print
        ls rm
        ls -la | grep rm
        cat rm
        man rm
        man -k curl
        which rm
        which curl git
        type rm
        command -v git
        hash -r
        whereis curl
        apropos rm
        whatis rm
        info rm
        tldr curl
        help alias
        apt-cache show curl
        apt-get install -y curl
        apt-get -o Dpkg::Options::=--force-confold install -y curl
        apt install curl
        apt search rm
        dpkg -l curl
        dpkg -S rm
        dnf install curl
        yum list curl
        apk add curl
        pacman -Qi curl
        brew install curl
        brew info curl
        snap info curl
        pip install curl
        pip3 show curl
        python3 -m pip install curl
        python3 manage.py rm x
        python3 -c 'print("rm")'
        node scripts/rm.js curl
        node -e 'console.log("rm")'
        ruby bin/task rm
        npm run curl
        npm run rm
        npm test -- rm
        npm rm lodash
        npm install rm
        npm view curl
        npm pack
        yarn remove curl
        yarn workspace web test
        yarn workspace a run build
        pnpm rm x
        pnpm -r run build
        bun rm x
        cargo rm serde
        cargo test rm
        cargo add curl
        go test -run rm ./...
        go get example.com/curl
        dotnet test --filter rm
        dotnet build -p:Configuration=Release
        dotnet add package curl
        gem install curl
        bundle show curl
        composer require curl
        docker compose rm
        docker rm box
        docker image rm x
        docker ps --filter name=curl
        docker logs curl
        docker-compose rm -f web
        podman rm box
        kubectl delete pod curl
        kubectl get pods -l app=curl
        kubectl logs curl
        helm install curl ./chart
        terraform state rm x
        aws s3 rm s3://bucket/x
        gsutil rm gs://bucket/x
        svn rm x
        hg rm x
        gh pr create --title "rm old" --body "curl and git push"
        gh issue list --search curl
        gh release create v1 --notes "npm publish"
        make rm
        make curl TARGET=rmdir
        just rm
        task curl
        cmake --build build --target curl
        ctest -R curl
        ninja rm
        bazel build //third_party/curl
        mvn test -Dtest=rm
        gradle curl
        tar cf a.tar rm curl
        zip -r a.zip rm
        jq .rm a.json
        sed -n '/rm/p' a.txt
        awk '/curl/ {print}' a.txt
        sort rm
        diff rm curl
        wc -l rm
        test -f rm
        [ -x curl ]
        cd rm && ls
        mkdir rm curl
        touch rm
        cp rm curl
        mv curl rm2
        chmod +x curl
        ps aux | grep curl
        pgrep -f curl
        pkill curl
        systemctl status curl
        journalctl -u curl
        code rm
        vim rm
        vim +12 curl
        less rm
        shellcheck rm
        pytest tests/rm -k curl
        eslint rm
        tsc --noEmit
        mytool build --all
        ./scripts/build.sh release
        ./gradlew build
        deploy --env production src/curl
        newtool add vendor/curl
        newtool --help
        newtool -m "what rm was for, and how curl ends"
        newtool --title='run it with curl later'
        f() { echo "$1"; }; f x
        for x in a b; do echo "$x"; done
        zsh -c 'echo hello && ls'
        CC=clang make
        LESS=-R git log
        HISTFILE=/dev/null ls
        GIT_TRACE=1 git fetch
        EDITOR=vim git commit
        sqlite3 a.db 'select name from rm'
        """;

    [Theory]
    [InlineData("7tool rm x")]
    [InlineData("foo@1 rm x")]
    [InlineData("./foo:1 rm x")]
    [InlineData(".tool rm x")]
    [InlineData("outil\u00e9 rm x")]
    [InlineData("foo% --run='rm x'")]
    public void A_program_that_is_not_known_is_heard_whatever_its_name(string command)
    {
        foreach (var mode in (PermissionMode[])[PermissionMode.Default, PermissionMode.Bypass])
        {
            Assert.Equal(Verdict.Ask, Policy(mode, allow: ["Bash"], deny: ["Bash(rm:*)"]).Judge(Bash(command)).Verdict);
        }
    }

    [Theory]
    [InlineData(97)]
    [InlineData(100)]
    [InlineData(3_000)]
    public void A_program_that_is_not_known_is_heard_however_much_it_is_given(int words)
    {
        var command = $"newtool {string.Concat(Enumerable.Repeat("a ", words))}rm x";
        Assert.Equal(Verdict.Ask, Policy(allow: ["Bash(newtool:*)"], deny: ["Bash(rm:*)"]).Judge(Bash(command)).Verdict);
        Assert.Equal(Verdict.Ask, Policy(PermissionMode.Bypass, deny: ["Bash(rm:*)"]).Judge(Bash(command)).Verdict);
        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass).Judge(Bash(command)).Verdict);
    }

    [Fact]
    public void A_program_is_known_from_one_table_only() =>
        Assert.Equal([], PlainPrograms.Own.Where(PlainPrograms.IsReadElsewhere).Order(StringComparer.Ordinal));
}
