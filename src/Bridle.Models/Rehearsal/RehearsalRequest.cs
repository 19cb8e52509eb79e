using System.Text.RegularExpressions;

namespace Bridle.Models.Rehearsal;

/// <summary>What a person asks for, as far as simple rules can tell.</summary>
internal abstract record Wish;

/// <summary>List a folder.</summary>
internal sealed record LookAround(string Path) : Wish;

/// <summary>List a folder, or read what turns out to be a file: a bare name does not say which it is.</summary>
internal sealed record LookInto(string Path) : Wish;

/// <summary>Read a file and say what is in it.</summary>
internal sealed record LookAt(string Path, bool Summarise) : Wish;

/// <summary>Say what a folder holds as a whole.</summary>
internal sealed record SummariseFolder(string Path) : Wish;

/// <summary>Find text in files; <paramref name="Read"/> when what was found is to be looked at too.</summary>
internal sealed record SearchFor(string Text, bool Read) : Wish;

/// <summary>Find files by their names.</summary>
internal sealed record FindFiles(string Pattern, string What) : Wish;

/// <summary>Run a command.</summary>
internal sealed record RunCommand(string Command) : Wish;

/// <summary>Write a file as a whole.</summary>
internal sealed record WriteFile(string Path, string Content) : Wish;

/// <summary>Replace text in a file; null when the file has to be found first.</summary>
internal sealed record ChangeFile(string? Path, string Old, string New) : Wish;

/// <summary>Make a plan for something.</summary>
internal sealed record MakePlan(string Goal) : Wish;

/// <summary>Nothing the rules know.</summary>
internal sealed record Unclear(string Text) : Wish;

