namespace Bridle.Tests.Permissions.Shell;

/// <summary>Makes commands in which a text gets into a variable in one of many ways, and a builtin or an expansion evaluates it in another.</summary>
internal static class EvaluatedTexts
{
    /// <summary>A command that, mostly, runs the program.</summary>
    public static string Make(Random random, string program)
    {
        if (random.Next(4) == 0)
        {
            var line = EvaluatedExamples.Running[random.Next(EvaluatedExamples.Running.Count)];
            if (!line.Contains('\n'))
            {
                return line.Replace("%P", program, StringComparison.Ordinal);
            }
        }

        string Pick(params string[] choices) => choices[random.Next(choices.Length)];
        var wild = Pick($"a[$({program} x)0]", $"a[`{program}`0]", $"a[1+$({program})0]", $"a[0$({program} x </dev/null)]");
        var by = Pick("", "", "", "command ", "builtin ", "\\", "command -- ");
        var sink = Pick(
            $"{by}printf -v \"$s\" hi", $"{by}printf -v\"$s\" hi", $"{by}read \"$s\" <<< x", $"{by}read -r \"$s\" y <<< x", $"{by}test -v \"$s\"", $"{by}[ -v \"$s\" ]", $"[ ! -v $s ]", "[[ -v $s ]]", $"{by}let s", $"{by}let \"y=s\"",
            $"{by}let $s", "((s))", ": $((s))", ": $[s+1]", $"{by}declare -i y=s", $"{by}declare -i y; y=$s", "OPTIND=s", "OPTIND=$s", "RANDOM=$s", "b=([s]=1)", "b=([$s]=1)", $"b=(1); {by}unset \"b[s]\"", ": ${b[s]}", ": ${PATH:s}",
            ": ${PATH:0:s}", $"{by}declare \"$s=1\"", $"b=(1); {by}test -v 'b[s]'", ": ${!s}", "for RANDOM in \"$s\"; do :; done", "for OPTIND in $s; do :; done", "exec {b[s]}>/dev/null", $"{by}read OPTIND <<< \"$s\"",
            $"true & {by}wait -n -p \"$s\"", $"{by}export OPTIND=\"$s\"", "declare -n r=$s; r=1", $"b=(); {by}declare b=\"([s]=1)\"", "export s; bash -c 'let s'", "[[ $s -eq 0 ]]", "[[ s -lt 1 ]]", "for ((s;0;)); do :; done");
        return random.Next(12) switch
        {
            0 => $"for s in '{wild}'; do {sink}; done",
            1 => $"read -r s <<< '{wild}'; {sink}",
            2 => $"printf -v s '%s' '{wild}'; {sink}",
            3 => $"s=$(printf '%s' '{wild}'); {sink}",
            4 => $"unset s; : ${{s:='{wild}'}}; {sink}",
            5 => $"{by}declare s='{wild}'; {sink}",
            6 => $"t='{wild}'; s=$t; {sink}",
            7 => $"s='{wild[..3]}'; s+='{wild[3..]}'; {sink}",
            8 => $"set -- '{wild}'; s=$1; {sink}",
            9 => $"s=('{wild}'); {sink}",
            10 => $"f() {{ s=$1; {sink}; }}; f '{wild}'",
            _ => $"s='{wild}'; {sink}",
        };
    }
}
