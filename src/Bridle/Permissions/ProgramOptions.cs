using System.Collections.Frozen;
using Bridle.Permissions.Shell;

namespace Bridle.Permissions;

/// <summary>
/// Programs that look harmless and can do more. For each, the options that keep it so; anything else, abbreviations included, is only covered by a rule that
/// names it. Programs that are not listed are what they are: a prefix rule for <c>npm</c> or <c>python3</c> is a grant of code execution.
/// </summary>
internal static class ProgramOptions
{
    // What they are given is code, a file to write, or a variable whose subscript is evaluated: no prefix covers it.
    private static readonly FrozenSet<string> NeverByPrefix = FrozenSet.Create(
        "read", "let", "declare", "typeset", "export", "local", "readonly", "mapfile", "readarray", "compgen", "complete", "compopt", "bind", "enable", "alias", "unalias",
        "shopt", "set", "unset", "hash", "fc", "history", "getopts", "wait", "[[", "tee", "dd", "split", "csplit", "openssl", "dc", "m4", "ed", "ex", "expect", "sqlite3", "nc", "ncat", "socat", "telnet", "ftp");

    private static readonly FrozenSet<string> ShowsNames = FrozenSet.Create("ls", "stat", "du");

    private static readonly FrozenSet<string> FindPredicates = FrozenSet.Create(
        "-name", "-iname", "-path", "-ipath", "-wholename", "-iwholename", "-regex", "-iregex", "-regextype", "-type", "-xtype", "-maxdepth", "-mindepth", "-size", "-mtime", "-mmin",
        "-ctime", "-cmin", "-atime", "-amin", "-newer", "-anewer", "-cnewer", "-newermt", "-empty", "-not", "-a", "-o", "-and", "-or", "-print", "-print0", "-prune", "-perm", "-user",
        "-group", "-links", "-inum", "-readable", "-writable", "-executable", "-depth", "-xdev", "-mount", "-follow", "-L", "-H", "-P", "-true", "-false", "-quit", "-ls", "-printf",
        "-daystart", "-noleaf", "-samefile", "-nouser", "-nogroup", "-lname", "-ilname", "-fstype", "-used", "-uid", "-gid", "-1", "-7");

    private static readonly FrozenDictionary<string, OptionTable> Tables = MakeTables().Concat(MakePlainTables()).ToFrozenDictionary();

    /// <summary>Why a rule that names the first <paramref name="named"/> words does not cover the rest of the command; null when it does.</summary>
    public static string? Uncovered(IReadOnlyList<string> words, int named)
    {
        var name = ShellWords.KindOf(words[0]);
        if (NeverByPrefix.Contains(name))
        {
            return named >= words.Count ? null : $"'{name}' can change files or run code through its arguments";
        }

        return RunningPrograms.Uncovered(words, named) ?? OfProgram(name, words, named);
    }

