using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bridle.Hooks;
using Bridle.Messages;
using Bridle.Skills;
using Bridle.Tools;

namespace Bridle.Hosting.Hooks;

/// <summary>What a hook's run means.</summary>
/// <param name="Answer">For the kernel.</param>
/// <param name="Notices">For the person.</param>
internal sealed record HookMeaning(HookAnswer Answer, IReadOnlyList<string> Notices)
{
    /// <summary>Files whose changes hooks want to hear of from here on.</summary>
    public IReadOnlyList<string> WatchPaths { get; init; } = [];

    public static HookMeaning Nothing { get; } = new(HookAnswer.None, []);
}

/// <summary>
/// Understands what a hook wrote: exit code 2 blocks, exit code 0 reads JSON or plain text, any other code is an error that blocks nothing unless <c>onFailure</c> says so.
/// JSON that does not parse, that speaks of another event, or whose verdict is none, is an error as well.
/// </summary>
internal sealed class HookOutput(DeclaredHook hook, string tool)
{
    private const int MostText = 10_000;
    private const int MostTitle = 80;
    private readonly List<string> _notices = [];
    private readonly List<string> _watched = [];
    private readonly List<string> _spills = [];

    /// <summary>Keeps a text that is too long, for the model too or for the person alone.</summary>
    public Func<string, bool, SpilledText?> Spill { get; init; } = (_, _) => null;

    /// <summary>The command that the hook heard of in place of a call of the tool Git; null where it heard of the call itself.</summary>
    public string? HeardCommand { get; init; }

    public HookMeaning Read(HookRun run)
    {
        var answer = hook.Type is HookType.Prompt ? ReadPrompt(run) : ReadRun(run);
        if (run.IsOpen && answer.Verdict is Verdict.Allow && hook.Event.Name is HookEvents.PreToolUse or HookEvents.PermissionRequest)
        {
            // Who can change what it runs could give itself leave.
            Tell("says yes, which does not count: it runs what is in the folder, and a command can change that.");
            answer = answer with { Verdict = null, Rules = [], Mode = null };
        }

        return new(_spills.Count > 0 ? answer with { Spills = _spills } : answer, _notices) { WatchPaths = _watched };
    }

    // A call is not waved through because there is no money left for its guard.
    private HookAnswer ReadPrompt(HookRun run) => run is { IsUnasked: true, Failure: { } limit } && hook is { Event.Name: HookEvents.PreToolUse, IsAsync: false } ? new HookAnswer(Verdict.Deny, limit)
        : run.Failure is { } failure ? Failed(failure)
        : HookPrompt.Read(run.Output) switch
        {
            { IsOk: true } => HookAnswer.None,
            { IsImpossible: true } no when hook.Event.Name is HookEvents.Stop => Impossible(no.Reason),
            { } no => Refused(Short(no.Reason ?? "The model that was asked said no.")),
            null => Failed($"the model answered neither yes nor no: {FirstLine(run.Output)}"),
        };

    // What it refuses ends the turn unless the hook says otherwise; at a turn's end a no is what lets it go on.
    private HookAnswer Refused(string reason) => new(Verdict.Deny, reason)
    {
        StopReason = !hook.ContinuesOnBlock && hook.Event.Name is HookEvents.PreToolUse or HookEvents.PostToolUse or HookEvents.PostToolUseFailure or HookEvents.PostToolBatch ? reason : null,
    };

    private HookAnswer Impossible(string? reason)
    {
        Tell($"says that it cannot be done: {Short(reason ?? "it gave no reason.", isForModel: false)}");
        return HookAnswer.None;
    }

    private HookAnswer ReadRun(HookRun run)
    {
        if (run is { Failure: { } failure, ExitCode: not 2 })
        {
            return Failed(failure);
        }

        var isJson = run.Output.AsSpan().TrimStart().StartsWith("{");
        var (json, problem) = isJson ? Parse(run.Output) : (null, null);
        var said = json is null ? HookAnswer.None : ReadJson(json);
        if (run.ExitCode is 2)
        {
            return Block(said, said.Reason ?? Short(run.Error.Trim()));
        }

        if (json is not null)
        {
            return HookSchema.Problem(json, hook.Event) is { } wrong ? Unfit(said, wrong) : said;
        }

        if (problem is not null)
        {
            return Failed(problem);
        }

        if (hook.Type is HookType.Http)
        {
            return run.Output.Trim().Length == 0 ? HookAnswer.None : Failed("its answer is no JSON object");
        }

        return run.ExitCode is not 0 ? Failed($"exit code {run.ExitCode}: {FirstLine(run.Error)}")
            : hook.Event.PlainTextIsContext && run.Output.Trim() is { Length: > 0 } text ? new HookAnswer { Context = Short(text) }
            : HookAnswer.None;
    }

