using System.Diagnostics;
using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>Real bash says what the words of a command become; where a rule that denies speaks of that, the command must not have been allowed.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ComputedWordOracleTests(ITestOutputHelper output)
{
    private static readonly (string Program, string Verb, string[] Rules)[] s_commands =
    [
        ("git", "push", ["Bash(git push:*)", "Bash(git push)", "Bash(git * push)", "Bash(*push*)", "Bash(git push origin)"]),
        ("kubectl", "delete", ["Bash(kubectl delete:*)", "Bash(kubectl delete x:*)", "Bash(kubectl delete)", "Bash(kubectl *delete)"]),
        ("chmod", "777", ["Bash(chmod 777:*)", "Bash(chmod 777 x)", "Bash(chmod * x)"]),
    ];

    // V stands for the verb; what comes of it is a text, and never more than that.
    private static readonly string[] s_before =
    [
        "", "x=V;", "x=log;", "x='-q V';", "x=;", "x=$(echo V);", "y=V; x=$y;", "x=log; x=V;", "x=lo; x+=g;", "x=${y:-V};", "set -- V;", "set -- -q V;", "a=(V x);", "x=log; a=(log V);", "read x <<< V;", "x=log; read x <<< V;",
        "printf -v x V;", "x=log; n=x; printf -v $n V;", "export x=V;", "x=log; export \"x=V\";", "declare x=V;", "x=log; declare -u x; x=v;", "IFS=g; x=logVgV;", "x=log; unset x;", "HOME=V;", "[ -z a ] && x=log;", "true || x=log;",
        "x=log & wait;", "(x=log);", "x=log | true;", ": ${x:=V};", "eval x=V;", "x=log; eval x=V;", "shopt -s nullglob;", "x=log; x[0]=V;", "x=log; for x in log V; do :; done;", "if true; then x=V; fi;", "x=log && true;", "x=7; ((x=777));", "x=log; : V;",
        "x='V*';", "x='*';", "x=' V ';", "x={log,V};", "x=\"{log,V}\";", "y=x; x=V;", "x=log; f() { local x; $COMMAND; }; f;",
    ];

    private static readonly string[] s_words =
    [
        "V", "log", "x", "origin", "-q", "-n", "--", "-C .", "$x", "\"$x\"", "${x}", "$y", "\"$y\"", "$x$y", "\"$x\"$y", "\"\"", "''", "$1", "$@", "\"$@\"", "$*", "\"$*\"", "$a", "${a[@]}", "\"${a[@]}\"", "${a[1]}", "${x:-V}", "${y:-V}", "\"${y:-V}\"", "${x%g}", "${!y}",
        "$(echo V)", "\"$(echo V)\"", "`echo V`", "$(echo -q V)", "$((700+77))", "$?", "$#", "$!", "$_", "~", "$HOME", "$OLDPWD", "$UID", "V*", "[l]og", "?*", "*", "lo?", "{V,log}", "{log,V}", "{,V}", "V{,x}", "{log,$x}", "{$x,}", "{a}{V,b}", "{{log,V},x}", "{x..z}", "{7..7}77", "77{5..8}", "{a,b",
        "'{V,x}'", "\\{V,x}", "$'V'", "V''", "\"V\"", "{V..x}", "\"{$x,V}\"", "-n{,\\ V}", "V$y", "$y\"V\"", "\"$y\"V",
    ];

    [Fact]
    public async Task No_command_whose_words_become_what_a_rule_denies_is_allowed()
    {
        var time = new FuzzTime(output);
        var (all, hits, allowed) = (0, 0, 0);
        do
        {
            var texts = Enumerable.Range(0, 400).Select(_ => Make(time.Random)).ToList();
            var ran = await RunAsync([.. texts.Select(text => text.Text)]);
            var missed = new List<string>();
            for (var i = 0; i < texts.Count; i++)
            {
                var denied = CommandPattern.Parse(texts[i].Rule[5..^1]);
                var hit = ran[i].Find(words => denied.Hits(words));
                var verdict = Policy(PermissionMode.Bypass, deny: [texts[i].Rule]).Judge(Bash(texts[i].Text)).Verdict;
                (all, hits, allowed) = (all + 1, hits + (hit is null ? 0 : 1), allowed + (verdict is Verdict.Allow ? 1 : 0));
                if (hit is not null && verdict is Verdict.Allow)
                {
                    missed.Add($"{texts[i].Rule}: <<{texts[i].Text}>> ran {string.Join('|', hit)}");
                }
            }

            Assert.True(missed.Count == 0, $"BRIDLE_SEED={time.Seed}\n{string.Join('\n', missed.OrderBy(one => one.Length))}");
        }
        while (IsLong && time.Next());

        output.WriteLine($"{all} commands, {hits} ran what a rule denies, {allowed} were allowed");
        Assert.True(hits > all / 20 && allowed > all / 20, $"{hits} of {all} commands ran what a rule denies and {allowed} were allowed: the test says little.");
    }

    private static bool IsLong => double.TryParse(Environment.GetEnvironmentVariable("BRIDLE_FUZZ_SECONDS"), out var seconds) && seconds > 100;

    private static (string Text, string Rule) Make(Random random)
    {
        var (program, verb, rules) = s_commands[random.Next(s_commands.Length)];
        var command = $"{program} {string.Join(' ', Enumerable.Range(0, 1 + random.Next(3)).Select(_ => s_words[random.Next(s_words.Length)]))}";
        var before = string.Concat(Enumerable.Range(0, 1 + random.Next(2)).Select(_ => s_before[random.Next(s_before.Length)] + " "));
        var text = before.Contains("$COMMAND", StringComparison.Ordinal) ? before.Replace("$COMMAND", command, StringComparison.Ordinal)
            : random.Next(6) switch { 0 => $"{before}for v in log V; do {command} $v; done", 1 => $"{before}for x in log V; do {command}; done", 2 => $"{before}f() {{ {command}; }}; f V", _ => before + command };
        return (text.Replace("V", verb, StringComparison.Ordinal), rules[random.Next(rules.Length)]);
    }

    // The programs are functions that write down their words. Nothing else runs but what bash has built in.
    private static async Task<List<List<string[]>>> RunAsync(IReadOnlyList<string> texts)
    {
        var folder = Directory.CreateTempSubdirectory("bridle-words").FullName;
        try
        {
            var work = Directory.CreateDirectory(Path.Combine(folder, "work")).FullName;
            foreach (var name in new[] { "push", "delete", "777", "log" })
            {
                await File.WriteAllTextAsync(Path.Combine(work, name), "");
            }

            const string Recording = "note() { printf '\\036'; printf '%s\\037' \"$@\"; }; git() { note git \"$@\" >&9; }; kubectl() { note kubectl \"$@\" >&9; }; chmod() { note chmod \"$@\" >&9; }; ";
            for (var i = 0; i < texts.Count; i++)
            {
                await File.WriteAllTextAsync(Path.Combine(folder, $"{i:0000}"), Recording + texts[i] + "\n");
            }

            var start = new ProcessStartInfo("bash", ["-c", "cd work; for t in ../0*; do env -i HOME=/root PATH=/nowhere /usr/bin/timeout -s KILL 5 /bin/bash \"$t\" 9> \"$t.out\" > /dev/null 2>&1 < /dev/null; done"]) { WorkingDirectory = folder, RedirectStandardInput = true };
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            var ran = new List<List<string[]>>();
            for (var i = 0; i < texts.Count; i++)
            {
                ran.Add([.. (await File.ReadAllTextAsync(Path.Combine(folder, $"{i:0000}.out"))).Split('\x1e', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\x1f')[..^1])]);
            }

            return ran;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
