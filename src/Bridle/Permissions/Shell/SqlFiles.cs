using System.Text.RegularExpressions;

namespace Bridle.Permissions.Shell;

/// <summary>Files that the SQL of SQLite's shell reads and writes: by functions, and by what attaches or copies a database.</summary>
internal static class SqlFiles
{
    private const RegexOptions Anyhow = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    // A function, or words behind which a file stands; then the file as a plain text, if it is one.
    private static readonly Regex Function = new(@"\b(?<name>readfile|writefile|zipfile|fsdir|lsdir|csv|sqlar_uncompress)\b(?<plain>\s*\(\s*(filename\s*=\s*)?'(?<file>[^']*)'\s*[,)])?", Anyhow);

    private static readonly Regex Database = new(@"\b(?<name>attach(\s+database)?|vacuum\s+(\w+\s+)?into)\b(?<plain>\s*(?<quote>['""])(?<file>[^'""]*)\k<quote>)?", Anyhow);

    /// <summary>All of them in one text; what is no plain text is computed.</summary>
    public static IEnumerable<InnerCommand> In(string sql)
    {
        foreach (var match in Function.Matches(sql).Concat(Database.Matches(sql)))
        {
            var (name, file) = (match.Groups["name"].Value.Split(' ')[0].ToLowerInvariant(), match.Groups["file"].Value);
            if (!match.Groups["plain"].Success)
            {
                // The name alone may be a column's or a word's; with a bracket or a text behind it, it is not.
                if (name is not "csv" || sql.AsSpan(match.Index + match.Length).TrimStart() is ['(', ..])
                {
                    yield return new InnerCommand.Opens($"which file '{name}' takes is computed");
                }
            }
            else if (file.Length > 0 && file is not ":memory:")
            {
                yield return new InnerCommand.File(PathOf(file), Writes: name is not ("readfile" or "fsdir" or "lsdir" or "csv"));
            }
        }
    }

    // An address of SQLite's own: file:plans.db?mode=ro.
    private static string PathOf(string file) => file.StartsWith("file:", StringComparison.OrdinalIgnoreCase) ? Uri.UnescapeDataString(file[5..].Split('?', '#')[0]) : file;
}
