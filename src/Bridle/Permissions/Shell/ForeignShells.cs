using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Bridle.Permissions.Shell;

/// <summary>
/// Texts for shells whose language is not bash's. They are read as bash all the same, which is right only for the plainest: well-known programs with plain words, one after
/// the other. In anything else each word may be the program that runs (<c>not rm x</c>, <c>repeat 1 rm x</c>), and nobody can say what does.
/// </summary>
internal static class ForeignShells
{
    private static readonly FrozenSet<string> All = FrozenSet.Create("zsh", "rzsh", "fish", "csh", "tcsh", "scsh", "nu", "elvish", "xonsh", "murex", "pwsh", "powershell");

    // Options whose value is run, of those shells that have others than '-c'.
    private static readonly FrozenSet<string> Texts = FrozenSet.Create("-C", "--init-command", "--command", "-c", "-e", "--execute", "--commands");

    // =rm is the path of rm.
    private static readonly Regex PathOf = new(@"(^|[\s;&|({])=(?=[A-Za-z])", RegexOptions.CultureInvariant);

    /// <summary>What they may run.</summary>
    public static IEnumerable<InnerCommand> Of(FoundCommand command)
    {
        if (!All.Contains(command.Name))
        {
            yield break;
        }

        if (command.Name is "pwsh" or "powershell" && command.Texts.Skip(1).Any(text => text is ['-' or '/', ..] && !text.StartsWith("-f", StringComparison.OrdinalIgnoreCase) && !text.StartsWith("-no", StringComparison.OrdinalIgnoreCase) && !text.StartsWith("-v", StringComparison.OrdinalIgnoreCase)))
        {
            yield return Unread(command.Name);
        }

        foreach (var script in ScriptsOf(command).Distinct())
        {
            foreach (var one in Read(command.Name, script))
            {
                yield return one;
            }
        }
    }

    private static IEnumerable<string> ScriptsOf(FoundCommand command)
    {
        var texts = command.Texts;
        if (ShellWords.ScriptOf(texts) is > 0 and var script)
        {
            yield return texts[script];
        }

        for (var i = 1; i < texts.Count && command.Name is ("fish" or "nu" or "elvish" or "xonsh" or "murex"); i++)
        {
            var equals = texts[i].IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && Texts.Contains(texts[i][..equals]))
            {
                yield return texts[i][(equals + 1)..];
            }
            else if (Texts.Contains(texts[i]) && i + 1 < texts.Count)
            {
                yield return texts[i + 1];
            }
            else if (command.Name is "fish" && texts[i] is ['-', 'c' or 'C', _, ..])
            {
                yield return texts[i][2..];
            }
        }
    }

    private static IEnumerable<InnerCommand> Read(string shell, string script)
    {
        var text = shell is "zsh" or "rzsh" ? PathOf.Replace(script, "$1") : script;
        yield return new InnerCommand.Text(text, Certain: false);
        var tree = ShellParser.Parse(text);
        var plain = tree.Problem is null or ShellParser.Empty && !text.Contains('\\');
        foreach (var node in ShellWalk.All(tree.Body))
        {
            plain &= IsPlain(node, shell is "zsh" or "rzsh");
            if (node is SimpleCommand { Words: [var program, ..] words } && !(program.Plain && IsKnown(program.Text)))
            {
                plain = false;
                for (var i = 1; i < words.Count; i++)
                {
                    yield return new InnerCommand.Words([.. words.Skip(i)]);
                }
            }
        }

        if (!plain)
        {
            yield return Unread(shell);
        }
    }

    private static InnerCommand.Unknown Unread(string shell) => new($"what '{shell}' makes of its text cannot be read as bash would read it", Files: true);

    // A program that runs its words may be given a word of the shell's own.
    private static bool IsKnown(string program)
    {
        var name = ShellWords.KindOf(program);
        return PlainPrograms.IsKnown(name) && RunningPrograms.Of(name) is not { Always: true } && !ShellWords.Shells.Contains(name);
    }

    private static bool IsPlain(ShellNode node, bool isLikeBash) => node switch
    {
        ShellSequence or AndOr or Pipeline or SimpleCommand or ShellWord or LiteralPart or DoubleQuotedPart { Localised: false } or Redirect or CommandSubstitution => true,
        Assignment => isLikeBash,
        ParameterPart { Operator: "", Prefix: "", Subscript: null } => true,
        Block or IfCommand or LoopCommand or ForCommand { Words: not null } or CaseCommand or CaseBranch => isLikeBash,
        _ => false,
    };
}
