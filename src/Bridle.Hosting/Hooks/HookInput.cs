using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bridle.Events;
using Bridle.Hooks;
using Bridle.Messages;
using Bridle.Permissions;

namespace Bridle.Hosting.Hooks;

/// <summary>Writes what a hook reads: the field names of the contract, with ReIN's beside them where they differ.</summary>
internal static class HookInput
{
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The event as JSON text in one line.</summary>
    public static string Of(HookOccasion occasion, HookSurroundings surroundings) => Fields(occasion, surroundings, gitCommand: null).ToJsonString(s_plain);

    /// <summary>The same for one hook: in OpenHarness' words where it is declared in them, and a call of git as a command where it hears of commands only.</summary>
    public static string For(DeclaredHook hook, HookOccasion occasion, HookSurroundings surroundings)
    {
        var input = Fields(occasion, surroundings, GitAsCommand.Of(hook, occasion));
        return (hook.OpenHarnessEvent is { } written ? OpenHarnessInput.Of(input, written, occasion) : input).ToJsonString(s_plain);
    }

    private static JsonObject Fields(HookOccasion occasion, HookSurroundings surroundings, string? gitCommand)
    {
        var invocation = occasion.Invocation;
        var input = new JsonObject
        {
            ["session_id"] = surroundings.Session,
            ["transcript_path"] = surroundings.Transcript ?? "",
            ["cwd"] = invocation?.Scope.WorkingDirectory ?? surroundings.Root,
            ["hook_event_name"] = occasion.Event,
            ["permission_mode"] = ModeName(surroundings.Permissions.Policy.Options.Mode),
        };
        if (invocation is { Tool: { } tool, Input: { } bound })
        {
            var name = gitCommand is null ? tool.Definition.Name : GitAsCommand.Tool;
            var told = gitCommand is null ? ToolFields.Told(name, bound.Json, invocation.Scope.WorkingDirectory) : new JsonObject { ["command"] = gitCommand };
            input["tool_name"] = ToolFields.NameFor(name);
            input["tool_input"] = told;
            if (occasion.Event is not HookEvents.PermissionRequest)
            {
                input["tool_use_id"] = invocation.Call.Id.Value;
            }

            if (occasion.Result is { } result && occasion.Event is HookEvents.PostToolUseFailure)
            {
                input["error"] = result.Text;
                input["is_interrupt"] = false;
            }
            else if (occasion.Result is { } done)
            {
                input["tool_response"] = ToolFields.Response(name, told, done);
                input["tool_output"] = done.IsSilent ? "" : done.Text;
            }
        }

        if (occasion.Event is HookEvents.PostToolBatch)
        {
            input["tool_calls"] = new JsonArray([.. occasion.Calls.Select(JsonNode (call) => Told(call))]);
        }

        foreach (var (name, value) in occasion.Facts)
        {
            input[name] = value?.DeepClone();
        }

        if (occasion.Facts.TryGetPropertyValue("prompt", out var prompt))
        {
            input["user_prompt"] = prompt?.DeepClone();
        }

        return input;
    }

    private static JsonObject Told(HookedCall call)
    {
        // The model may have written anything; what is no object was no input.
        using var document = Parsed(call.Arguments);
        var told = ToolFields.Told(call.Tool, document.RootElement, call.WorkingDirectory);
        return new()
        {
            ["tool_name"] = ToolFields.NameFor(call.Tool), ["tool_input"] = told, ["tool_use_id"] = call.Id.Value,
            ["tool_response"] = call.Result.Outcome is CallOutcome.Completed ? ToolFields.Response(call.Tool, told, call.Result) : JsonValue.Create(call.Result.Text),
        };
    }

    private static JsonDocument Parsed(string arguments)
    {
        try
        {
            return SoundJson.Parse(arguments.Length == 0 ? "{}" : arguments);
        }
        catch (JsonException)
        {
            return JsonDocument.Parse("{}");
        }
    }

    private static string ModeName(PermissionMode mode) => mode is PermissionMode.Bypass ? "bypassPermissions" : PermissionModes.NameOf(mode);
}