    private static string? OfProgram(string name, IReadOnlyList<string> words, int named) =>
        name switch
        {
            "git" => GitVerbs.Uncovered(words, named),
            "find" or "gfind" => FirstNot(words, named, word => word is not ['-', _, ..] || FindPredicates.Contains(word) || IsSignedNumber(word)),
            "printf" => words.Count > 1 && named <= 1 && words[1] is ['-', _, ..] ? $"'printf {words[1]}' can set variables" : null,
            "test" => FirstNot(words, named, word => word is not ("-v" or "-R")),
            "[" => FirstNot(words, named, word => word is not ("-v" or "-R" or ['-', '-', _, ..])),
            "make" or "gmake" when named > 1 => FirstNot(words, named, word => word is not ['-', ..] && !word.Contains('=')),
            "awk" or "gawk" or "mawk" or "nawk" => Tables["awk"].Check(words, named) ?? AwkProblem(words, named),
            "sed" or "gsed" => Tables["sed"].Check(words, named) ?? SedScript.ProblemIn(words, named),
            "yq" => Tables["yq"].Check(words, named) ?? FirstNot(words, named, word => !word.Contains("load", StringComparison.Ordinal) && !word.Contains("env", StringComparison.Ordinal) && !word.Contains("system", StringComparison.Ordinal)),
            "hostname" => Tables["hostname"].Check(words, named) ?? (named <= 1 && Tables["hostname"].Operands(words).Count > 0 ? "'hostname' with a name sets it" : null),
            "tar" or "gtar" or "bsdtar" => TarProblem(words, named),
            "curl" => Tables["curl"].Check(words, named) ?? CurlProblem(words, named),
            "date" => Tables["date"].Check(words, named) ?? (Tables["date"].Operands(words).FirstOrDefault(word => word is not ['+', ..]) is { } time && named <= 1 ? $"'date {time}' sets the clock" : null),
            "xxd" when FirstNot(words, named, word => word is not ['-', _, _, ..] || IsOneOptionOfXxd(word)) is { } cluster => cluster,
            "uniq" or "xxd" => Tables[name].Check(words, named) ?? (Tables[name].Operands(words).Count > 1 ? $"'{name}' writes its second operand" : null),
            _ when EditorScripts.IsVi(name) => FirstNot(words, named, word => word is not (['-', ..] or ['+', ..])),
            "nano" or "emacs" or "less" or "more" or "pico" => FirstNot(words, named, word => word is not (['-', ..] or ['+', ..])),
            "cmake" => FirstNot(words, named, word => !ProgramRuns.RunsCmakeScript(word)),
            _ => Tables.TryGetValue(name, out var table) ? table.Check(words, named)
                : ClientRuns.Problem(words, named) ?? (ProgramRuns.IsCompiler(name) ? FirstNot(words, named, word => !ProgramRuns.NamesProgram(word)) : null),
        };

    /// <summary>
    /// Why a prefix cannot speak for the words of a command that are computed or patterns, or null. Only programs that take every word for text may have computed
    /// ones, and only those that show names may have patterns.
    /// </summary>
    public static string? Computed(IReadOnlyList<ShellWord> command)
    {
        var name = ShellWords.NameOf(command[0].Text);
        if (!command[0].Plain)
        {
            return "which program it runs is computed";
        }

        for (var i = 1; i < command.Count; i++)
        {
            var word = command[i];
            if (word.Plain || (SpeaksOnly(name) && (name != "printf" || i > 1)))
            {
                continue;
            }

            if (word.Marks is not WordMarks.Glob || !ShowsNames.Contains(name) || word.Text is ['-', ..] || word.Text.Contains("..", StringComparison.Ordinal))
            {
                return $"what word {i + 1} of '{name}' is is only known when it runs";
            }
        }

        return null;
    }

    /// <summary>Every program with an entry of its own.</summary>
    internal static IEnumerable<string> Names => Tables.Keys.Concat(NeverByPrefix).Concat(["git", "[", "printf", "find", "gfind", "gawk", "mawk", "nawk", "gsed", "gtar", "bsdtar", "vi", "vim", "nvim", "view", "nano", "emacs", "less", "more", "pico"]);

    /// <summary>Whether the program's options are known: by a table or by a case of its own, or because it takes every word for text.</summary>
    public static bool Knows(string name) => Tables.ContainsKey(name) || name is "git" or "find" or "test" or "[" || SpeaksOnly(name);

    internal static OptionTable? TableOf(string name) => Tables.GetValueOrDefault(name);

    private static bool SpeaksOnly(string name) => name is "echo" or "printf" or "true" or "false" or ":" or "pwd";

    private static string? FirstNot(IReadOnlyList<string> words, int named, Func<string, bool> harmless)
    {
        for (var i = Math.Max(named, 1); i < words.Count; i++)
        {
            if (!harmless(words[i]))
            {
                return $"'{words[i]}' needs a rule that names it";
            }
        }

        return null;
    }

