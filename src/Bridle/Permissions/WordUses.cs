using System.Collections.Frozen;
using Bridle.Permissions.Shell;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>What a command does with a file that a word of it may name.</summary>
internal enum WordUse
{
    /// <summary>Nothing: the word is a program found on the path, or a task, a verb or a target.</summary>
    None,

    /// <summary>It is read, or run.</summary>
    Reads,

    /// <summary>Nobody knows: the program is not one whose arguments are known.</summary>
    MayWrite,

    /// <summary>It is written, made, moved or removed.</summary>
    Writes,
}

/// <summary>Tells of every word what its program does with it. The tables below name those that are not what every program off them is: one that may write what it is given.</summary>
internal static class WordUses
{
    private static readonly string[] Options = ["-q", "--quiet", "-s", "--silent", "-v", "--verbose", "--no-audit", "--offline", "--if-present"];

    // Their first word is a verb, and behind some verbs stands a name.
    private static readonly FrozenSet<string> Verbs = FrozenSet.Create(
        "npm", "pnpm", "yarn", "bun", "dotnet", "cargo", "go", "composer", "deno", "mix", "swift", "flutter", "dart", "zig", "bazel", "bazelisk", "sbt", "lein", "stack", "cabal", "dune", "rails", "docker", "podman", "kubectl",
        "gh", "terraform", "tofu", "pip", "pip3", "uv", "poetry", "conda", "apt", "apt-get", "brew", "systemctl");

    private static readonly FrozenSet<string> NamedTasks = FrozenSet.Create("npm run", "npm run-script", "pnpm run", "yarn run", "bun run", "composer run", "composer run-script", "deno task");

    // Each of their words is a task or a target.
    private static readonly FrozenSet<string> Targets = FrozenSet.Create("make", "gmake", "just", "task", "rake", "mvn", "gradle", "gradlew", "mvnw", "grunt", "gulp", "nox", "ninja");

    private static readonly FrozenSet<string> TargetOptions = FrozenSet.Create("-s", "-k", "-B", "-n", "-q", "-i", "-j", "-v", "-C", "-f", "--silent", "--quiet", "--keep-going", "--always-make", "--dry-run");

    // What they are given they read: tests, checkers.
    private static readonly FrozenSet<string> Checkers = FrozenSet.Create("pytest", "py.test", "unittest", "jest", "vitest", "mocha", "phpunit", "rspec", "mypy", "pylint", "flake8", "pyright", "shellcheck", "yamllint");

    private static readonly FrozenSet<string> CheckerOptions = FrozenSet.Create("-q", "-qq", "-v", "-vv", "-vvv", "-x", "-s", "-l", "--lf", "--ff", "--verbose", "--quiet", "--exitfirst", "--no-header", "--runInBand", "--strict");

    // The first word that is no option is the program that they run.
    private static readonly FrozenDictionary<string, string[]> Interpreters = new Dictionary<string, string>
    {
        ["python"] = "-u -B -I -E -O", ["python2"] = "-u -B -E -O", ["python3"] = "-u -B -I -E -O", ["node"] = "--test", ["ruby"] = "", ["perl"] = "", ["php"] = "", ["lua"] = "", ["Rscript"] = "",
        ["bash"] = "-e -x -u -eu -ex -eux", ["sh"] = "-e -x -u -eu -ex -eux", ["dash"] = "-e -x -u", ["zsh"] = "-e -x -u",
    }.ToFrozenDictionary(one => one.Key, one => one.Value.Split(' '));

    private static readonly FrozenSet<string> Editing = FrozenSet.Create(
        "tee", "dd", "install", "ginstall", "ln", "gln", "gcp", "gmv", "grm", "rsync", "scp", "sftp", "truncate", "shred", "split", "csplit", "unlink", "link", "chmod", "chown", "chgrp", "setfacl", "patch", "tar", "gtar", "bsdtar",
        "unzip", "zip", "gzip", "gunzip", "xz", "bzip2", "zstd", "cpio", "curl", "wget", "sort", "uniq", "find", "tree", "date", "rg", "fd", "less", "more", "man", "git", "ed", "ex", "vi", "vim", "nvim", "nano", "emacs", "yq", "sponge",
        "mkfifo", "mknod", "rename", "sqlite3", "openssl", "gofmt", "rustfmt", "clang-format", "black", "prettier", "sed", "gsed", "awk", "gawk", "mawk", "nawk", "file");

    /// <summary>The most that any part of the command does with the word.</summary>
    public static WordUse Of(JudgedCommand command, WordPath word)
    {
        if (word.Redirected || command.Script.Problem is not null)
        {
            return WordUse.Writes;
        }

        WordUse? most = null;
        foreach (var one in command.Reading.Commands)
        {
            if (one.Texts.Contains(word.Word))
            {
                most = command.PassedOver.Contains(one.Words[0]) ? most : Max(most, Of(one, word));
            }
        }

        return most switch
        {
            null => WordUse.Reads,
            WordUse.None when command.Reading.Words.Any(other => other.Text == word.Word && !command.Reading.Commands.Any(one => one.Words.Any(mine => ReferenceEquals(mine, other)))) => WordUse.Reads,
            { } use => use,
        };
    }

    private static WordUse Max(WordUse? one, WordUse other) => one is { } known && known > other ? known : other;

