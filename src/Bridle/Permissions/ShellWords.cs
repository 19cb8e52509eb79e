using System.Collections.Frozen;

namespace Bridle.Permissions;

/// <summary>What single words mean to a shell.</summary>
internal static class ShellWords
{
    public static readonly FrozenSet<string> Keywords = FrozenSet.Create(
        "if", "then", "else", "elif", "fi", "do", "done", "case", "esac", "while", "until", "for", "in", "function", "select",
        "time", "coproc", "{", "}", "!", "[[", "]]", "((", "))");

    public static readonly FrozenSet<string> Shells = FrozenSet.Create("sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "fish", "csh", "tcsh", "rbash", "pwsh");

    // Programs that run (some of) their arguments as a command.
    private static readonly FrozenSet<string> Runners = FrozenSet.Create(
        "env", "timeout", "gtimeout", "sudo", "doas", "su", "runuser", "pkexec", "nice", "ionice", "chrt", "taskset", "nohup", "setsid", "stdbuf", "unbuffer",
        "time", "command", "builtin", "exec", "eval", "xargs", "parallel", "watch", "flock", "script", "chroot", "unshare", "nsenter", "setpriv", "capsh",
        "prlimit", "busybox", "toybox", "strace", "ltrace", "gdb", "valgrind", "perf", "ld.so", "proxychains", "torsocks", "firejail", "bwrap", "systemd-run",
        "start-stop-daemon", "daemonize", "entr", "inotifywait", "run-parts", "at", "batch", "crontab", "screen", "tmux", "dbus-run-session", "xvfb-run",
        "fakeroot", "faketime", "rlwrap", "sg", "newgrp", "setarch", "linux32", "linux64", "numactl", "cgexec", "trap", "source", ".", "coproc", "noglob", "nocorrect");

    private static readonly FrozenSet<string> FindActions = FrozenSet.Create("-exec", "-execdir", "-ok", "-okdir");

    public static string NameOf(string program)
    {
        var slash = program.LastIndexOf('/');
        return slash < 0 ? program : program[(slash + 1)..];
    }

    /// <summary>Whether words after the first are, or may be, run as a command.</summary>
    public static bool RunsItsArguments(IReadOnlyList<string> words)
    {
        var name = NameOf(words[0]);
        return Runners.Contains(name)
            || name.StartsWith("ld-linux", StringComparison.Ordinal)
            || (Shells.Contains(name) && words.Skip(1).Any(word => word is ['-' or '+', ..]))
            || (name is "find" && words.Any(FindActions.Contains));
    }

    /// <summary>Whether a word sets a variable when it stands first.</summary>
    public static bool IsAssignment(string word)
    {
        var i = 0;
        while (i < word.Length && (char.IsAsciiLetter(word[i]) || word[i] == '_' || (i > 0 && char.IsAsciiDigit(word[i]))))
        {
            i++;
        }

        if (i == 0 || i == word.Length)
        {
            return false;
        }

        return word[i] == '=' || word[i] == '[' || (word[i] == '+' && i + 1 < word.Length && word[i + 1] == '=');
    }
}
