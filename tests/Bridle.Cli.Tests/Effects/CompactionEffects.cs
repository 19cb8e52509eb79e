using System.Text.Json;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Effects;

/// <summary>What the keys do that decide when a long conversation is made shorter, and by whom.</summary>
internal static class CompactionEffects
{
    public static readonly Dictionary<string, SettingEffect> All = new()
    {
        ["autoCompactEnabled"] = new(stage => ReadALotAsync(stage, 70, """{ "autoCompactEnabled": false }"""), "", "steps"),
        ["autoCompactAt"] = new(stage => ReadALotAsync(stage, 30, """{ "autoCompactAt": 0.3 }"""), "outline", ""),
        ["compactSummary"] = new(stage => ReadALotAsync(stage, 70, """{ "compactSummary": "model" }"""), "model", "steps"),
        ["pointToEarlierReads"] = new(stage => ReadTwiceAsync(stage, """{ "pointToEarlierReads": false, "permissions": { "allow": ["Edit"] } }"""), "whole, whole, edited", "whole, pointer, edited"),
    };

    // The edit is after the second read: a file that was only pointed to was read all the same.
    private static async Task<string> ReadTwiceAsync(CliStage stage, string settings)
    {
        var page = SettingEffect.Quoted(stage.Write("work/page.txt", string.Concat(Enumerable.Range(0, 100).Select(line => $"line {line} of the page\n"))));
        stage.Write("home/.config/bridle/settings.json", settings);
        var model = new ScriptedModel(
            ScriptedReply.Calls(("Read", $$"""{ "file_path": {{page}} }""")), ScriptedReply.Calls(("Read", $$"""{ "file_path": {{page}} }""")),
            ScriptedReply.Calls(("Edit", $$"""{ "file_path": {{page}}, "old_string": "line 50 of", "new_string": "line fifty of" }""")), ScriptedReply.Text("Done."));
        stage.Model = model;
        await stage.RunAsync("run", "task");
        return string.Join(", ", model.Requests[^1].Messages.SelectMany(message => message.Parts).OfType<ToolResultPart>().Select(result => string.Concat(result.Content.OfType<TextPart>().Select(text => text.Text)))
            .Select(text => text.Contains("line 99", StringComparison.Ordinal) ? "whole" : text.StartsWith("Unchanged: ", StringComparison.Ordinal) ? "pointer" : text.Contains("line fifty", StringComparison.Ordinal) ? "edited" : text));
    }

    /// <summary>How the conversation was shortened while a model with a small window read one page after the other.</summary>
    internal static async Task<string> ReadALotAsync(CliStage stage, int pages, string? settings)
    {
        var page = stage.Write("work/page.txt", string.Concat(Enumerable.Repeat("twenty characters..\n", 110)));
        if (settings is not null)
        {
            stage.Write("home/.config/bridle/settings.json", settings);
        }

        ScriptedReply Next() => new(request =>
            request.System.Contains("working notes", StringComparison.Ordinal) ? ScriptedReply.Text("## Next\n- read on").Updates(request)
            : Made(request) < pages ? Counted(request, ScriptedReply.Calls(("Read", $$"""{ "file_path": {{SettingEffect.Quoted(page)}}, "offset": {{Made(request) + 1}}, "limit": 20 }""")))
            : ScriptedReply.Text("Read.").Updates(request));
        stage.Model = new ScriptedModel(Enumerable.Range(0, pages * 2).Select(_ => Next())) { Info = new("test", "scripted", "scripted") { ContextWindow = 16_000, MaxOutputTokens = 1_000, Tools = Known.Yes } };
        await stage.RunAsync("run", "--session", "long", "task");
        var log = Directory.EnumerateFiles(stage.PathOf("home"), "session_long.jsonl", SearchOption.AllDirectories).Single();
        return string.Join(' ', File.ReadLines(log).Select(line => JsonDocument.Parse(line).RootElement).Where(record => record.GetProperty("type").GetString() is "compacted")
            .Select(done => done.GetProperty("how").GetString()).Distinct());
    }

    private static int Made(ModelRequest request) => request.Messages.Sum(message => message.Parts.OfType<ToolCallPart>().Count()) + request.GoneCalls.Count;

    private static IEnumerable<ModelUpdate> Counted(ModelRequest request, ScriptedReply reply)
    {
        var tokens = (request.System.Length + request.Tools.Sum(tool => tool.Description.Length + 400) + request.Messages.SelectMany(message => message.Parts).Sum(Length)) / 4;
        return reply.Updates(request).Select(update => update is ReplyFinished finished ? new ReplyFinished(finished.Reply with { Usage = new Usage(tokens, 0, 0, 20, 0) }) : update);
    }

    private static int Length(MessagePart part) => part switch
    {
        TextPart text => text.Text.Length,
        ToolCallPart call => call.Arguments.Length,
        ToolResultPart result => result.Content.Sum(Length),
        _ => 0,
    };
}
