using System.Text.Json;
using Bridle.Permissions;
using Bridle.Tools;

namespace Bridle.Hosting.Hooks;

/// <summary>
/// Reads what a file declares. Three forms: Claude's (event, groups with a matcher, hooks), ReIN's (the same with fewer fields) and OpenHarness' (snake_case events,
/// hooks without groups, <c>timeout_seconds</c>, <c>block_on_failure</c>). One bad entry is rejected with its reason; the rest counts.
/// </summary>
internal sealed class HookReader(HookFile file)
{
    /// <summary>What becomes of the calls of a guard that cannot be used.</summary>
    public const string Refuses = "Because of \"onFailure\": \"block\" everything that it would look at is refused.";

    private readonly List<ListedHook> _found = [];

    /// <summary>Every entry of the file, readable or not, in its order.</summary>
    public static IReadOnlyList<ListedHook> Read(HookFile file)
    {
        var reader = new HookReader(file);
        if (file.Error is { } error)
        {
            reader.Reject("", "", error);
        }
        else if (file.Hooks is { ValueKind: JsonValueKind.Object } hooks)
        {
            foreach (var one in hooks.EnumerateObject())
            {
                reader.ReadEvent(one.Name, one.Value);
            }
        }
        else if (file.Hooks is { } other)
        {
            reader.Reject("", "hooks", $"'hooks' must be an object with the names of events, not {Kind(other)}.");
        }

        return reader._found;
    }

    private void ReadEvent(string name, JsonElement groups)
    {
        if (HookEvent.Find(name) is not { } known)
        {
            var near = NearestName.Of(name, HookEvent.All.Select(one => one.Name));
            Reject(name, name, $"there is no event '{name}'.{(near is null ? "" : $" Did you mean {near}?")}");
            return;
        }

        if (groups.ValueKind is not JsonValueKind.Array)
        {
            Reject(known.Name, name, $"the value of an event is a list, not {Kind(groups)}.");
            return;
        }

        var at = 0;
        foreach (var group in groups.EnumerateArray())
        {
            var place = $"{name}[{at++}]";
            if (group.ValueKind is not JsonValueKind.Object)
            {
                Reject(known.Name, place, $"an entry is an object, not {Kind(group)}.");
            }
            else if (group.TryGetProperty("hooks", out var hooks) && hooks.ValueKind is JsonValueKind.Array)
            {
                ReadGroup(known, place, group, hooks);
            }
            else
            {
                ReadHook(known, place, group, group, isFlat: group.TryGetProperty("type", out _) || name.Contains('_'));
            }
        }
    }

    private void ReadGroup(HookEvent known, string place, JsonElement group, JsonElement hooks)
    {
        var at = 0;
        foreach (var hook in hooks.EnumerateArray())
        {
            ReadHook(known, $"{place}.hooks[{at++}]", group, hook, isFlat: false);
        }
    }

