using System.Text;

namespace Bridle.Cli.Tests.Reference;

/// <summary>
/// A page of <c>docs/reference</c> whose tables are made from the code. What stands between <c>&lt;!-- made from the code: NAME --&gt;</c> and
/// <c>&lt;!-- end --&gt;</c> must be what the code says today; everything else on the page is written by hand.
/// </summary>
internal static class ReferencePage
{
    public static string Root { get; } = FindRoot();

    public static string Read(string page) => File.ReadAllText(Path.Combine(Root, "docs", "reference", page)).ReplaceLineEndings("\n");

    /// <summary>Compares all sections of a page. The page as it should be is written beside the tests' binaries when it differs.</summary>
    public static void Check(string page, params (string Section, string Text)[] sections)
    {
        var file = Path.Combine(Root, "docs", "reference", page);
        var before = Read(page);
        var after = sections.Aggregate(before, (text, section) => Replace(text, section.Section, section.Text.Trim('\n'), page));
        Assert.Equal(sections.Length, before.Split("<!-- made from the code: ").Length - 1);
        if (before == after)
        {
            return;
        }

        var received = Path.Combine(AppContext.BaseDirectory, "received", page);
        Directory.CreateDirectory(Path.GetDirectoryName(received)!);
        File.WriteAllText(received, after);
        Assert.Fail($"docs/reference/{page} is not what the code says. Look at the difference and take it over:\n  cp {received} {file}\n{FirstDifference(before, after)}");
    }

    /// <summary>Text for a cell of a table.</summary>
    public static string Cell(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal).Trim();

    /// <summary>A table in Markdown.</summary>
    public static string Table(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        var text = new StringBuilder();
        text.Append("| ").AppendJoin(" | ", head).Append(" |\n|").Append(string.Concat(head.Select(_ => "---|"))).Append('\n');
        foreach (var row in rows)
        {
            text.Append("| ").AppendJoin(" | ", row.Select(Cell)).Append(" |\n");
        }

        return text.ToString();
    }

    private static string Replace(string text, string section, string made, string page)
    {
        var begin = $"<!-- made from the code: {section} -->\n";
        const string End = "\n<!-- end -->";
        var from = text.IndexOf(begin, StringComparison.Ordinal);
        var to = from < 0 ? -1 : text.IndexOf(End, from, StringComparison.Ordinal);
        Assert.True(to >= 0, $"docs/reference/{page} has no section '{section}'. Add these lines: {begin.Trim()} and {End.Trim()}");
        return text[..(from + begin.Length)] + made + text[to..];
    }

    private static string FirstDifference(string before, string after)
    {
        var (old, now) = (before.Split('\n'), after.Split('\n'));
        var at = Enumerable.Range(0, Math.Max(old.Length, now.Length)).First(i => old.ElementAtOrDefault(i) != now.ElementAtOrDefault(i));
        return $"line {at + 1}\n  is:     {old.ElementAtOrDefault(at)}\n  should: {now.ElementAtOrDefault(at)}";
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Bridle.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside a checkout.");
    }
}
