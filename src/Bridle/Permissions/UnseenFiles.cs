using System.Collections.Frozen;
using Bridle.Permissions.Shell;

namespace Bridle.Permissions;

/// <summary>Programs that open files which no word of the command names: those that another program finds for them, or that stand in a list. A rule for files sees none of them; a sandbox does.</summary>
internal static class UnseenFiles
{
    // What shows names and figures, whatever it is given.
    private static readonly FrozenSet<string> NamesOnly = FrozenSet.Create("echo", "printf", "ls", "stat", "du", "basename", "dirname", "realpath", "readlink", "test", "[", "true", "false");

    private static readonly FrozenSet<string> FdActions = FrozenSet.Create("-x", "-X", "--exec", "--exec-batch");

    private static readonly FrozenSet<string> AloneOfXargs = FrozenSet.Create("-0", "--null", "-r", "--no-run-if-empty", "-t", "--verbose", "-x", "--exit", "-0r", "-r0");

    private static readonly FrozenSet<string> ValuedOfXargs = FrozenSet.Create("-n", "--max-args", "-P", "--max-procs", "-L", "-I", "-d", "--delimiter", "-s", "-E");

    private static readonly string[] Lists = ["--files-from", "--files0-from", "--pathspec-from-file", "--from-file", "--include-from-file"];

    /// <summary>Why files are opened that a deny rule cannot see, or null; where the sandbox keeps them closed nobody needs to be asked.</summary>
    public static string? WhatGives(JudgedCommand command, CallToJudge call, bool reads, bool writes)
    {
        var found = command.Reading.Commands.FirstOrDefault(one => GivesOthers(one) || (reads && TakesList(one)) || (writes && UnpackingCommands.Writes(one.Name, one.Texts)));
        return found is null || (call.Confined && !call.AsksForNoSandbox && call.Guarded().Problem is null) ? null
            : $"Which files '{found.Name}' {(GivesOthers(found) ? "finds for what it does" : reads && TakesList(found) ? "takes from a list" : "writes")} is only known when it runs, and a deny rule for files is in force.";
    }

    private static bool GivesOthers(FoundCommand command) => command.Name switch
    {
        "xargs" or "gxargs" => RunByXargs(command.Texts) is var at && at < command.Texts.Count && !NamesOnly.Contains(ShellWords.NameOf(command.Texts[at])),
        "parallel" => command.Texts.Count > 1 && !command.Texts.Contains(":::"),
        "find" or "gfind" => Behind(command.Texts, ShellWords.FindActions) || command.Texts.Contains("-delete"),
        "fd" or "fdfind" => Behind(command.Texts, FdActions) || command.Texts.Any(word => word.StartsWith("--exec", StringComparison.Ordinal) || word is ['-', 'x' or 'X', _, ..]),
        _ => false,
    };

    private static bool Behind(IReadOnlyList<string> words, FrozenSet<string> actions) =>
        Enumerable.Range(1, words.Count - 1).Any(at => actions.Contains(words[at]) && at + 1 < words.Count && !NamesOnly.Contains(ShellWords.NameOf(words[at + 1])));

    // Where the program stands that xargs runs; behind an option that is not known, where that option stands.
    private static int RunByXargs(IReadOnlyList<string> words)
    {
        var at = 1;
        while (at < words.Count && words[at] is ['-', ..])
        {
            var step = AloneOfXargs.Contains(words[at]) ? 1 : ValuedOfXargs.Contains(words[at]) ? 2 : ValuedOfXargs.Contains(words[at][..Math.Min(2, words[at].Length)]) ? 1 : 0;
            if (step == 0)
            {
                return at;
            }

            at += step;
        }

        return at;
    }

    private static bool TakesList(FoundCommand command) => command.Name switch
    {
        "cpio" or "pax" or "afio" => true,
        "zip" => command.Texts.Skip(1).Any(word => word is ['-', ..] && word.Contains('@')),
        "tar" or "gtar" or "bsdtar" when command.Texts.Skip(1).Any(word => word is ['-', not '-', ..] && word.Contains('T')) => true,
        "git" or "du" or "md5sum" or "sha256sum" => false,
        _ => command.Texts.Skip(1).Any(word => word is ['-', '-', _, _, _, _, ..] && word.Split('=')[0] is var name && Array.Exists(Lists, list => list.StartsWith(name, StringComparison.Ordinal) && name.Length > 6)),
    };
}