    private HookAnswer Block(HookAnswer said, string reason)
    {
        switch (hook.Event.Name)
        {
            case HookEvents.SessionStart or HookEvents.SubagentStart or HookEvents.PermissionRequest or HookEvents.Setup or HookEvents.CwdChanged or HookEvents.FileChanged or HookEvents.PostModelSwitch:
                Tell($"said: {reason}");
                return said with { Verdict = null };
            case HookEvents.SessionEnd or HookEvents.Notification or HookEvents.StopFailure or HookEvents.InstructionsLoaded:
                return HookAnswer.None;
            case HookEvents.PermissionDenied:
                return said;
            default:
                return said with { Verdict = Verdict.Deny, Reason = reason };
        }
    }

    private HookAnswer Failed(string why)
    {
        Tell($"failed: {why}");
        return hook.BlocksOnFailure && !hook.IsAsync ? new HookAnswer(Verdict.Deny, $"it failed, and it is set to block then: {why}") : HookAnswer.None;
    }

    // What it says against something holds all the same; a yes in an answer that is wrong elsewhere is none.
    private HookAnswer Unfit(HookAnswer said, string wrong)
    {
        var failed = Failed($"its answer says nothing that a hook can say: {wrong}");
        return failed.Verdict is Verdict.Deny && said.Verdict is not Verdict.Deny ? said with { Verdict = Verdict.Deny, Reason = failed.Reason }
            : said.Verdict is Verdict.Allow ? said with { Verdict = null, Rules = [], Mode = null }
            : said;
    }

    private (JsonObject? Json, string? Problem) Parse(string text)
    {
        try
        {
            SoundJson.Check(Encoding.UTF8.GetBytes(text));
            if (JsonNode.Parse(text) is not JsonObject json)
            {
                return (null, "its output is no JSON object");
            }

            var named = Text((json["hookSpecificOutput"] as JsonObject)?["hookEventName"]);
            return named is not null && named != hook.Event.Name ? (null, $"its output speaks of {named}") : (json, null);
        }
        catch (Exception wrong) when (wrong is JsonException or ArgumentException or InvalidOperationException)
        {
            return (null, $"its output begins like JSON and is none: {FirstLine(wrong.Message)}");
        }
    }

    private HookAnswer ReadJson(JsonObject json)
    {
        if (Text(json["systemMessage"]) is { Length: > 0 } message)
        {
            Tell(Short(message, isForModel: false));
        }

        var specific = json["hookSpecificOutput"] as JsonObject ?? [];
        var answer = hook.Event.Name is HookEvents.PermissionRequest ? ReadPermission(specific) : ReadDecision(json, specific);
        _watched.AddRange((specific["watchPaths"] as JsonArray ?? []).Select(Text).OfType<string>().Where(Path.IsPathFullyQualified));
        answer = ReadMoment(answer with { Context = Text(specific["additionalContext"]) is { Length: > 0 } context ? Short(context) : null }, specific);
        if ((specific["updatedToolOutput"] ?? specific["updatedMCPToolOutput"]) is { } output)
        {
            answer = answer with { UpdatedOutput = Short(Text(output) ?? output.ToJsonString()) };
        }

        return json["continue"] is JsonValue goOn && goOn.TryGetValue(out bool goes) && !goes
            ? answer with { StopReason = Short(Text(json["stopReason"]) ?? Text(json["reason"]) ?? "it gave no reason.", isForModel: false) }
            : answer;
    }