    private static bool IsSignedNumber(string word) => word.Length < 12 && word.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    private static string? AwkProblem(IReadOnlyList<string> words, int named)
    {
        var found = ProgramWords.Of(words, "e", "f", "FvilE", "", "source", "file");
        if (UnnamedFile(found, words, named) is { } file)
        {
            return file;
        }

        IEnumerable<string> programs = named > 1 ? found.Scripts.Where(script => !IsNamed(script.Text, words, named)).Select(script => script.Text) : Tables["awk"].Operands(words).Take(1);
        string[] dangerous = ["system", "|", ">", "getline", "@", "ARGV", "ENVIRON", "PROCINFO", "SYMTAB"];
        return dangerous.FirstOrDefault(one => programs.Any(program => program.Contains(one, StringComparison.Ordinal))) is { } sign ? $"an awk program with '{sign}' can run programs or touch other files" : null;
    }

    /// <summary>Whether one of the words that a rule names holds a text: the whole word, or the end of an option.</summary>
    internal static bool IsNamed(string text, IReadOnlyList<string> words, int named) =>
        words.Take(named).Skip(1).Any(word => word == text || (text.Length > 0 && word is ['-', _, ..] && word.EndsWith(text, StringComparison.Ordinal)));

    /// <summary>Why a rule does not cover the file that a program is taken from, or null.</summary>
    internal static string? UnnamedFile(ProgramWords found, IReadOnlyList<string> words, int named) =>
        found.Files.FirstOrDefault(one => !IsNamed(one.Text, words, named)) is { Text: { } file } ? $"the program in '{file}' needs a rule that names it" : null;

    private static string? TarProblem(IReadOnlyList<string> words, int named)
    {
        // The first word may be letters without a dash.
        if (named <= 1 && words.Count > 1 && words[1] is not ['-', ..] && words[1].FirstOrDefault(letter => !Tables["tar"].IsKnown($"-{letter}", out _)) is not '\0' and var unknown)
        {
            // Letters without a dash take their values from the words behind, one after the other: none of them hides another.
            return $"'{unknown}' in '{words[1]}' needs a rule that names it";
        }

        IReadOnlyList<string> dashed = words.Count > 1 && words[1] is not ['-', ..] ? [words[0], $"-{words[1]}", .. words.Skip(2)] : words;
        return Tables["tar"].Check(dashed, named)
            ?? FirstNot(words, named, word => !word.Contains(':'));
    }

    private static string? CurlProblem(IReadOnlyList<string> words, int named)
    {
        var addresses = Tables["curl"].Operands(words);
        if (addresses.FirstOrDefault(one => !words.Take(named).Contains(one) && MayBeNoWebAddress(one)) is { } odd)
        {
            return $"'{odd}' is not a web address";
        }

        if (words.Skip(named).Concat(Tables["curl"].ValuesOf([words[0], .. words.Skip(named)], 'H', "header")).FirstOrDefault(word => word is ['@', ..]) is { } file)
        {
            return $"'{file}' sends a file";
        }

        // A rule that names an address covers that one only.
        return words.Take(named).Any(word => word.Contains("://", StringComparison.Ordinal)) && words.Skip(named).FirstOrDefault(word => addresses.Contains(word)) is { } other
            ? $"'{other}' is an address that the rule does not name"
            : null;
    }

    // curl reads file:/etc/passwd as well as file:///etc/passwd, and its patterns can write a scheme in pieces.
    private static bool MayBeNoWebAddress(string address) =>
        !address.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !address.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
        && (address.Contains("://", StringComparison.Ordinal) || address.StartsWith("file:", StringComparison.OrdinalIgnoreCase) || address.AsSpan().IndexOfAny("[{") >= 0);

    // xxd looks at the first letter and passes over the rest: -ps takes no value, -cols takes the next word.
    private static bool IsOneOptionOfXxd(string word) => word[1] is 'c' or 'l' or 'o' or 's' or 'g' && word[2] is (>= '0' and <= '9') or '-' or '+';

