using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Bridle.Permissions.Shell;

/// <summary>Commands that editors and pagers are given on their command line or in a variable: what they run, and which files they read and write.</summary>
internal static class EditorScripts
{
    private static readonly FrozenSet<string> Vi = FrozenSet.Create(
        "vi", "vim", "nvim", "gvim", "view", "ex", "vimdiff", "nvimdiff", "gvimdiff", "rvim", "rgvim", "rview", "rgview", "gview", "gex", "evim", "eview", "vimx", "neovide");

    // What neither runs nor loads anything: places, searches, settings, writing and leaving, plain substitutions. Both patterns give back nothing of what may be any number of signs: a line of
    // sixty thousand blanks is read as soon as any other.
    private static readonly Regex Harmless = new(
        @"^(?>[\s:]*)(([0-9]+|\$|[GgF]|w|wq|q|qa|wqa|x|xa|wa|e|\+)!?|/(?>[^|!]*)|se(t|tlocal)? (?>[A-Za-z=?, 0-9]+)|syntax (?>[a-z]+)|%?s([/#,])(?>[^|\\]*)|normal (?>[gG]+)|colorscheme (?>[a-z]+))?$", RegexOptions.CultureInvariant);

    // Modifiers, lines, the command, and what stands behind it.
    private static readonly Regex Command = new(
        @"^(?>[\s:]*)((sil(ent)?|uns(ilent)?|keep(alt|marks|jumps|patterns)|noa(utocmd)?|nos(wapfile)?|vert(ical)?|tab|conf(irm)?|hid(e)?|san(dbox)?)!?(?>[\s:]+))*(?>[0-9.,$%;+\-\s]*)(?<verb>(?>[A-Za-z]+))!?(?>\s*)(>>)?(?>\s*)(?>(\+\+(?>\S+)(?>\s+))*)(?<rest>.*)$",
        RegexOptions.CultureInvariant | RegexOptions.Singleline);

    // The shortest and the whole name of commands that take a file.
    private static readonly string[] Reading = ["r read", "vie view", "sv sview", "diffs diffsplit", "rund rundo", "rv rviminfo", "cf cfile", "lf lfile"];

    // Opened for editing, so that a later 'w' writes it; or written at once.
    private static readonly string[] Writing =
        ["e edit", "ex ex", "vi visual", "sp split", "vs vsplit", "new new", "vne vnew", "tabe tabedit", "tabnew tabnew", "arga argadd", "arge argedit", "ar args", "n next", "bad badd", "ped pedit", "dr drop", "f file",
         "w write", "sav saveas", "up update", "wq wq", "x xit", "exi exit", "wn wnext", "wN wNext", "wp wprevious", "mk mkexrc", "mkv mkvimrc", "mks mksession", "mkvie mkview", "wv wviminfo", "wund wundo"];

    /// <summary>Whether a program is vi or one of its kin, by whatever name.</summary>
    public static bool IsVi(string name) => Vi.Contains(name);

    /// <summary>What they may run and open.</summary>
    public static IEnumerable<InnerCommand> Of(FoundCommand command)
    {
        var words = command.Words;
        for (var i = 1; i < words.Count; i++)
        {
            var (script, at) = ScriptAt(command, i);
            foreach (var one in script is null ? [] : Of(command.Name, script, at >= words.Count || words[at].Plain))
            {
                yield return one;
            }
        }
    }

    /// <summary>What one text of commands may run and open. <paramref name="known"/>: it is known to its end.</summary>
    public static IEnumerable<InnerCommand> Of(string program, string script, bool known)
    {
        foreach (var part in script.Split('!', '|').Skip(1).Where(part => part.Trim().Length > 0))
        {
            yield return new InnerCommand.Text(part, Certain: false);
        }

        if (script.IndexOf('!', StringComparison.Ordinal) is >= 0 and var bang && bang + 1 < script.Length)
        {
            yield return new InnerCommand.Text(script[(bang + 1)..], Certain: false);
        }

        foreach (var line in script.Split('|', '\n').Select(line => line.Trim()).Where(line => !Harmless.IsMatch(line)))
        {
            var files = IsVi(program) ? FilesOf(line) : null;
            foreach (var file in files ?? [])
            {
                yield return file;
            }

            known &= files is not null;
        }

        if (!known)
        {
            yield return new InnerCommand.Unknown($"what '{program}' runs by its commands cannot be read", Files: true);
        }
    }

    // The text of commands that a word holds or announces, and the word that it stands in.
    private static (string? Script, int At) ScriptAt(FoundCommand command, int i)
    {
        var text = command.Texts[i];
        if (text is ['+', _, ..])
        {
            return (text[1..], i);
        }

        if (command.Name is "less" or "more")
        {
            return (null, i);
        }

        var next = i + 1 < command.Texts.Count ? command.Texts[i + 1] : null;
        if (text is "--cmd")
        {
            return (next, i + 1);
        }

        if (text is "-u" or "-U" or "-i")
        {
            return (text is "-i" || next is null or "NONE" or "NORC" or "DEFAULTS" or "/dev/null" ? null : $":source {next}", i + 1);
        }

        if (text.StartsWith("--remote", StringComparison.Ordinal) || text is "-l" or "-ll")
        {
            return ($":source {next}", i);
        }

        // Letters may stand together: -nc 'r x'.
        if (text is not ['-', not '-', ..] || text.AsSpan(1).IndexOfAny('c', 'S') is not (>= 0 and var letter) || text.AsSpan(1, letter).IndexOfAnyExcept("bdefghlmnprsvxyACDEFHLMNRVXZ0123456789") >= 0)
        {
            return (null, i);
        }

        var value = letter + 2 < text.Length ? text[(letter + 2)..] : next ?? "";
        return (text[letter + 1] == 'S' ? $":source {value}" : value, letter + 2 < text.Length ? i : i + 1);
    }

    // The files of a command that takes some, in words that stand for themselves; null for any other command.
    private static List<InnerCommand>? FilesOf(string line)
    {
        if (Command.Match(line) is not { Success: true } read)
        {
            return null;
        }

        var (verb, rest) = (read.Groups["verb"].Value, read.Groups["rest"].Value);
        var writes = Array.Exists(Writing, one => Names(one, verb));
        if (!writes && !Array.Exists(Reading, one => Names(one, verb)))
        {
            return null;
        }

        // '%', '#' and '<cfile>' are files of the editor, '+' a command of its own.
        if (rest.AsSpan().IndexOfAny("%#<>$*?[]{}`=!\"") >= 0 || rest is ['+', ..])
        {
            return null;
        }

        var names = new HashSet<string>(StringComparer.Ordinal) { rest.Replace("\\ ", " ", StringComparison.Ordinal) };
        names.UnionWith(rest.Replace("\\ ", "\0", StringComparison.Ordinal).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(name => name.Replace('\0', ' ')));
        return [.. names.Where(name => name.Length > 0 && name is not ("/dev/stdout" or "/dev/stderr" or "/dev/null" or "/dev/tty")).Select(name => new InnerCommand.File(name, writes))];
    }

    private static bool Names(string names, string verb)
    {
        var space = names.IndexOf(' ', StringComparison.Ordinal);
        return verb.Length >= space && names.AsSpan(space + 1).StartsWith(verb, StringComparison.Ordinal);
    }
}