    // What only the start of a session, or a message, can be answered with.
    private HookAnswer ReadMoment(HookAnswer answer, JsonObject specific)
    {
        var (isStart, isMessage) = (hook.Event.Name is HookEvents.SessionStart, hook.Event.Name is HookEvents.UserPromptSubmit);
        return answer with
        {
            SessionTitle = isStart || isMessage ? TitleIn(specific) : null,
            FirstMessage = isStart && Text(specific["initialUserMessage"]) is { } first && !string.IsNullOrWhiteSpace(first) ? Short(first) : null,
            ReloadsSkills = isStart && IsTrue(specific["reloadSkills"]),
            HidesMessage = (isMessage || hook.Event.Name is HookEvents.UserPromptExpansion) && IsTrue(specific["suppressOriginalPrompt"]),
        };
    }

    private static string? TitleIn(JsonObject specific) => SkillReading.Line(Text(specific["sessionTitle"])) is not { Length: > 0 } title ? null
        : title.Length <= MostTitle ? title : $"{title[..(char.IsHighSurrogate(title[MostTitle - 2]) ? MostTitle - 2 : MostTitle - 1)]}…";

    private static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue(out bool flag) && flag;

    private HookAnswer ReadDecision(JsonObject json, JsonObject specific)
    {
        if (hook.Event.Name is HookEvents.PermissionDenied)
        {
            return new(IsTrue(specific["retry"]) ? Verdict.Allow : null);
        }

        var isCall = hook.Event.Name is HookEvents.PreToolUse;
        var isDecision = isCall || hook.Event.Name is HookEvents.PreModelSwitch;
        Verdict? verdict = (isDecision ? Text(specific["permissionDecision"]) : null, Text(json["decision"])) switch
        {
            ("deny", _) => Verdict.Deny,
            ("ask" or "defer", _) => Verdict.Ask,
            ("allow", _) => Verdict.Allow,
            (_, "block") => Verdict.Deny,
            (null, "approve") when isCall => Verdict.Allow,
            _ => null,
        };
        var reason = (isDecision ? Text(specific["permissionDecisionReason"]) : null) ?? Text(json["reason"]);
        return Rewritten(new(verdict, reason is null ? null : Short(reason)), isCall ? specific["updatedInput"] as JsonObject : null);
    }

    private HookAnswer ReadPermission(JsonObject specific)
    {
        if (specific["decision"] is not JsonObject decision)
        {
            return HookAnswer.None;
        }

        switch (Text(decision["behavior"]))
        {
            case "allow":
                var (rules, mode) = PermissionUpdates.Read(decision["updatedPermissions"] as JsonArray ?? []);
                return Rewritten(new(Verdict.Allow) { Rules = rules, Mode = mode }, decision["updatedInput"] as JsonObject);
            case "deny":
                var message = Short(Text(decision["message"]) ?? "");
                return new(Verdict.Deny, message) { StopReason = IsTrue(decision["interrupt"]) ? (message.Length > 0 ? message : "a hook refused a call.") : null };
            default:
                return HookAnswer.None;
        }
    }

    // What a hook for Bash made of a call of the tool Git must be one again: the tool runs nothing else, and to run what the hook wanted otherwise would be something that nobody judged.
    private HookAnswer Rewritten(HookAnswer answer, JsonObject? input)
    {
        if (input is null || answer.Verdict is Verdict.Deny || (HeardCommand is { } heard && Text(input["command"]) == heard))
        {
            return answer;
        }

        return HeardCommand is null ? answer with { UpdatedInput = ToolFields.Taken(tool, input) }
            : GitAsCommand.Taken(input) is { } taken ? answer with { UpdatedInput = taken }
            : new(Verdict.Deny, $"it changed the command to '{Short(Text(input["command"]) ?? "", isForModel: false)}', and the tool Git runs nothing but one verb of git with plain words. A hook for Bash hears of that tool as well; one that should change its calls can match Git.");
    }

    private void Tell(string words) => _notices.Add($"Hook {hook.Name}: {words}");

    private string Short(string text, bool isForModel = true)
    {
        if (text.Length <= MostText)
        {
            return text;
        }

        var spilled = Spill(text, isForModel);
        if (spilled is not null && isForModel)
        {
            _spills.Add(spilled.Hash);
        }

        return $"{text[..(char.IsHighSurrogate(text[MostText - 1]) ? MostText - 1 : MostText)]}\n[{text.Length - MostText:N0} characters left out{(spilled?.Place is { } place ? $"; all of it is in {place}" : "")}]";
    }

    private static string FirstLine(string text) => text.Trim().Split('\n')[0] is { Length: > 300 } line ? line[..300] : text.Trim().Split('\n')[0];

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
