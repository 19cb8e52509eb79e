using System.Text;
using Bridle.Models.Prompted;

namespace Bridle.Models.Tests.Prompted;

public sealed class ToolCallBlocksTests
{
    private const string Call = """{"name":"Read","input":{"path":"a"}}""";

    public static TheoryData<string, string, string[]> Texts => new()
    {
        { "Just prose, with `code` and ``` and ```js\nfences\n```.", "Just prose, with `code` and ``` and ```js\nfences\n```.", [] },
        { $"Before\n```tool_call\n{Call}\n```\nafter", "Before\nafter", [Call] },
        { $"```tool_call\r\n{Call}\r\n```\r\nafter", "after", [Call] },
        { $"```tool_call{Call}```", "", [Call] },
        { $"```tool_call {Call} ``` after", "after", [Call] },
        { $"``` tool_call\n{Call}\n```", "", [Call] },
        { $"```Tool_Call\n{Call}\n```", "", [Call] },
        { $"````tool_call\n{Call}\n````", "", [Call] },
        { $"Sure:\n   ```tool_call\n{Call}\n   ```", "Sure:\n   ", [Call] },
        { $"```tool_call {Call} ``` ```tool_call {Call} ```", "", [Call, Call] },
        { $"~~~js\nx\n~~~\n```tool_call\n{Call}\n```", "~~~js\nx\n~~~\n", [Call] },
        { $"````\nx\n```` \r\n```tool_call\n{Call}\n```", "````\nx\n```` \r\n", [Call] },
        { $"- ```js\n  x\n  ```\n```tool_call\n{Call}\n```", "- ```js\n  x\n  ```\n", [Call] },
        { $"``` x ``` is code in a line\n```tool_call\n{Call}\n```", "``` x ``` is code in a line\n", [Call] },
        { $"```` \n```js\nx\n```\n````\n```tool_call\n{Call}\n```", "```` \n```js\nx\n```\n````\n", [Call] },
        { $"```tool_call\n{Call}\n```\n\n```tool_call\n{Call}\n```", "\n", [Call, Call] },
        { $"```tool_call\n{Call}", "", [Call] },
        { "```tool_call\n{\"name\":\"Read\",\"inp", "", ["{\"name\":\"Read\",\"inp"] },
        { "```tool_call", "", [""] },
        { "```tool_call\n```", "", [""] },
        { "a ```tool_calls\nx\n```", "a ```tool_calls\nx\n```", [] },
        { "a ```tool_cal", "a ```tool_cal", [] },
        { "ends with ``", "ends with ``", [] },
        { "``tool_call\nx``", "``tool_call\nx``", [] },
        { """
          ```tool_call
          {"name":"Write","input":{"text":"```js\nx\n```\n\"```"}}
          ```
          done
          """, "done", ["""{"name":"Write","input":{"text":"```js\nx\n```\n\"```"}}"""] },
        { "```tool_call\n{\"name\":\"Write\",\"input\":{\"text\":\"a\nb ``` c\n```\ndone", "done", ["{\"name\":\"Write\",\"input\":{\"text\":\"a\nb ``` c"] },
        { "```tool_call\n{\"name\":\"Read\n```\nand\n```tool_call\n" + Call + "\n```", "and\n", ["{\"name\":\"Read", Call] },
        { "Ünï\U0001F600 `\n```tool_call\n" + Call + "\n```", "Ünï\U0001F600 `\n", [Call] },
    };

