namespace Bridle.Tests.Permissions.Shell;

/// <summary>
/// Every way in which bash evaluates a text that a builtin, an expansion or a variable is given: <c>%P</c> stands for the program that runs then. Lines that begin with
/// <c>~</c> need a terminal, a file or another version of bash to run it; the others run it in a plain <c>bash</c> and are tried there.
/// </summary>
internal static class EvaluatedExamples
{
    public static IReadOnlyList<string> Lines { get; } = [.. Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim().Replace('⏎', '\n'))];

    /// <summary>The ones that need no more than bash.</summary>
    public static IReadOnlyList<string> Running { get; } = [.. Lines.Where(line => line[0] != '~')];

    /// <summary>Everyday commands whose verdict stays what it was.</summary>
    public static IReadOnlyList<string> Honest { get; } = [.. Everyday.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim().Replace('⏎', '\n'))];

    private const string Everyday = """
        arr=(a b); echo done
        for f in *.cs; do wc -l "$f"; done
        for v in a b; do unset "$v"; done
        declare -a x=(1 2)
        read -r a b
        read -rp "Name: " name
        while read -r line; do echo "$line"; done < a.txt
        i=0; while [ $i -lt 3 ]; do echo $i; i=3; done
        n=$(ls | wc -l); [ $n -gt 3 ]
        n=$(wc -l < a.txt); if [ "$n" -gt 3 ]; then echo more; fi
        branch=$(git rev-parse --abbrev-ref HEAD); [ "$branch" = main ]
        v=$(curl -s https://a.test); [ "$v" = ok ] && echo yes
        v=$(python3 x.py); [ -n "$v" ] && echo yes
        [ -f "$f" ] && [ ! -d "$d" ]
        while getopts "ab:" opt; do case $opt in a) echo a;; esac; done
        f() { local n=$1; echo "$n"; }; f x
        make & pid=$!; wait $pid
        make & pids+=($!); wait "${pids[@]}"
        wait
        jobs
        jobs -l
        export PATH="$HOME/bin:$PATH"
        export CI=1 NODE_ENV=test
        readonly v=1
        unset v
        unset -f f
        printf '%s\n' "$x"
        printf -v out '%s' x
        printf "$fmt\n"
        set -euo pipefail; npm test
        set -- a b
        shopt -s globstar
        let i=i+1
        declare -i n=5
        OPTIND=1
        SECONDS=0
        RANDOM=42
        mapfile -t lines < a.txt
        hash -r
        history
        alias
        bash -lc 'npm test'
        bash -c 'echo $0' x
        declare -A m=([key]=1)
        exec 3< a.txt
        x=${y:=5}
        test -v HOME
        PS1='> '
        """;

    private const string Text = """
        jobs -x %P x
        jobs -rx %P x
        bash -c 'jobs -x %P x'
        export -a 'a=($(%P x))'
        declare -a 'a=($(%P x))'
        typeset -a 'a=($(%P x))'
        readonly -a 'a=($(%P x))'
        declare -ia 'a=($(%P x))'
        a=(); declare 'a=($(%P x))'
        f() { local -a 'a=($(%P x))'; }; f
        v='($(%P x))'; declare -a "a=$v"
        v='($(%P x))'; declare -a a=$v
        a=(); v='($(%P x))'; declare a="$v"
        v='[$(%P x)0]=1'; declare -a "a=($v)"
        v='$(%P x)'; a=([$v]=1)
        true & wait -n -p 'a[$(%P x)0]'
        true & x='a[$(%P x)0]'; wait -n -p 'b[x]'
        history -s %P x; fc -s
        history -s %P x; fc -ls
        echo '%P x' > a.sh; history -r a.sh; fc -s
        for s in 'a[$(%P x)0]'; do printf -v "$s" hi; done
        for s in 'a[$(%P x)0]'; do printf -v"$s" hi; done
        for s in 'a[$(%P x)0]'; do read "$s" <<< x; done
        for s in 'a[$(%P x)0]'; do test -v "$s"; done
        for s in 'a[$(%P x)0]'; do [ -v "$s" ]; done
        for s in 'a[$(%P x)0]'; do [[ -v $s ]]; done
        for s in 'a[$(%P x)0]'; do declare "$s=1"; done
        for s in 'a[$(%P x)0]'; do trap "$s" EXIT; done
        o=-v; s='a[$(%P x)0]'; [ $o "$s" ]
        o=-v; s='a[$(%P x)0]'; printf $o "$s" hi
        x='-v a[$(%P</dev/null)0]'; [ $x ]
        x='-v a[$(%P</dev/null)0]'; [ $x = 3 ]
        y='-v a[$(%P</dev/null)0]'; x=$y; [ $x -gt 3 ]
        x=$(printf '%s' '-v a[\044(%P</dev/null)0]'); x=$(printf "$x"); [ $x ]
        f() { printf -v "$1" x; }; f 'a[$(%P x)0]'
        set -- 'a[$(%P x)0]'; let $1
        declare -A m; x='$(%P x)'; unset "m[$x]"
        x='a[$(%P x)0]'; b=(1); unset 'b[x]'
        x='a[$(%P x)0]'; b=(1); read 'b[x]' <<< 1
        x='a[$(%P x)0]'; b=(1); [ -v 'b[x]' ]
        x='a[$(%P x)0]'; b=(1); printf -v 'b[x]' 1
        x='a[$(%P x)0]'; exec {b[x]}>/dev/null
        exec {a[$(%P x)0]}>/dev/null
        for RANDOM in 'a[$(%P x)0]'; do :; done
        for SECONDS in 'a[$(%P x)0]'; do :; done
        for HISTCMD in 'a[$(%P x)0]'; do :; done
        RANDOM='a[$(%P x)0]'
        SRANDOM='a[$(%P x)0]'
        OPTIND='a[$(%P x)0]'
        HISTCMD='a[$(%P x)0]'
        SECONDS[1]='a[$(%P x)0]'
        BASHPID+='a[$(%P x)0]'
        x='a[$(%P x)0]'; OPTIND=x
        export OPTIND='a[$(%P x)0]'
        read OPTIND <<< 'a[$(%P x)0]'
        mapfile SECONDS <<< 'a[$(%P x)0]'
        printf -v OPTIND '%s' 'a[$(%P x)0]'
        x='a[$(%P x)0]'; let x
        x='a[$(%P x)0]'; y=x; let y
        x='a[$(%P x)0]'; declare -i y=x
        x='a[$(%P x)0]'; declare -i y; y=x
        declare -i y; for y in 'a[$(%P x)0]'; do :; done
        declare -i y; read y <<< 'a[$(%P x)0]'
        declare -i y; : ${y:='a[$(%P x)0]'}
        unset x; : ${x:='a[$(%P x)0]'}; let x
        x='a[$(%P x)0]'; z=([x]=1)
        x='a[$(%P x)0]'; z+=([x]=1)
        x='a[$(%P x)0]'; declare -a a=([x]=1)
        x='a[$(%P x)0]'; echo $((x))
        x='a[$(%P x)0]'; echo $[x]
        x='a[$(%P x)0]'; ((x))
        x='a[$(%P x)0]'; for ((x;0;)); do :; done
        x='a[$(%P x)0]'; [[ x -eq 1 ]]
        x='a[$(%P x)0]'; echo ${b[x]}
        x='a[$(%P x)0]'; y=abc; echo ${y:x}
        x='a[$(%P x)0]'; y=abc; echo ${y:0:x}
        x='a[$(%P x)0]'; set -- a b; echo ${@:x}
        x='a[$(%P x)0]'; echo ${!x}
        x='$(%P x)'; echo ${x@P}
        declare -n r='a[$(%P x)0]'; echo $r
        declare -n r='a[$(%P x)0]'; r=1
        declare -n r; for r in 'a[$(%P x)0]'; do r=1; done
        export x='a[$(%P x)0]'; bash -c 'let x'
        env x='a[$(%P x)0]' bash -c 'let x'
        mapfile -C '%P x;' -c 1 a <<< x
        readarray -c1 -C'%P x;' a <<< x
        compgen -W '$(%P x)' a
        compgen -C '%P x' a
        ~complete -C '%P x' a
        ~enable -f ./%P a
        ~bind -x '"a": %P x'
        ~hash -p /bin/%P zz; zz x
        BASH_ENV=<(echo %P x) bash -c true
        echo %P x > a.sh; BASH_ENV=a.sh bash -c true
        printf -v BASH_ENV a.sh; export BASH_ENV; echo %P x > a.sh; bash -c true
        ~echo %P x > a.sh; bash --rcfile a.sh -ic :
        ~echo %P x > a.sh; bash --init-file a.sh -ic :
        ~echo %P x > .bashrc; HOME=$PWD bash -ic :
        echo %P x > .bash_profile; HOME=$PWD bash -lc :
        echo %P x > .bash_profile; HOME=$PWD exec -l bash -c :
        ~ENV=a.sh sh -ic :
        ~PROMPT_COMMAND='%P x' bash -i
        ~PS1='$(%P x)' bash -i
        ~PS0='$(%P x)' bash -i
        ~MAILPATH='f?$(%P x)' bash -i
        PS4='$(%P x)'; set -x; :
        for PS4 in '$(%P x)'; do set -x; :; done
        printf -v PS4 '$(%s x)' %P; set -x; :
        read -r PS4 <<< '$(%P x)'; set -x; :
        declare PS4='$(%P x)'; set -x; :
        unset PS4; : ${PS4:='$(%P x)'}; set -x; :
        s=PS4; printf -v "$s" '$(%s x)' %P; set -x; :
        ~SHELLOPTS=xtrace bash %P
        env 'BASH_FUNC_foo%%=() { %P x; }' bash -c foo
        trap '%P x' EXIT
        command_not_found_handle() { "$@"; }; %P
        shopt -s expand_aliases; alias z='%P x'; eval z
        shopt -s expand_aliases⏎alias z='true;'⏎z %P x
        set -H⏎set -o history⏎echo %P x⏎!echo:s/echo//
        """;
}
