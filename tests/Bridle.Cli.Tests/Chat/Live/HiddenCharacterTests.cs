using Bridle.Cli.Terminals;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Chat.Live;

/// <summary>
/// Whatever a model, a tool, a file or a paste holds: no sequence of it reaches the terminal, on no path. The terminal of these tests fails at the first one;
/// what the screen lets through besides is asserted here.
/// </summary>
public sealed class HiddenCharacterTests
{
    private const string Evil = "x\x1b[2J\x1b]0;t\a\x1b[8m\u202Egpj\u2066\u009b3J\r\b\u2028\uFEFF\x1b[1;31my";
    private const string Tamed = "x␛[2J␛]0;t␇␛[8m<U+202E>gpj<U+2066><U+009B>3J";

    private static string Json => "x\\u001b[2J\\u001b]0;t\\u0007\\u001b[8m\\u202Egpj\\u2066\\u009b3J\\r\\b\\u2028\\uFEFF\\u001b[1;31my";

    [Fact]
    public async Task None_reaches_the_terminal_by_any_path_of_a_turn()
    {
        await using var live = new LiveStage(200, 60);
        live.Stage.Color = true;
        live.Stage.Write("work/old.txt", $"one\n{Evil}\n");
        live.Stage.Write($"work/na\u202Eme\x1b[2J.txt", "");
        var go = new TaskCompletionSource();
        var markdown = $"# {Evil}\n- {Evil} **{Evil}** `{Evil}` [{Evil}]({Evil})\n> {Evil}\n| {Evil} | b |\n|---|---|\n| {Evil} | c |\n\n```py{Evil}\n{Evil} 'str{Evil}'\n```\n&#27;[2J {Evil}";
        await live.StartAsync(new ScriptedModel(
            ScriptedReply.Of([new TextPart(markdown), new ToolCallPart(new("c1"), "TodoWrite", $$"""{"todos":[{"content":"{{Json}}","status":"in_progress"}]}""")], StopReason.ToolUse,
                [new ReasoningArrived(Evil), .. markdown.Chunk(3).Select(piece => new TextArrived(new string(piece)))]),
            ScriptedReply.Calls(("Bash", $$"""{"command":"cat old.txt; echo '{{Json}}'; cat old.txt 1>&2; exit 3"}""")),
            ScriptedReply.Calls(("Read", """{"file_path":"old.txt"}"""), ("Edit", $$"""{"file_path":"old.txt","old_string":"one","new_string":"two {{Json}}"}""")),
            ScriptedReply.Calls((Evil, $$"""{"{{Json}}":"{{Json}}"}"""), ("Read", $$"""{"file_path":"{{Json}}"}""")),
            ScriptedReply.Calls(("AskUser", $$"""{"question":"{{Json}}","options":["{{Json}}"]}""")),
            ScriptedReply.Text("The end.").After((_, _) => go.Task), ScriptedReply.Text("Heard.")), "--mode", "acceptEdits");
        live.Keys.Type("{esc}[200~").Paste($"go {Evil.Replace("\r", "", StringComparison.Ordinal)}").Type("{esc}[201~");
        await live.WaitForAsync("❯ go x␛[2J");
        await live.TypeAsync("{enter}", "[y] yes, once");
        await live.TypeAsync("y", "number or text");
        await live.TypeAsync("1{enter}", "Waiting for test/scripted…");
        live.Keys.Type("{esc}[200~").Paste($"queued {Evil.Replace("\r", "", StringComparison.Ordinal)}").Type("{esc}[201~{enter}");
        await live.WaitForAsync("(queued)");
        await live.TypeAsync("{ctrl-r}q", "search: q");
        live.Keys.Type("{esc}[200~x{esc}[201~");
        await live.TypeAsync("{ctrl-o}@na", "@na");
        go.SetResult();
        await live.WaitForAsync("out tokens, ");
        var shown = live.Screen.Text;
        foreach (var path in new[]
        {
            $"❯ go {Tamed}", $"- {Tamed}", $"│ {Tamed}", $"  ▸ {Tamed}", $"• Bash cat old.txt; echo '{Tamed}", $"-one\n+two {Tamed}", $"command: cat old.txt; echo '{Tamed}", $"? {Tamed}", $"  1. {Tamed}",
        })
        {
            Assert.Contains(path, shown);
        }

        Assert.Contains("&#27;[2J", shown);
        Assert.All(live.Screen.Styles, style => Assert.True(Styling.Knows(style) || style == "", style));
    }

    [Fact]
    public async Task A_failure_of_a_server_and_a_name_of_a_model_are_made_visible_too()
    {
        await using var live = new LiveStage(200, 40);
        await live.StartAsync(new ScriptedModel(new ScriptedReply(_ => [new TextArrived("partial "), new ReplyFailed(new ModelError(ModelErrorKind.Refused, Evil, Evil), "partial ")]))
        {
            Info = new("test", $"na{Evil}me", "scripted"),
        });
        await live.TypeAsync("go{enter}", Tamed, 2);
        await live.WaitForAsync("0 steps");
    }

    [Fact]
    public async Task None_reaches_it_where_one_line_is_written_after_another_either()
    {
        await using var live = new LiveStage(200, 60);
        live.Stage.Write("work/old.txt", $"one\n{Evil}\n");
        await live.StartAsync(new ScriptedModel(
            ScriptedReply.Of([new TextPart(Evil), new ToolCallPart(new("c1"), "Read", """{"file_path":"old.txt"}""")], StopReason.ToolUse, new ReasoningArrived(Evil), new TextArrived(Evil)),
            ScriptedReply.Calls(("Bash", $$"""{"command":"cat old.txt; echo '{{Json}}'; cat old.txt 1>&2; exit 3"}""")),
            ScriptedReply.Calls(("Edit", $$"""{"file_path":"old.txt","old_string":"one","new_string":"two {{Json}}"}"""), (Evil, $$"""{"{{Json}}":"{{Json}}"}""")),
            ScriptedReply.Calls(("AskUser", $$"""{"question":"{{Json}}","options":["{{Json}}"]}""")),
            new ScriptedReply(_ => [new TextArrived(Evil), new ReplyFailed(new ModelError(ModelErrorKind.Refused, Evil, Evil), Evil)])), "--mode", "acceptEdits", "--plain");
        await live.TypeAsync("go{enter}", "[y] yes, once");
        await live.TypeAsync("y", "number or text");
        await live.TypeAsync("1{enter}", "out tokens, ");
        var shown = live.Screen.Text;
        foreach (var path in new[] { $"  command: cat old.txt; echo '{Tamed}", $"-one\n+two {Tamed}", $"? {Tamed}", $"  1. {Tamed}", $"• Bash cat old.txt; echo '{Tamed}", $"does not count ({Tamed}" })
        {
            Assert.Contains(path, shown);
        }

        Assert.Equal(0, live.Screen.Frames);
    }
}