    public static TheoryData<string> Quotes =>
    [
        $"Example:\n````\n```tool_call\n{Call}\n```\n````\n",
        $"Example:\n````markdown\n```tool_call\n{Call}\n```\n````\nThat is it.",
        $"Example:\r\n````\r\n```tool_call\r\n{Call}\r\n```\r\n````\r\n",
        $"~~~\n```tool_call\n{Call}\n```\n~~~\n",
        $"~~~~ a `b`\n~~~\n```tool_call\n{Call}\n```\n~~~~",
        $"  ````\n     ````\n```tool_call\n{Call}\n```\n````",
        $"````\n```` x\n```tool_call\n{Call}\n```\n````",
        $"````\n~~~~\n```tool_call\n{Call}\n```\n````",
        $"````\n```tool_call\n{Call}\n```\n",
        $"```js\nx\n```tool_call\n{Call}\n```",
        $"- ````\n  ```tool_call\n  {Call}\n  ```\n  ````",
        $"12) * ~~~\n     ```tool_call\n```tool_call\n{Call}\n",
        $"`x` ```tool_call\n{Call}\n```\n",
        $"Sure: ```tool_call\n{Call}\n```",
        $"- ```tool_call\n  {Call}\n  ```",
        $"> ```tool_call\n> {Call}\n> ```",
        $"```diff\n+```tool_call\n+{Call}\n+```\n```",
        $"Code:\n\n    ```tool_call\n    {Call}\n    ```",
        $"Code:\n\n\t```tool_call\n\t{Call}\n\t```",
    ];

    [Theory]
    [MemberData(nameof(Quotes))]
    public void A_block_that_is_quoted_is_text_however_it_is_split(string text)
    {
        for (var first = 0; first <= text.Length; first++)
        {
            var (visible, found) = Read([text[..first], text[first..]]);
            Assert.Equal(text, visible);
            Assert.Empty(found);
        }

        Assert.Equal(text, Read(text.Select(character => character.ToString())).Shown);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Blocks_are_found_and_hidden_however_the_text_is_split(string text, string shown, string[] blocks)
    {
        foreach (var size in new[] { text.Length, 1, 2, 3, 5, 7, 11 })
        {
            var (visible, found) = Read(Enumerable.Range(0, (text.Length + size - 1) / size).Select(i => text.Substring(i * size, Math.Min(size, text.Length - (i * size)))));
            Assert.Equal(shown, visible);
            Assert.Equal(blocks, found);
        }
    }

    [Fact]
    public void No_way_of_splitting_changes_what_is_found()
    {
        var pieces = new[] { "`", "``", "```", "tool_call", "tool_", "call", "\n", "\r\n", " ", "{", "}", "\"", "\\", "x", "~~~", "````", "- ", "   ", "\t", "1. ", "{\"name\":\"Read\"}", "```tool_call\n", "\n```\n" };
        var random = new Random(20261121);
        for (var round = 0; round < 3000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => pieces[random.Next(pieces.Length)]));
            var whole = Read([text]);
            var split = new List<string>();
            for (var at = 0; at < text.Length;)
            {
                var length = Math.Min(random.Next(1, 6), text.Length - at);
                split.Add(text.Substring(at, length));
                at += length;
            }

            var parted = Read(split);
            Assert.True(whole.Shown == parted.Shown && whole.Blocks.SequenceEqual(parted.Blocks), $"{string.Join('|', split)} shows {parted.Shown} with {string.Join('|', parted.Blocks)}; in one piece {whole.Shown} with {string.Join('|', whole.Blocks)}");

            var afterOne = Enumerable.Range(0, text.Length).Select(at => Read([text[..at], text[at..]])).FirstOrDefault(read => read.Shown != whole.Shown || !read.Blocks.SequenceEqual(whole.Blocks));
            Assert.True(afterOne.Shown is null, $"{text} parted once shows {afterOne.Shown}");
        }
    }

    private static (string Shown, List<string> Blocks) Read(IEnumerable<string> pieces)
    {
        var blocks = new ToolCallBlocks();
        var shown = new StringBuilder();
        foreach (var piece in pieces)
        {
            shown.Append(blocks.Add(piece));
        }

        shown.Append(blocks.End());
        Assert.Equal(shown.ToString(), string.Concat(blocks.Stretches.Where(stretch => !stretch.IsBlock).Select(stretch => stretch.Text)));
        return (shown.ToString(), [.. blocks.Stretches.Where(stretch => stretch.IsBlock).Select(stretch => stretch.Text)]);
    }
}
