using System.Globalization;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Bridle.Tools.Web;

/// <summary>Turns a page into Markdown: its text, headings, lists, links, code, tables and the descriptions of images; nothing that is only there to act or is not shown.</summary>
internal sealed class HtmlMarkdown
{
    /// <summary>What is nested deeper is taken as plain text, so that no page exhausts the stack.</summary>
    private const int Deepest = 150;

    private static readonly HashSet<string> s_dropped = new(StringComparer.Ordinal)
    {
        "script", "style", "nav", "footer", "form", "noscript", "template", "svg", "iframe", "head", "button", "select", "input", "textarea", "object", "canvas", "video", "audio", "dialog",
    };

    private static readonly HashSet<string> s_blocks = new(StringComparer.Ordinal)
    {
        "p", "div", "section", "article", "main", "header", "aside", "figure", "figcaption", "address", "details", "summary", "fieldset", "dl", "dt", "center", "body", "html", "hgroup",
    };

    private readonly Uri _address;
    private MarkdownWriter _out = new();

    private HtmlMarkdown(Uri address) => _address = address;

    /// <summary>The page as Markdown, and its title.</summary>
    public static (string Text, string Title) Of(string html, Uri address)
    {
        var document = new HtmlParser().ParseDocument(html);
        var baseAddress = document.QuerySelector("base[href]")?.GetAttribute("href") is { } given && Uri.TryCreate(address, given, out var found) ? found : address;
        var markdown = new HtmlMarkdown(baseAddress);
        markdown.Children(document.Body ?? (INode)document, 0);
        return (markdown._out.ToString().Trim(), (document.Title ?? "").Trim());
    }

    private void Children(INode node, int depth)
    {
        for (var child = node.FirstChild; child is not null; child = child.NextSibling)
        {
            if (child is IText text)
            {
                _out.Flow(text.Data);
            }
            else if (child is IElement element && IsShown(element))
            {
                if (depth >= Deepest)
                {
                    PlainText(element);
                }
                else
                {
                    Element(element, depth + 1);
                }
            }
        }
    }

    private static bool IsShown(IElement element) =>
        !s_dropped.Contains(element.LocalName) && !element.HasAttribute("hidden")
        && element.GetAttribute("style")?.Replace(" ", "", StringComparison.Ordinal).Contains("display:none", StringComparison.OrdinalIgnoreCase) != true;

    private void Element(IElement element, int depth)
    {
        switch (element.LocalName)
        {
            case ['h', >= '1' and <= '6' and var level]:
                Block(element, depth, new string('#', level - '0') + " ", "");
                break;
            case "blockquote":
                Block(element, depth, "> ", "> ");
                break;
            case "dd":
                _out.Break(1);
                Indented(element, depth, ": ", "  ");
                _out.Break(1);
                break;
            case "ul" or "ol" or "menu":
                List(element, depth);
                break;
            case "pre":
                Code(element);
                break;
            case "table":
                Table(element, depth);
                break;
            case "hr":
                _out.Break(2);
                _out.Lines("---");
                _out.Break(2);
                break;
            case "br":
                _out.Break(1);
                break;
            default:
                Inline(element, depth);
                break;
        }
    }

    private void Inline(IElement element, int depth)
    {
        switch (element.LocalName)
        {
            case "a":
                Link(element, depth);
                break;
            case "img":
                Image(element);
                break;
            case "strong" or "b":
                Marked(element, depth, "**");
                break;
            case "em" or "i":
                Marked(element, depth, "*");
                break;
            case "code" or "kbd" or "samp" or "tt":
                Marked(element, depth, "`");
                break;
            case var name when s_blocks.Contains(name):
                Block(element, depth, "", "");
                break;
            default:
                Children(element, depth);
                break;
        }
    }

    private void Block(IElement element, int depth, string marker, string indent)
    {
        _out.Break(2);
        Indented(element, depth, marker, indent);
        _out.Break(2);
    }

    private void Indented(IElement element, int depth, string marker, string indent)
    {
        _out.Push(marker, indent);
        Children(element, depth);
        _out.Pop();
    }

    private void Marked(IElement element, int depth, string mark)
    {
        if (string.IsNullOrWhiteSpace(ShortText(element)))
        {
            Children(element, depth);
            return;
        }

        _out.Mark(mark, opens: true);
        Children(element, depth);
        _out.Mark(mark, opens: false);
    }