    private void ReadHook(HookEvent known, string place, JsonElement group, JsonElement hook, bool isFlat)
    {
        if (hook.ValueKind is not JsonValueKind.Object)
        {
            Reject(known.Name, place, $"a hook is an object, not {Kind(hook)}.");
            return;
        }

        var type = Text(hook, "type") ?? (hook.TryGetProperty("command", out _) ? "command" : hook.TryGetProperty("url", out _) ? "http" : null);
        var problem = type switch
        {
            null => "it says neither type nor command, so there is nothing to run.",
            "agent" => "hooks of type 'agent' wait for subagents, which are not there yet; use command, http or prompt.",
            "mcp_tool" => "hooks of type 'mcp_tool' wait for MCP servers, which are not there yet; use command, http or prompt.",
            "command" or "http" or "prompt" => null,
            _ => $"there is no type '{type}'; the types are command, http and prompt.",
        };
        problem ??= WrongType(hook);
        HookMatcher? matcher = null;
        if (problem is null && (matcher = HookMatcher.Read(Text(group, "matcher"), isFlat, out var wrong)) is null)
        {
            problem = wrong;
        }

        if (problem is null && Text(hook, "if") is { } rule)
        {
            problem = !known.IsAboutCalls ? $"'if' looks at a call, and {known.Name} is about none; it would never run."
                : PermissionRule.Parse(rule, Verdict.Deny, new RuleSource(RuleLayer.User, file.Path)) is { Problems: { Count: > 0 } problems } ? $"'if': {string.Join(' ', problems)}" : null;
        }

        if (problem is not null)
        {
            Reject(known, place, problem, hook);
            return;
        }

        var read = type switch { "command" => Command(hook, out problem), "http" => Http(hook, out problem), _ => Prompt(hook, out problem) };
        if (read is null)
        {
            Reject(known, place, problem!, hook);
            return;
        }

        var declared = read(new DeclaredHook(known, file, place, type switch { "command" => HookType.Command, "http" => HookType.Http, _ => HookType.Prompt })
        {
            OpenHarnessEvent = EventIn(place) is var written && written.All(c => char.IsAsciiLetterLower(c) || c == '_') ? written : null,
            Matcher = known.Matches is null ? HookMatcher.Everything : matcher!,
            If = Text(hook, "if"),
            Timeout = TimeoutOf(known, type!, hook),
            BlocksOnFailure = !known.IsEnd && BlocksOnFailure(hook, isFlat && type == "prompt"),
            StatusMessage = Text(hook, "statusMessage"),
            ContinuesOnBlock = Said(hook, "continueOnBlock") ?? isFlat,
            SaysContinueOnBlock = Said(hook, "continueOnBlock"),
            IsAsync = Flag(hook, "async") || Flag(hook, "asyncRewake"),
        });
        _found.Add(new ListedHook(known.Name, file, place, declared.Summary, declared, known.WaitsFor is null ? HookStanding.Active : HookStanding.Waiting,
            known.WaitsFor is { } part ? $"waits for a part that is not there yet: {part}. `bridle hooks test {known.Name}` runs it." : null));
    }

    private static string EventIn(string place) => place[..place.IndexOf('[')];

    private static Func<DeclaredHook, DeclaredHook>? Command(JsonElement hook, out string? problem)
    {
        problem = null;
        if (Text(hook, "command") is not { } command || command.Trim().Length == 0)
        {
            problem = "it has no command.";
            return null;
        }

        var arguments = hook.TryGetProperty("args", out var args) ? Texts(args) : null;
        var shell = Text(hook, "shell") ?? "sh";
        problem = shell is not ("sh" or "bash") ? $"there is no shell '{shell}' here; say bash or leave it out."
            : arguments is null && command.Contains("${user_config.", StringComparison.Ordinal)
                ? "it puts a configured text into shell text, where it could be taken for a command. Use \"args\", or the variable CLAUDE_PLUGIN_OPTION_<KEY>."
            : null;
        return problem is null ? one => one with { Command = command, Arguments = arguments, Shell = shell } : null;
    }