    private static Dictionary<string, OptionTable> MakeTables()
    {
        var grep = new OptionTable("acEFGhHiIlLnoPqrRsTUvVwxyzZb0123456789", "ABCDdemf",
            "after-context before-context context color colour count extended-regexp fixed-strings perl-regexp basic-regexp ignore-case no-ignore-case invert-match word-regexp line-regexp regexp "
            + "max-count line-number with-filename no-filename only-matching quiet silent no-messages files-with-matches files-without-match include exclude exclude-dir recursive "
            + "dereference-recursive text binary-files null null-data line-buffered initial-tab byte-offset directories devices");
        return new Dictionary<string, OptionTable>
        {
            ["cat"] = new("AbeEnstTuv", "", "show-all number number-nonblank show-ends show-tabs squeeze-blank show-nonprinting"),
            ["head"] = new("qvz0123456789", "nc", "lines bytes quiet silent verbose zero-terminated"),
            ["tail"] = new("fFqrvz0123456789", "ncs", "lines bytes quiet silent verbose follow retry sleep-interval zero-terminated"),
            ["wc"] = new("clLmw", "", "bytes chars lines words max-line-length"),
            ["ls"] = new("aAbBcCdfFgGhHiklLmnNopqQrRsStuUvxXZ1", "ITw",
                "all almost-all color human-readable recursive size sort time reverse directory format group-directories-first full-time classify file-type inode si time-style literal escape"),
            ["pwd"] = new("LP", "", ""),
            ["stat"] = new("LftZ", "c", "format printf terse dereference file-system"),
            ["du"] = new("abchHklLmsSxDP0", "dtB", "all apparent-size bytes human-readable summarize total max-depth threshold block-size one-file-system separate-dirs exclude si"),
            ["df"] = new("ahHiklmPT", "Btx", "all human-readable inodes local portability print-type type exclude-type total"),
            ["which"] = new("as", "", "all"),
            ["type"] = new("afptP", "", ""),
            ["cd"] = new("LP", "", ""),
            ["date"] = new("uRI", "dr", "date utc universal iso-8601 rfc-3339 rfc-email reference"),
            ["tree"] = new("adfilspughDFnrtCJNQ", "LIP", "noreport dirsfirst prune gitignore matchdirs charset filelimit"),
            ["file"] = new("biLNkhr0", "F", "brief mime mime-type mime-encoding dereference no-dereference raw"),
            ["diff"] = new("abBcdeEiNpqrsTtuwyZ", "CIUWxSL",
                "brief unified context color ignore-all-space ignore-space-change ignore-blank-lines ignore-case recursive side-by-side new-file report-identical-files text exclude width label suppress-common-lines minimal speed-large-files"),
            ["grep"] = grep, ["egrep"] = grep, ["fgrep"] = grep,
            ["rg"] = new("abFHhiIlLnNoPpqSsUuvwx0c.", "ABCeEfgjmMrtT",
                "ignore-case smart-case case-sensitive fixed-strings word-regexp line-number no-line-number count count-matches files files-with-matches files-without-match glob iglob hidden no-ignore "
                + "no-ignore-vcs type type-not type-list max-count max-depth context after-context before-context color heading no-heading json multiline multiline-dotall only-matching pcre2 quiet replace "
                + "sort sortr stats trim vimgrep with-filename no-filename invert-match regexp column text line-regexp null no-messages no-config max-columns passthru"),
            ["sort"] = new("bcCdfghiMmnrRsuVz", "kSt",
                "key field-separator numeric-sort reverse unique ignore-case human-numeric-sort version-sort general-numeric-sort month-sort stable check zero-terminated ignore-leading-blanks dictionary-order merge sort"),
            ["uniq"] = new("cdDiuz", "fsw", "count repeated unique ignore-case skip-fields skip-chars check-chars all-repeated"),
            ["shuf"] = new("erz", "ni", "echo head-count input-range repeat zero-terminated"),
            ["xxd"] = new("abeEipu", "closg", ""),
            ["base64"] = new("dDi", "wb", "decode ignore-garbage wrap"),
            ["iconv"] = new("cls", "ft", "from-code to-code list silent"),
            ["hostname"] = new("fsiIdAy", "", "fqdn long short ip-address all-ip-addresses domain all-fqdns"),
            ["diff3"] = new("eExX3AimTa", "L", "merge text strip-trailing-cr initial-tab label show-all ed"),
            ["sdiff"] = new("abBEdHilstWZ", "w", "width text left-column suppress-common-lines minimal ignore-case ignore-all-space ignore-space-change ignore-blank-lines expand-tabs"),
            ["ag"] = new("acCDfFHilLnoQrRsStuUvwz0", "ABGgm", "after before context count filename files-with-matches hidden ignore-case literal max-count nocolor color noheading numbers smart-case word-regexp"),
            ["ack"] = new("cfhHiIlLnQRrsvwx1", "ABCgm", "after-context before-context context count files-with-matches ignore-case literal max-count nocolor noheading smart-case word-regexp type"),
            ["yq"] = new("reCnMPj", "op", ""),
            ["sed"] = new("nErsuz", "el", "quiet silent regexp-extended expression separate null-data unbuffered posix debug sandbox"),
            ["awk"] = new("", "Fv", "posix"),
            ["tar"] = new("cxtvzjJpkhmO", "fC", "list extract get create verbose file gzip bzip2 xz zstd directory exclude strip-components to-stdout keep-old-files"),
            ["man"] = new("fk", "", "whatis apropos"),
            ["zip"] = new("rqj0123456789", "", ""),
            ["unzip"] = new("lopqtvn", "d", ""),
            ["ssh"] = new("vqTt46nCaxN", "pl", ""),
            ["scp"] = new("rpqCvB346", "Pl", ""),
            ["sftp"] = new("rpqCva46", "P", ""),
            ["rsync"] = new("avzrnhptgoDHAXqucx", "", "dry-run progress stats exclude include delete partial checksum update human-readable archive verbose recursive"),
            ["curl"] = new("sSfLiIvgG", "mAHX", "silent show-error fail location include head compressed max-time connect-timeout retry header user-agent request verbose http1.1 http2 get"),
            ["wget"] = new("qScnv", "tT", "quiet spider timeout tries server-response no-verbose continue"),
            ["fd"] = new("HIsiagluLpF0", "dteEcj", "hidden no-ignore case-sensitive ignore-case glob absolute-path type extension exclude max-depth min-depth full-path follow color"),
        };
    }
    // Programs that write nothing whatever they are told; some of them can be told to open other files than those that they name.
    private static Dictionary<string, OptionTable> MakePlainTables()
    {
        var sums = new OptionTable("btz", "", "binary text tag zero");
        return new Dictionary<string, OptionTable>
        {
            ["md5sum"] = sums, ["sha1sum"] = sums, ["sha256sum"] = sums, ["sha512sum"] = sums,
            ["cksum"] = new("z", "al", "algorithm length tag untagged zero base64 raw"),
            ["nl"] = new("p", "bdfhilnsvw",
                "body-numbering section-delimiter footer-numbering header-numbering line-increment join-blank-lines number-format no-renumber number-separator starting-line-number number-width"),
            ["rev"] = new("", "", ""),
            ["tac"] = new("br", "s", "before regex separator"),
            ["comm"] = new("123z", "", "check-order nocheck-order output-delimiter total zero-terminated"),
            ["cmp"] = new("bls", "in", "print-bytes ignore-initial verbose bytes quiet silent"),
            ["cut"] = new("nsz", "bcdf", "bytes characters delimiter fields only-delimited complement output-delimiter zero-terminated"),
            ["realpath"] = new("eEmLPqsz", "", "canonicalize-existing canonicalize-missing logical physical quiet strip no-symlinks zero relative-to relative-base"),
            ["readlink"] = new("femnqsvz", "", "canonicalize canonicalize-existing canonicalize-missing no-newline quiet silent verbose zero"),
            ["basename"] = new("az", "s", "multiple suffix zero"),
            ["dirname"] = new("z", "", "zero"),
            ["uname"] = new("asnrvmpio", "", "all kernel-name nodename kernel-release kernel-version machine processor hardware-platform operating-system"),
            ["whoami"] = new("", "", ""),
            ["tr"] = new("cCdst", "", "complement delete squeeze-repeats truncate-set1"),
            ["seq"] = new("w0123456789.", "fs", "equal-width format separator"),
        };
    }
}
