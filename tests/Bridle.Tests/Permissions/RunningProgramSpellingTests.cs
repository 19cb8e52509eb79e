using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>Less usual spellings by which a program is told to run another one, or to open a file, that a rule is about.</summary>
public sealed class RunningProgramSpellingTests
{
    [Theory]
    [InlineData("bash /dev/stdin <<< 'touch P'")]
    [InlineData("sh /dev/fd/0 < a.txt")]
    [InlineData("sh /proc/self/fd/0 < a.txt")]
    [InlineData("sh //dev/./stdin < a.txt")]
    [InlineData("sh ../dev/stdin < a.txt")]
    [InlineData("cat a.txt | bash -")]
    [InlineData("mapfile -C 'touch P' -c 1 < a.txt")]
    [InlineData("readarray -c 1 -C 'touch P' < a.txt")]
    [InlineData("PS4='$(touch P)'; set -x; true")]
    [InlineData("PS4='\\044(touch P)'; set -x; true")]
    [InlineData("export PS4='$(touch P)'; set -x; true")]
    [InlineData("export PS0='$(touch P)' PS1=x")]
    [InlineData("export PROMPT_COMMAND='touch P'")]
    [InlineData("read PS4 < a.txt; set -x; true")]
    [InlineData("printf -v PS4 '%s' '$(tou''ch P)'; set -x; true")]
    [InlineData("compgen -C 'touch P;' x")]
    [InlineData("compgen -W '$(touch P)' x")]
    [InlineData("hash -p /usr/bin/touch foo; foo P")]
    [InlineData("BASH_CMDS[foo]=/usr/bin/touch; foo P")]
    [InlineData("env -S 'touch\\_P'")]
    [InlineData("env -iS'touch\\_P'")]
    [InlineData("make -E '$(shell touch P)' all")]
    [InlineData("make X='$(shell touch P)' all")]
    [InlineData("git --shallow-file x -c alias.x='!touch P' x")]
    [InlineData("git ls-remote 'ext::sh -c touch% P'")]
    [InlineData("GIT_ALLOW_PROTOCOL=ext git ls-remote 'ext::sh -c touch% P'")]
    [InlineData("git -c remote.o.url='ext::sh -c touch% P' fetch o")]
    [InlineData("git -c url.'ext::sh -c touch% P#'.insteadOf=zz: fetch zz:y")]
    [InlineData("git -c remote.o.vcs=ext -c remote.o.url='sh -c touch% P' fetch o")]
    [InlineData("echo '!touch P' | ed")]
    [InlineData("ed '!touch P'")]
    [InlineData("ex a.txt < b.txt")]
    [InlineData("sqlite3 x.db '.shell touch P'")]
    [InlineData("sqlite3 x.db '.sys touch P'")]
    [InlineData("sqlite3 -cmd '.system touch P' x.db 'select 1'")]
    [InlineData("sqlite3 x.db < a.txt")]
    [InlineData("cmake -E touch P")]
    [InlineData("cmake -E env touch P")]
    [InlineData("cmake -E chdir sub touch P")]
    [InlineData("i386 touch P")]
    [InlineData("x86_64 touch P")]
    [InlineData("linux32 touch P")]
    [InlineData("linux64 touch P")]
    [InlineData("setarch x86_64 touch P")]
    [InlineData("strace -o '|touch P' true")]
    [InlineData("strace -o'|touch P' true")]
    [InlineData("gcc -wrapper touch,P a.c")]
    [InlineData("cc -wrapper touch,P a.c")]
    [InlineData("g++-12 -wrapper touch,P a.c")]
    [InlineData("clang -wrapper touch,P a.c")]
    [InlineData("nix run nixpkgs#x -- touch P")]
    [InlineData("pnpm touch P")]
    [InlineData("pnpm --filter x touch P")]
    [InlineData("yarn touch P")]
    [InlineData("yarn run touch P")]
    public void A_spelling_that_runs_a_command_is_not_passed_by_a_rule_for_it(string command)
    {
        Assert.NotEqual(Verdict.Allow, Policy(PermissionMode.Bypass, deny: ["Bash(touch:*)"]).Judge(Bash(command)).Verdict);
        Assert.Equal(Verdict.Ask, Policy(PermissionMode.Bypass, ask: ["Bash(touch:*)"]).Judge(Bash(command)).Verdict);
        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass).Judge(Bash(command)).Verdict);
    }

    [Theory]
    [InlineData("bash ./dev/x.sh")]
    [InlineData("bash src/proc/x.sh")]
    [InlineData("mapfile -t lines < a.txt")]
    [InlineData("PS4='+ '; set -x; true")]
    [InlineData("hash -r")]
    [InlineData("read -r line < a.txt")]
    [InlineData("env -S 'node --version'")]
    [InlineData("make -j4 all")]
    [InlineData("git grep 'Context::new'")]
    [InlineData("git -c user.name=x commit -m 'fix Text::x'")]
    [InlineData("sqlite3 x.db 'select 1'")]
    [InlineData("sqlite3 x.db .tables")]
    [InlineData("cmake --build build")]
    [InlineData("strace -f -o out true")]
    [InlineData("gcc -O2 -o a a.c")]
    [InlineData("nix build")]
    [InlineData("pnpm install")]
    [InlineData("pnpm test")]
    [InlineData("yarn build")]
    [InlineData("yarn add x")]
    [InlineData("awk '{ if ($1 > x) print $2 }' a.txt")]
    public void Everyday_calls_of_these_programs_are_not_asked_about(string command) =>
        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass, deny: ["Bash(touch:*)"]).Judge(Bash(command)).Verdict);

    [Theory]
    [InlineData("Bash(sed -n:*)", "sed -n '1e touch X' a.txt", Verdict.Ask)]
    [InlineData("Bash(sed -n:*)", "sed -n -e 's/hi/touch P/e' a.txt", Verdict.Ask)]
    [InlineData("Bash(sed -n -e:*)", "sed -n -e 's/hi/touch P/e' a.txt", Verdict.Ask)]
    [InlineData("Bash(sed -n 5p:*)", "sed -n 5p -e '1e touch P' a.txt", Verdict.Ask)]
    [InlineData("Bash(sed -i.el:*)", "sed -i.el '1e touch P' a.txt", Verdict.Ask)]
    [InlineData("Bash(sed -f:*)", "sed -f x a.txt", Verdict.Ask)]
    [InlineData("Bash(sed -E *)", "sed -E '1e touch X' a.txt", Verdict.Ask)]
    [InlineData("Bash(awk -F,:*)", "awk -F, 'BEGIN{system(\"touch X\")}'", Verdict.Ask)]
    [InlineData("Bash(awk -F , *)", "awk -F , 'BEGIN{system(\"touch X\")}'", Verdict.Ask)]
    [InlineData("Bash(sed -n:*)", "sed -n 5p a.txt", Verdict.Allow)]
    [InlineData("Bash(sed -E *)", "sed -E 's/a/b/' a.txt", Verdict.Allow)]
    [InlineData("Bash(sed -n -e:*)", "sed -n -e 5p a.txt", Verdict.Allow)]
    [InlineData("Bash(sed -f x:*)", "sed -f x a.txt", Verdict.Allow)]
    [InlineData("Bash(sed 1eid:*)", "sed 1eid a.txt", Verdict.Allow)]
    [InlineData("Bash(awk -F,:*)", "awk -F, '{print $1}' a.txt", Verdict.Allow)]
    public void A_rule_covers_a_script_that_runs_something_only_where_it_names_the_script(string allow, string command, Verdict verdict) =>
        Assert.Equal(verdict, Policy(allow: [allow]).Judge(Bash(command)).Verdict);

    [Theory]
    [InlineData("awk 'BEGIN{f=\"src/a\" \".cs\"; while((getline l<f)>0)print l}'", Verdict.Ask)]
    [InlineData("awk 'BEGIN{getline l < \"src/a\" \".cs\"; print l}'", Verdict.Ask)]
    [InlineData("awk 'BEGIN{print \"x\" > \"src/a\" \".cs\"}'", Verdict.Ask)]
    [InlineData("awk 'BEGIN{print \"x\" > f}' f=src/y", Verdict.Ask)]
    [InlineData("awk 'BEGIN{print \"x\" > \"src/\\141.cs\"}'", Verdict.Ask)]
    [InlineData("awk 'BEGIN{ARGV[1]=\"src/a\" \".cs\"; ARGC=2} {print}'", Verdict.Ask)]
    [InlineData("awk 'BEGIN{while((getline l < \"src/a.cs\")>0)print l}'", Verdict.Deny)]
    [InlineData("awk 'BEGIN{print \"x\" > \"b.txt\"}'", Verdict.Allow)]
    [InlineData("awk '{ if ($1 > x) print $2 }' a.txt", Verdict.Allow)]
    [InlineData("awk 'NR > n && $2 < m { for (i = 0; i < NF; i++) print $i }' a.txt", Verdict.Allow)]
    public void A_file_that_an_awk_program_names_by_a_computed_text_is_asked_about_where_a_rule_denies_files(string command, Verdict verdict)
    {
        Assert.Equal(verdict, Policy(PermissionMode.Bypass, deny: ["Read(src/a.cs)", "Edit(src/a.cs)"]).Judge(Bash(command)).Verdict);
        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass).Judge(Bash(command)).Verdict);
    }
}
