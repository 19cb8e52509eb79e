using System.Text.RegularExpressions;
using Bridle.Hosting.Exports;

namespace Bridle.Hosting.Tests.Exports;

public sealed class HtmlMarkdownTests
{
    [Theory]
    [InlineData("# Title\nand **bold** _words_", "<h3>Title</h3>\n<p>and <strong>bold</strong> <em>words</em></p>")]
    [InlineData("###### six ##", "<h6>six</h6>")]
    [InlineData("####### seven\n#no", "<p>####### seven\n#no</p>")]
    [InlineData("```js\nif (a < b) { `x` }\n\n# no\n```\nafter", "<p class=\"small\">js</p>\n<pre><code>if (a &lt; b) { `x` }\n\n# no</code></pre>\n<p>after</p>")]
    [InlineData("~~~\nnever closed", "<pre><code>never closed</code></pre>")]
    [InlineData("- one\n- two\n  - deep\n- three", "<ul>\n<li>one</li>\n<li>two\n<ul>\n<li>deep</li>\n</ul></li>\n<li>three</li>\n</ul>")]
    [InlineData("3. three\n\n4. four\n\nafter", "<ol start=\"3\">\n<li>three</li>\n<li>four</li>\n</ol>\n<p>after</p>")]
    [InlineData("1. run\n   ```\n   ls\n   ```\n2. look", "<ol>\n<li>run\n<pre><code>ls</code></pre></li>\n<li>look</li>\n</ol>")]
    [InlineData("> so\n> it **is**\n\nnot", "<blockquote><p>so\nit <strong>is</strong></p></blockquote>\n<p>not</p>")]
    [InlineData("| a | b |\n|---|:-:|\n| `1` | x \\| y |\n| 3 |\n| 4 | 5 | 6 |", "<table>\n<tr><th>a</th><th>b</th></tr>\n<tr><td><code>1</code></td><td>x | y</td></tr>\n<tr><td>3</td><td></td></tr>\n<tr><td>4</td><td>5</td><td>6</td></tr>\n</table>")]
    [InlineData("a | b\nno table", "<p>a | b\nno table</p>")]
    [InlineData("one\n\n---\n\n* * *\ntwo", "<p>one</p>\n<hr>\n<hr>\n<p>two</p>")]
    [InlineData("2 * 3 * 4, snake_case_name, a*b", "<p>2 * 3 * 4, snake_case_name, a*b</p>")]
    [InlineData("***both*** and ~~gone~~", "<p><strong><em>both</em></strong> and <s>gone</s></p>")]
    [InlineData("``a ` b`` and ` open", "<p><code>a ` b</code> and ` open</p>")]
    [InlineData("\\*not\\* \\`code\\`", "<p>*not* `code`</p>")]
    [InlineData("[the *site*](https://x.y/a?b=1&c=\"2\" \"title\")", "<p><a href=\"https://x.y/a?b=1&amp;c=&quot;2&quot;\" rel=\"noreferrer noopener\">the <em>site</em></a> (&quot;title&quot;)</p>")]
    [InlineData("<https://x.y> <mailto:a@b.c> <b>no</b>", "<p><a href=\"https://x.y\" rel=\"noreferrer noopener\">https://x.y</a> <a href=\"mailto:a@b.c\" rel=\"noreferrer noopener\">mailto:a@b.c</a> &lt;b&gt;no&lt;/b&gt;</p>")]
    [InlineData("![pixel](https://evil/x.png)", "<p><a href=\"https://evil/x.png\" rel=\"noreferrer noopener\">pixel</a></p>")]
    [InlineData("[x](javascript:alert(1)) [y](JaVa:z) [z](/etc) [w](data:text/html,1)", "<p>x (javascript:alert(1)) y (JaVa:z) z (/etc) w (data:text/html,1)</p>")]
    [InlineData("<script>alert(1)</script>\n<!-- x -->\n&lt;", "<p>&lt;script&gt;alert(1)&lt;/script&gt;\n&lt;!-- x --&gt;\n&amp;lt;</p>")]
    [InlineData("a\u202Eb `c\u0007`", "<p>a<span class=\"odd\">U+202E</span>b <code>c<span class=\"odd\">U+0007</span></code></p>")]
    [InlineData("", "")]
    public void Markdown_is_read_as_a_terminal_shows_it(string text, string html) => Assert.Equal($"<div class=\"text md\">{html}</div>\n", HtmlMarkdown.Of(text));

    // Whatever a model writes: known elements only, balanced, no attribute that it wrote but a safe link's address, and every letter of it is still there.
    [Theory]
    [InlineData(3)]
    [InlineData(33)]
    public void Nothing_that_a_model_writes_becomes_markup_of_its_own_or_gets_lost(int seed)
    {
        string[] words = ["# ", "- ", "1. ", "> ", "```", "`", "*", "**", "_", "~~", "|", "\n", "\n\n", "    ", "---", "|-|", "[a](", "](", "[", ")", "!", "https://x.y", "javascript:x", "<", ">", "<img src=x onerror=y>", "\" onclick=\"z", "'", "&", "\\", "word", "ä😀", "\u202e"];
        var random = new Random(seed);
        for (var round = 0; round < 1_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 30)).Select(_ => words[random.Next(words.Length)]));
            var html = HtmlMarkdown.Of(text);
            var open = new Stack<string>();
            foreach (Match tag in Regex.Matches(html, "<[^>]*>"))
            {
                var known = Regex.Match(tag.Value, "^<(/?)(div|p|h[3-6]|pre|code|blockquote|ul|ol|li|table|tr|th|td|strong|em|s|a|span|hr)( class=\"(text md|odd|small)\"| start=\"[0-9]+\"| href=\"(https?://|mailto:)[^\"<>\\s]*\" rel=\"noreferrer noopener\")?>$");
                Assert.True(known.Success, $"{tag.Value} of {text}");
                if (known.Groups[2].Value == "hr")
                {
                    continue;
                }

                if (known.Groups[1].Length == 0)
                {
                    open.Push(known.Groups[2].Value);
                }
                else
                {
                    Assert.Equal(open.Pop(), known.Groups[2].Value);
                }
            }

            Assert.Empty(open);
            Assert.Equal(Regex.Count(text, "word"), Regex.Count(html, "word"));
        }
    }

    [Theory]
    [InlineData("*a ")]
    [InlineData("[")]
    [InlineData("`a``")]
    [InlineData("> ")]
    [InlineData("- ")]
    [InlineData("|-|\n")]
    [InlineData("<")]
    public void A_long_text_of_lonely_marks_ends_soon(string mark)
    {
        // A way of reading that takes the square of the length would take hours.
        var html = HtmlMarkdown.Of(string.Concat(Enumerable.Repeat(mark, 50_000)));
        Assert.EndsWith("</div>\n", html, StringComparison.Ordinal);
    }
}
