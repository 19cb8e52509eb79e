using System.Text.RegularExpressions;

namespace Bridle.Permissions.Shell;

/// <summary>What single tools run or open in a way of their own that the table of <see cref="RunningPrograms"/> has no words for.</summary>
internal static class ToolRuns
{
    // Actions of fzf and skim: execute(…), become:…, reload[…].
    private static readonly Regex Action = new(@"\b(execute(-silent|-multi)?|become|(re)?load|preview|transform(-[a-z-]{1,40})?|reload-sync)\s*[(\[{<:~!@#$%^&*;/|](?<text>[^)\]}>]*)", RegexOptions.CultureInvariant);

    // Commands of debuggers that run more than the debugger.
    private static readonly Regex Debugging = new(@"^\s*(!|shell|make|pipe|\||py|python|pi|sc|script|gu|guile|so|source|comm|command|plat|platform|expr|call|print|p|e|compile)\b", RegexOptions.CultureInvariant);

    /// <summary>All of it.</summary>
    public static IEnumerable<InnerCommand> Of(FoundCommand command) => command.Name switch
    {
        "yarn" => OfWorkspaces(command),
        "corepack" when command.Texts.Count > 2 && command.Texts[1].Split('@')[0] is "npm" or "npx" or "pnpm" or "pnpx" or "yarn" =>
            [new InnerCommand.Words([ShellWord.Bare(command.Words[1].Span, command.Texts[1].Split('@')[0]), .. command.Words.Skip(2)])],
        "npm" or "pnpm" => Behind(command, "--script-shell", "--script-shell"),
        "mvn" or "mvnw" => Behind(command, "-Dexec.executable", "-Dexec.executable"),
        "dotnet" or "msbuild" => command.Texts.Skip(1).Where(IsProperty).Select(InnerCommand (text) => new InnerCommand.Text(text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..], Certain: false)),
        "cargo" when command.Texts.Contains("watch") => Behind(command, "-s", "--shell").Append(new InnerCommand.Words([.. command.Words.SkipWhile(word => word.Text is not "--").Skip(1).DefaultIfEmpty(command.Words[0])])).Concat(Behind(command, "-x", "--exec").OfType<InnerCommand.Text>().Select(InnerCommand (text) => text with { Script = $"cargo {text.Script}" })),
        "fzf" or "sk" => command.Texts.Skip(1).SelectMany(OfActions),
        "hg" when command.Texts.Any(text => text.Contains("extensions.", StringComparison.OrdinalIgnoreCase)) => [new InnerCommand.Unknown("what an extension of 'hg' runs cannot be read")],
        "rpm" or "rpmbuild" or "rpmspec" => command.Texts.Skip(1).Where(text => text.Contains("%(", StringComparison.Ordinal)).Select(InnerCommand (text) => new InnerCommand.Text(text[(text.IndexOf("%(", StringComparison.Ordinal) + 2)..].TrimEnd(')'), Certain: false)),
        "gdb" or "lldb" => command.Texts.Skip(1).SelectMany(OfDebugger),
        "apt" or "apt-get" or "aptitude" or "apt-cache" or "apt-config" when command.Texts.Skip(1).Any(text => text.StartsWith("-c", StringComparison.Ordinal) || text.StartsWith("--config-file", StringComparison.Ordinal)) =>
            [new InnerCommand.Unknown($"what settings of '{command.Name}' run cannot be read")],
        "curl" => OfCurl(command),
        _ => [],
    };

    // A property of a build may be a command that it runs: -p:PreBuildEvent=….
    private static bool IsProperty(string text) => text is ['-' or '/', ..] && text.TrimStart('-', '/') is var name && name.StartsWith("p", StringComparison.OrdinalIgnoreCase) && name.Contains(':') && name.Contains('=');

    private static IEnumerable<InnerCommand> Behind(FoundCommand command, string letter, string name)
    {
        for (var i = 1; i < command.Texts.Count; i++)
        {
            if (command.Texts[i].StartsWith($"{name}=", StringComparison.Ordinal))
            {
                yield return new InnerCommand.Text(command.Texts[i][(name.Length + 1)..], Certain: false);
            }
            else if (i + 1 < command.Texts.Count && (command.Texts[i] == letter || command.Texts[i] == name))
            {
                yield return new InnerCommand.Text(command.Texts[i + 1], Certain: false);
            }
        }
    }

    // 'yarn workspace a exec rm' is 'yarn exec rm' in a; behind 'foreach' stands the verb after options.
    private static IEnumerable<InnerCommand> OfWorkspaces(FoundCommand command)
    {
        var texts = command.Texts.ToList();
        var workspace = texts.IndexOf("workspace");
        if (workspace > 0 && workspace + 2 < texts.Count)
        {
            yield return new InnerCommand.Words([command.Words[0], .. command.Words.Skip(workspace + 2)]);
        }

        var each = texts.IndexOf("workspaces") is > 0 and var many ? texts.FindIndex(many + 1, text => text is "foreach" or "run") : -1;
        for (var i = each + 1; each > 0 && i < texts.Count; i++)
        {
            if (texts[i] is not ['-', ..])
            {
                yield return new InnerCommand.Words([command.Words[0], .. command.Words.Skip(i)]);
                if (texts[i - 1] is not ['-', ..])
                {
                    break;
                }
            }
        }
    }

    private static IEnumerable<InnerCommand> OfActions(string word)
    {
        foreach (Match match in Action.Matches(word))
        {
            yield return new InnerCommand.Text(match.Groups["text"].Value, Certain: false);
        }
    }

    private static IEnumerable<InnerCommand> OfDebugger(string word)
    {
        if (Debugging.Match(word) is not { Success: true } command || !word.Contains(' ', StringComparison.Ordinal))
        {
            yield break;
        }

        var rest = word[(command.Index + command.Length)..].Trim();
        yield return new InnerCommand.Text(rest.StartsWith("shell ", StringComparison.Ordinal) ? rest[6..] : rest, Certain: false);
        if (command.Groups[1].Value is not ("!" or "shell" or "make" or "plat" or "platform" or "print" or "p" or "e"))
        {
            yield return new InnerCommand.Unknown("what a debugger's program runs cannot be read", Files: true);
        }
    }

    // Files by their address: curl's patterns name several, and may stand for the scheme itself.
    private static IEnumerable<InnerCommand> OfCurl(FoundCommand command)
    {
        foreach (var text in command.Texts.Skip(1))
        {
            var scheme = text.IndexOf("file:", StringComparison.OrdinalIgnoreCase);
            var pattern = text.AsSpan().IndexOfAny('[', '{');
            if (pattern >= 0 && (scheme >= 0 || (text.IndexOf("://", StringComparison.Ordinal) is var colon && pattern < colon && !text.AsSpan(0, colon).ContainsAny(' ', '"'))))
            {
                yield return new InnerCommand.Opens("which files an address of 'curl' with a pattern names is only known when it runs");
            }

            if (scheme >= 0)
            {
                var path = text[(scheme + 5)..];
                var top = path.StartsWith("//", StringComparison.Ordinal) ? path.IndexOf('/', 2) : 0;
                yield return new InnerCommand.File(Uri.UnescapeDataString(top < 0 ? path : path[top..]), Writes: false);
            }
        }

        if (command.Texts.Skip(1).Any(text => text is "--config" || (text is ['-', not '-', ..] && text.Contains('K'))))
        {
            yield return new InnerCommand.Opens("'curl' takes its options from a file");
        }
    }
}