    /// <summary>The words at which no command begins though a wrapper stands before them: <c>timeout 60 npm test</c> is <c>npm test</c>.</summary>
    public static HashSet<ShellWord> PassedOver(CommandReading reading)
    {
        var passed = new HashSet<ShellWord>(ReferenceEqualityComparer.Instance);
        foreach (var one in reading.Commands)
        {
            if (ShellWords.Shells.Contains(one.Name))
            {
                passed.UnionWith(one.Words.Take(ShellWords.FileOf(one.Texts)).Skip(1));
                continue;
            }

            var behind = AllowedWrappers.Strip(one.Words);
            passed.UnionWith(one.Words.Take(one.Words.Count - behind.Count));
            if (behind.Count < one.Words.Count && !ShellWords.RunsItsArguments([.. behind.Select(word => word.Text)]))
            {
                passed.UnionWith(behind.Skip(1));
            }
        }

        return passed;
    }

    private static WordUse Of(FoundCommand command, WordPath word)
    {
        if (CommandEffects.OnlyLooks(command))
        {
            return WordUse.Reads;
        }

        WordUse? most = null;
        var (texts, end) = (command.Texts, EndOf(command));
        for (var i = 0; i < texts.Count; i++)
        {
            if (texts[i] == word.Word)
            {
                most = Max(most, i == 0 ? texts[0].Contains('/') ? WordUse.Reads : WordUse.None : i >= end ? WordUse.None : OfArgument(command, i, word));
            }
        }

        return most ?? WordUse.None;
    }

    // Where the command begins that a program of the table runs: its words are that one's.
    private static int EndOf(FoundCommand command) =>
        RunningPrograms.Of(command.Name) is { Always: false, Joins: false } running && running.PlacesIn(command.Texts) is { Places: [var place], Certain: true } ? place : command.Texts.Count;

    private static WordUse OfArgument(FoundCommand command, int at, WordPath word)
    {
        var (name, texts) = (command.Name, command.Texts);
        if (!command.Words[at].Plain)
        {
            return IsWriter(name) && !CommandEffects.LeavesAsItIs(command, word.Word) ? WordUse.Writes : CommandEffects.LeavesAsItIs(command, word.Word) ? WordUse.Reads : WordUse.MayWrite;
        }

        if (CommandEffects.LeavesAsItIs(command, word.Word) || (name is "sed" or "gsed" or "awk" or "gawk" or "mawk" or "nawk" && command.Words.All(one => one.Plain) && ProgramOptions.Uncovered(texts, 1) is null))
        {
            return WordUse.Reads;
        }

        if (name is "python" or "python2" or "python3" && FirstBut(texts, 1, Interpreters[name]) is var module && module + 1 < texts.Count && texts[module] is "-m" && Checkers.Contains(texts[module + 1]))
        {
            return at <= module + 1 ? WordUse.None : OfChecker(texts, module + 2, at);
        }

        if (IsCode(command, at) || (name is "curl" or "wget" && (texts[at].StartsWith("http://", StringComparison.Ordinal) || texts[at].StartsWith("https://", StringComparison.Ordinal))))
        {
            return WordUse.None;
        }

        return IsTask(command, at, word) ? word.Path.Kind is not FileKind.File ? WordUse.None : Targets.Contains(name) ? WordUse.MayWrite : WordUse.Reads
            : Checkers.Contains(name) ? OfChecker(texts, 1, at)
            : Interpreters.TryGetValue(name, out var options) && FirstBut(texts, 1, options) == at && texts[at] is not ['-', ..] ? WordUse.Reads
            : IsWriter(name) ? WordUse.Writes
            : WordUse.MayWrite;
    }

    // The program itself stands behind -c or -e.
    private static bool IsCode(FoundCommand command, int at) =>
        Interpreters.TryGetValue(command.Name, out var options) && command.Texts[at - 1] is var option && FirstBut(command.Texts, 1, options) == at - 1
        && (option is "-c" ? command.Name is ['p', 'y', ..] or [.., 's', 'h'] : option is "-e" && command.Name is "node" or "ruby" or "perl");

    private static bool IsWriter(string name) => Editing.Contains(name) || CommandEffects.Editors.Contains(name);

    private static WordUse OfChecker(IReadOnlyList<string> texts, int from, int at)
    {
        for (var i = from; i < texts.Count; i++)
        {
            if (texts[i] is ['-', ..] && !CheckerOptions.Contains(texts[i]) && !texts[i].StartsWith("--tb=", StringComparison.Ordinal) && !texts[i].StartsWith("--maxfail=", StringComparison.Ordinal))
            {
                return WordUse.MayWrite;
            }
        }

        return at >= from ? WordUse.Reads : WordUse.None;
    }

    private static bool IsTask(FoundCommand command, int at, WordPath word)
    {
        var (name, texts) = (command.Name, command.Texts);
        if (!word.Whole || texts[at].AsSpan().IndexOfAny("/=") >= 0 || texts[at] is ['-' or '.', ..])
        {
            return false;
        }

        if (Targets.Contains(name))
        {
            return !texts[at].Contains('.') && texts[at - 1] is not ("-C" or "-f") && texts.Take(at).Skip(1).All(text => text is not ['-', ..] || TargetOptions.Contains(text));
        }

        var verb = Verbs.Contains(name) ? FirstBut(texts, 1, Options) : 0;
        return verb > 0 && (at == verb || (verb < at && NamedTasks.Contains($"{name} {texts[verb]}") && at == FirstBut(texts, verb + 1, Options)));
    }

    // The first word from there on that is none of these.
    private static int FirstBut(IReadOnlyList<string> texts, int from, string[] options)
    {
        while (from < texts.Count && options.Contains(texts[from]))
        {
            from++;
        }

        return from;
    }
}