    private void List(IElement list, int depth)
    {
        _out.Break(depth > 1 && list.ParentElement?.LocalName == "li" ? 1 : 2);
        var number = int.TryParse(list.GetAttribute("start"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var start) ? start : 1;
        foreach (var item in list.Children.Where(IsShown))
        {
            var marker = list.LocalName == "ol" ? $"{number++}. " : "- ";
            _out.Break(1);
            Indented(item, depth, marker, new string(' ', marker.Length));
            _out.Break(1);
        }

        _out.Break(2);
    }

    private void Code(IElement element)
    {
        var code = ShortText(element).ReplaceLineEndings("\n").Trim('\n');
        var language = (element.QuerySelector("code") ?? element).ClassList.FirstOrDefault(name => name.StartsWith("language-", StringComparison.Ordinal))?[9..] ?? "";
        var fence = "```";
        while (code.Contains(fence, StringComparison.Ordinal))
        {
            fence += "`";
        }

        _out.Break(2);
        _out.Lines($"{fence}{language}\n{code}\n{fence}");
        _out.Break(2);
    }

    private void Link(IElement element, int depth)
    {
        var hasContent = !string.IsNullOrWhiteSpace(ShortText(element)) || element.QuerySelector("img[alt]") is not null;
        var target = Absolute(element.GetAttribute("href"));
        if (!hasContent || target is null)
        {
            Children(element, depth);
            return;
        }

        _out.Mark("[", opens: true);
        Children(element, depth);
        _out.Mark($"]({target})", opens: false);
    }

    private void Image(IElement element)
    {
        var alt = element.GetAttribute("alt")?.Trim();
        if (!string.IsNullOrEmpty(alt))
        {
            _out.Mark(Absolute(element.GetAttribute("src")) is { } source ? $"![{alt}]({source})" : $"![{alt}]", opens: true);
        }
    }

    private void Table(IElement table, int depth)
    {
        if (table.QuerySelector("table") is not null)
        {
            // Tables in tables lay out a page; their cells are its blocks.
            Block(table, depth, "", "");
            return;
        }

        var rows = table.QuerySelectorAll("tr").Where(IsShown).Select(row => row.Children.Where(cell => cell.LocalName is "td" or "th").Select(cell => Cell(cell, depth)).ToArray())
            .Where(cells => cells.Length > 0).ToArray();
        if (rows.Length == 0)
        {
            return;
        }

        var width = rows.Max(cells => cells.Length);
        string Row(IEnumerable<string> cells) => "| " + string.Join(" | ", cells) + " |";
        var lines = rows.Select(cells => Row(cells.Concat(Enumerable.Repeat("", width - cells.Length)))).ToList();
        lines.Insert(1, Row(Enumerable.Repeat("---", width)));
        _out.Break(2);
        _out.Lines(string.Join('\n', lines));
        _out.Break(2);
    }

    private string Cell(IElement cell, int depth)
    {
        var outer = _out;
        _out = new MarkdownWriter();
        Children(cell, depth);
        var text = string.Join(' ', _out.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Replace("|", "\\|", StringComparison.Ordinal);
        _out = outer;
        return text;
    }

    private string? Absolute(string? address) =>
        !string.IsNullOrWhiteSpace(address) && Uri.TryCreate(_address, address.Trim(), out var found) && (found.Scheme is "http" or "https" or "mailto") ? found.AbsoluteUri : null;

    /// <summary>All text of an element that nests too deep to be taken apart.</summary>
    private void PlainText(IElement element)
    {
        _out.Flow(" ");
        _out.Flow(ShortText(element));
        _out.Flow(" ");
    }

    /// <summary>The text of what is shown in an element, without recursion.</summary>
    private static string ShortText(IElement element)
    {
        var text = new System.Text.StringBuilder();
        INode? node = element.FirstChild;
        while (node is not null)
        {
            if (node is IText one)
            {
                text.Append(one.Data);
            }

            var enters = node is not IElement inner || IsShown(inner);
            if (node is IElement { LocalName: "br" })
            {
                text.Append('\n');
            }

            if (enters && node.FirstChild is { } child)
            {
                node = child;
                continue;
            }

            while (node is not null && node != element && node.NextSibling is null)
            {
                node = node.Parent;
            }

            node = node is null || node == element ? null : node.NextSibling;
        }

        return text.ToString();
    }
}