    private static Func<DeclaredHook, DeclaredHook>? Http(JsonElement hook, out string? problem)
    {
        problem = null;
        if (!Uri.TryCreate(Text(hook, "url"), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0)
        {
            problem = "its url must begin with http:// or https:// and hold no password.";
            return null;
        }

        var headers = hook.TryGetProperty("headers", out var written) && written.ValueKind is JsonValueKind.Object
            ? written.EnumerateObject().Where(header => header.Value.ValueKind is JsonValueKind.String).ToDictionary(header => header.Name, header => header.Value.GetString()!)
            : [];
        var names = hook.TryGetProperty("allowedEnvVars", out var allowed) ? Texts(allowed) : [];
        return one => one with { Url = url, Headers = headers, AllowedEnvVars = names };
    }

    private static Func<DeclaredHook, DeclaredHook>? Prompt(JsonElement hook, out string? problem)
    {
        var prompt = Text(hook, "prompt");
        problem = string.IsNullOrWhiteSpace(prompt) ? "it has no prompt." : null;
        return problem is null ? one => one with { Prompt = prompt, Model = Text(hook, "model") } : null;
    }

    // A field of the wrong type would silently not count.
    private static string? WrongType(JsonElement hook)
    {
        foreach (var field in hook.EnumerateObject())
        {
            var wanted = field.Name switch
            {
                "command" or "url" or "prompt" or "model" or "if" or "shell" or "statusMessage" or "matcher" => "a text",
                "timeout" or "timeout_seconds" => "a number of seconds above zero",
                "async" or "asyncRewake" or "once" or "block_on_failure" or "continueOnBlock" => "true or false",
                "args" or "allowedEnvVars" => "a list of texts",
                "onFailure" => "continue or block",
                _ => null,
            };
            var fits = (field.Name, field.Value.ValueKind) switch
            {
                ("onFailure", JsonValueKind.String) => field.Value.GetString() is "continue" or "block",
                ("onFailure", _) => false,
                ("timeout" or "timeout_seconds", JsonValueKind.Number) => field.Value.GetDouble() is > 0 and < 86_400,
                ("args" or "allowedEnvVars", JsonValueKind.Array) => field.Value.EnumerateArray().All(one => one.ValueKind is JsonValueKind.String),
                (_, JsonValueKind.String) => wanted is null or "a text",
                (_, JsonValueKind.True or JsonValueKind.False) => wanted is null or "true or false",
                _ => wanted is null,
            };
            if (!fits)
            {
                return $"'{field.Name}' must be {wanted}.";
            }
        }

        return null;
    }

    private static TimeSpan TimeoutOf(HookEvent known, string type, JsonElement hook)
    {
        var seconds = Number(hook, "timeout") ?? Number(hook, "timeout_seconds") ?? (type == "prompt" ? Math.Min(30, known.Seconds) : known.Seconds);
        return TimeSpan.FromSeconds(known.Name == "SessionEnd" ? Math.Min(60, seconds) : seconds);
    }

    private static bool BlocksOnFailure(JsonElement hook, bool byDefault) =>
        Text(hook, "onFailure") is { } said ? said == "block" : hook.TryGetProperty("block_on_failure", out var flag) ? flag.ValueKind is JsonValueKind.True : byDefault;

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number ? value.GetDouble() : null;

    private static bool Flag(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True;

    private static bool? Said(JsonElement element, string name) => element.TryGetProperty(name, out _) ? Flag(element, name) : null;

    private static List<string> Texts(JsonElement list) => [.. list.EnumerateArray().Select(one => one.GetString()!)];

    private static string Kind(JsonElement value) => value.ValueKind switch { JsonValueKind.Object => "an object", JsonValueKind.Array => "a list", JsonValueKind.String => "a text", JsonValueKind.Number => "a number", JsonValueKind.Null => "null", _ => "true or false" };

    // A guard that says "no" whenever it fails has failed for good: what it would have looked at is refused until somebody corrects it.
    private void Reject(HookEvent known, string place, string reason, JsonElement hook)
    {
        var guard = BlocksOnFailure(hook, byDefault: false) && !known.IsEnd
            ? new DeclaredHook(known, file, place, HookType.Prompt) { Matcher = HookMatcher.Everything, Timeout = TimeSpan.FromSeconds(known.Seconds), BlocksOnFailure = true, Broken = reason }
            : null;
        _found.Add(new(known.Name, file, place, "", guard, guard is null || known.WaitsFor is not null ? HookStanding.Rejected : HookStanding.Active, guard is null ? reason : $"{reason} {Refuses}") { IsBroken = true });
    }

    private void Reject(string name, string place, string reason) => _found.Add(new(name, file, place, "", null, HookStanding.Rejected, reason) { IsBroken = true });
}