/// <summary>Reads wishes from plain English. Deterministic; never throws.</summary>
internal static partial class RehearsalRequest
{
    private static readonly Dictionary<string, string> s_endings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["python"] = "py", ["c#"] = "cs", ["csharp"] = "cs", ["javascript"] = "js", ["typescript"] = "ts", ["markdown"] = "md", ["text"] = "txt", ["json"] = "json", ["yaml"] = "{yml,yaml}",
        ["rust"] = "rs", ["go"] = "go", ["java"] = "java", ["ruby"] = "rb", ["shell"] = "sh", ["html"] = "html", ["css"] = "css", ["xml"] = "xml", ["php"] = "php", ["swift"] = "swift", ["kotlin"] = "kt",
    };

    /// <summary>The wishes in the order of the text; at least one.</summary>
    public static IReadOnlyList<Wish> Parse(string text)
    {
        var wishes = Clauses(text).Select(Understand).OfType<Wish>().ToList();
        var known = wishes.Where(wish => wish is not Unclear).ToList();
        return known.Count > 0 ? known : [new Unclear(text.Trim())];
    }

    // Clauses end at "then", ";" and sentence ends outside quotes; a full stop inside a file name does not end one.
    private static IEnumerable<string> Clauses(string text) =>
        ClauseEnd().Split(Quoted().Replace(text, quote => quote.Value.Replace(' ', '\u0001').Replace(';', '\u0002').Replace('\n', '\u0003')))
            .Select(clause => clause.Replace('\u0001', ' ').Replace('\u0002', ';').Replace('\u0003', '\n').Trim())
            .Where(clause => clause.Length > 0);

    private static Wish Understand(string clause)
    {
        var quotes = Quoted().Matches(clause).Select(match => match.Value[1..^1]).ToList();
        var path = PathIn(Quoted().Replace(clause, " ")) ?? quotes.Find(LooksLikePath);
        if (Plan().IsMatch(clause))
        {
            return new MakePlan(Plan().Replace(clause, "").Trim(' ', ':', '.', '?'));
        }

        return Run(clause, quotes) ?? Change(clause, quotes, path) ?? Write(clause, quotes, path) ?? Find(clause) ?? Search(clause, quotes) ?? Look(clause, path) ?? new Unclear(clause);
    }

    private static RunCommand? Run(string clause, List<string> quotes)
    {
        var match = RunVerb().Match(clause);
        if (!match.Success)
        {
            return null;
        }

        var command = quotes.Count > 0 ? quotes[0] : match.Groups[1].Value.Trim().TrimEnd('.', '?', '!');
        return command.Length > 0 ? new RunCommand(command) : null;
    }

    private static ChangeFile? Change(string clause, List<string> quotes, string? path)
    {
        if (ChangeVerb().IsMatch(clause) && quotes.Where(quote => quote != path).ToList() is [var old, var replacement, ..])
        {
            return new ChangeFile(path, old, replacement);
        }

        return ChangeWords().Match(clause) is { Success: true } match ? new ChangeFile(match.Groups[3].Success ? PathIn(match.Groups[3].Value) : path, match.Groups[1].Value, match.Groups[2].Value.TrimEnd('.')) : null;
    }

    private static WriteFile? Write(string clause, List<string> quotes, string? path)
    {
        if (!WriteVerb().IsMatch(clause) || path is null)
        {
            return null;
        }

        var content = quotes.Find(quote => quote != path) ?? Containing().Match(clause) switch { { Success: true } match => match.Groups[1].Value.Trim(), _ => null };
        return content is null ? null : new WriteFile(path, content.Replace("\\n", "\n", StringComparison.Ordinal));
    }

    private static FindFiles? Find(string clause)
    {
        var match = FindVerb().Match(clause);
        if (!match.Success)
        {
            return null;
        }

        var kind = match.Groups[1].Value;
        var ending = kind.StartsWith("*.", StringComparison.Ordinal) ? kind[2..] : kind[0] is '.' ? kind[1..] : s_endings.GetValueOrDefault(kind);
        return ending is null ? null : new FindFiles("**/*." + ending, $"{kind} files");
    }

    private static SearchFor? Search(string clause, List<string> quotes)
    {
        var match = SearchVerb().Match(clause);
        if (!match.Success)
        {
            return null;
        }

        var text = quotes.Count > 0 ? quotes[0] : match.Groups[1].Value.Trim(' ', ',', '.', '?', '!');
        return text.Length > 0 ? new SearchFor(text, Each().IsMatch(clause)) : null;
    }

    private static Wish? Look(string clause, string? path)
    {
        var summarise = SummariseVerb().IsMatch(clause);
        if (!summarise && !LookVerb().IsMatch(clause))
        {
            return null;
        }

        if (path is null && !summarise && FolderName().Match(clause) is { Success: true } named)
        {
            return new LookInto(named.Groups[1].Success ? named.Groups[1].Value : named.Groups[2].Success ? named.Groups[2].Value : named.Groups[3].Value);
        }

        return path is null or "." ? summarise ? new SummariseFolder(".") : Around().IsMatch(clause) ? new LookAround(".") : null
            : path.EndsWith('/') ? new LookAround(path)
            : new LookAt(path, summarise);
    }

    private static string? PathIn(string text) =>
        text.Split([' ', ',', '?', '!', ':', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(word => word.TrimEnd('.')).FirstOrDefault(LooksLikePath);

    private static bool LooksLikePath(string word) =>
        word.Length > 0 && !word.Contains(' ') && (PathShape().IsMatch(word) || word is "README" or "LICENSE" or "Makefile" or "Dockerfile");

    [GeneratedRegex("""[;\n]+|(?<=\w{2}|["'`”)])[.?!](?=\s|$)|,?\s+(?:and\s+)?then\s+|\s+and\s+(?=(?:read|open|show|run|write|create|summari[sz]e|search|change|replace|list|plan)\b)""", RegexOptions.IgnoreCase)]
    private static partial Regex ClauseEnd();

    [GeneratedRegex("""`[^`]+`|"[^"]+"|“[^”]+”|(?<!\w)'[^']+'(?!\w)""")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^[\w@~.\-/]*(\.[A-Za-z0-9]{1,8}|/[\w.\-]*)$|^\.$")]
    private static partial Regex PathShape();

    [GeneratedRegex(@"^(?:please\s+)?(?:make\s+(?:me\s+)?a\s+plan\s*(?:for|to|of)?|plan(?:\s+(?:how\s+to|to|for))?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Plan();

    [GeneratedRegex(@"^(?:please\s+|can you\s+|now\s+)?(?:run|execute)\s*(?:the\s+command|this)?\s*:?\s*(.*)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex RunVerb();

    [GeneratedRegex(@"\b(?:change|replace|rename|substitute|fix)\b", RegexOptions.IgnoreCase)]
    private static partial Regex ChangeVerb();

    [GeneratedRegex(@"^(?:please\s+)?(?:change|replace|rename)\s+(\S+)\s+(?:to|with|by|into)\s+(\S+)(?:\s+in\s+(.+))?$", RegexOptions.IgnoreCase)]
    private static partial Regex ChangeWords();

    [GeneratedRegex(@"\b(?:write|create|make|put|save)\b", RegexOptions.IgnoreCase)]
    private static partial Regex WriteVerb();

    [GeneratedRegex(@"\b(?:containing|with the (?:text|content|line)|that says)\s*:?\s*(.+)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Containing();

    [GeneratedRegex(@"\b(?:search(?:\s+\w+)?\s+for|grep(?:\s+for)?|(?:which|what)\s+files?\s+(?:mention|contain|use|have|reference)s?|where\s+(?:is|are|do we use)|find(?:\s+all)?(?:\s+(?:files|places)\s+(?:that\s+|which\s+)?(?:mention|contain|with|use)(?:ing|s)?)?|look\s+for)\s+(.+?)(?=,|\s+and\s+|\s+in\s+(?:the|this|all)\b|[?!]|$)", RegexOptions.IgnoreCase)]
    private static partial Regex SearchVerb();

    [GeneratedRegex(@"\b(?:find|list|show(?:\s+me)?|which|what|where\s+are)\s+(?:all\s+)?(?:the\s+)?(\*?\.\w+|[\w#]+)\s+files\b(?!\s+(?:that|which|with|containing|mention))", RegexOptions.IgnoreCase)]
    private static partial Regex FindVerb();

    // "the folder NAME", "the NAME folder", or a bare name as all there is to look at.
    [GeneratedRegex(@"\b(?:folder|directory)\s+(?:called\s+|named\s+)?(?!here|now|please|is|are|of|in|at|and|or|with|contents?\b)([\w\-]+)|\bthe\s+(?!whole|entire|current|same|root|working|project|this\b)([\w\-]+)\s+(?:folder|directory)\b|^(?:please\s+)?(?:look\s+(?:at|in|into)|list|open|read|show(?:\s+me)?|cat|print)\s+(?!around|files?|folders?|here|everything|all|this|that|it|them|project|repo|repository|directory\b)([\w\-]+)$", RegexOptions.IgnoreCase)]
    private static partial Regex FolderName();

    [GeneratedRegex(@"\b(?:each|what do they|what does it|explain|read them|look at them)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Each();

    [GeneratedRegex(@"\b(?:summari[sz]e|summary|sum up|overview|tl;?dr|what is this project)\b", RegexOptions.IgnoreCase)]
    private static partial Regex SummariseVerb();

    [GeneratedRegex(@"\b(?:look|read|show|open|view|print|cat|list|what(?:'s| is| are)|which files|tell me about|explain)\b", RegexOptions.IgnoreCase)]
    private static partial Regex LookVerb();

    [GeneratedRegex(@"\b(?:around|files?|folder|directory|here|project|repo(?:sitory)?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Around();
}
