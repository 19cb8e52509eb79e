using System.Text.Json;
using System.Text.Json.Nodes;
using Bridle.Events;
using Bridle.Hooks;
using Bridle.Hosting.Assembly;
using Bridle.Hosting.Sandboxes;
using Bridle.Hosting.Trust;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Permissions;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Hosting.Hooks;

/// <summary>One hook that was tried.</summary>
/// <param name="Hook">The entry.</param>
/// <param name="Run">What came of it; null when it was not called.</param>
/// <param name="Answer">What it means; null when it was not called.</param>
/// <param name="Notices">What a person would be told.</param>
public sealed record TriedHook(ListedHook Hook, HookRun? Run, HookAnswer? Answer, IReadOnlyList<string> Notices);

/// <summary>What came of trying the hooks of an event.</summary>
/// <param name="Hooks">Every entry of the event.</param>
/// <param name="Together">What the hooks say together.</param>
public sealed record HookTrialResult(IReadOnlyList<TriedHook> Hooks, HookAnswers Together);

/// <summary>Calls the hooks of an event on a sample, as a session would, for <c>bridle hooks test</c>. The call itself is not made.</summary>
public static class HookTrial
{
    private static readonly (string Tool, string Input)[] s_samples =
    [
        ("Bash", """{"command":"echo sample"}"""), ("Read", """{"file_path":"sample.txt"}"""), ("Write", """{"file_path":"sample.txt","content":"sample"}"""),
        ("Edit", """{"file_path":"sample.txt","old_string":"a","new_string":"b"}"""), ("Glob", """{"pattern":"*.txt"}"""), ("Grep", """{"pattern":"sample"}"""),
        ("WebFetch", """{"url":"https://example.com/"}"""), ("WebSearch", """{"query":"sample"}"""),
    ];

    /// <summary>Runs the trial, or says what is wrong with the sample.</summary>
    /// <param name="files">What is declared.</param>
    /// <param name="known">The event.</param>
    /// <param name="tool">The tool of the sample call; null for Bash. Only for events about calls.</param>
    /// <param name="input">The tool's input, or the event's fields, as JSON text; null for a sample.</param>
    /// <param name="askModel">Asks a model, for prompt hooks; null when there is none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<(HookTrialResult? Result, string? Problem)> RunAsync(
        HostFiles files, HookEvent known, string? tool, string? input, Func<string, string?, CancellationToken, ValueTask<string>>? askModel, CancellationToken cancellationToken)
    {
        var (occasion, problem) = Sample(files, known, tool, input);
        if (occasion is null)
        {
            return (null, problem);
        }

        var (book, policy) = HookFiles.Read(files);
        var root = files.Trust.Folder;
        var permissions = new PermissionsInForce(new PolicyOptions { Root = root, Home = files.Environment.Home, HarnessFolders = [files.Folders.Data, files.Folders.State, files.Folders.Config] });
        var folder = Directory.CreateTempSubdirectory("bridle-env-").FullName;
        try
        {
            await using var confinement = ConfinementFor(files, book, known);
            await using var external = new ExternalHooks(book, policy, new HookSurroundings
            {
                Session = "hooks-test", Root = root, Permissions = permissions, Processes = new PersonsPrograms(new LocalProcesses(), PersonsPath.For(files)), Variables = KnownSecrets.WithoutKeys(files),
                Variable = name => files.Environment[name], AskModel = askModel is null ? null : (question, wanted, _, token) => askModel(question, wanted, token), EnvFolder = folder,
                Confined = HookAssembly.ConfinedFor(new LocalProcesses(), confinement.InForce, permissions),
            });
            var tried = await Task.WhenAll(book.Hooks.Where(one => one.Event == known.Name).Select(one => TryAsync(external, one, occasion, permissions, cancellationToken)));
            return (new(tried, new HookAnswers([.. tried.Where(one => one.Answer is not null).Select(one => new HookSaid(one.Hook.Hook!.Name, one.Answer!, IsFresh: true))])), null);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // As a session in that folder would have it; nothing is tried where no hook needs it.
    private static SessionConfinement ConfinementFor(HostFiles files, HookBook book, HookEvent known)
    {
        var request = new HarnessRequest(files.Environment, files.Trust.Folder) { InMemory = true };
        var decision = book.Hooks.Any(one => one.Event == known.Name && one.Inside is not null) ? SandboxDecision.Of(null, files.Layers, SandboxDecision.For(files)) : null;
        return SessionConfinement.Open(request, files, decision, new LocalWorkspace(files.Trust.Folder).Files, [], []);
    }

    /// <summary>Asks the model that a request picks, for prompt hooks.</summary>
    public static async ValueTask<string> AskAsync(HarnessRequest request, string question, CancellationToken cancellationToken)
    {
        var judge = request.Wish.Model is null ? HostFiles.Read(request).Layers.Effective.Roles?.Judge : null;
        var (model, problem) = await Composition.FindModelAsync(judge is null ? request : request with { Wish = new() { Model = judge } }, cancellationToken);
        return model is null ? throw new HookModelException($"{problem!.Message} {problem.Advice}") : await HookModel.AskAsync(model, question, new((ModelInfo _, long _, ref int _) => null, _ => ValueTask.CompletedTask, TimeProvider.System), cancellationToken);
    }

    /// <summary>What a hook of the event would read on the sample, as JSON text.</summary>
    internal static string InputOf(HostFiles files, HookEvent known)
    {
        var (occasion, problem) = Sample(files, known, null, null);
        var permissions = new PermissionsInForce(new PolicyOptions { Root = files.Trust.Folder, Home = files.Environment.Home });
        return HookInput.Of(occasion ?? throw new InvalidOperationException(problem), new HookSurroundings { Session = "hooks-test", Root = files.Trust.Folder, Permissions = permissions, Processes = new LocalProcesses() });
    }

    private static async Task<TriedHook> TryAsync(ExternalHooks external, ListedHook listed, HookOccasion occasion, PermissionsInForce permissions, CancellationToken cancellationToken)
    {
        if (listed is not { Standing: not HookStanding.Rejected, Hook: { } hook })
        {
            return new(listed, null, null, []);
        }

        if (!ExternalHooks.Concerns(hook, occasion, permissions))
        {
            return new(listed with { Reason = hook.Matcher.Fits(occasion.Subject) ? $"its rule '{hook.If}' does not fit the sample" : $"its matcher '{hook.Matcher.Text}' does not fit '{occasion.Subject}'" }, null, null, []);
        }

        var run = await external.CallAsync(hook, occasion, cancellationToken, mayLeave: true);
        if (run.Rest is not { } rest)
        {
            var meaning = external.Understand(hook, occasion, run);
            return new(listed, run, meaning.Answer, meaning.Notices);
        }

        // In a session nobody waits for it, and what it decides comes too late.
        run = await rest with { Input = run.Input, Took = run.Took };
        var late = external.Understand(hook with { IsAsync = true }, occasion, run);
        return new(listed, run, new HookAnswer { Context = late.Answer.Context }, [.. late.Notices, "It said that it goes on by itself: a session does not wait for its end, and no decision of it counts."]);
    }

    private static (HookOccasion? Occasion, string? Problem) Sample(HostFiles files, HookEvent known, string? tool, string? input)
    {
        JsonObject? given = null;
        try
        {
            SoundJson.Check(System.Text.Encoding.UTF8.GetBytes(input ?? ""));
            given = input is null ? null : JsonNode.Parse(input) as JsonObject ?? throw new JsonException("it is no object");
        }
        catch (JsonException wrong)
        {
            return (null, $"The input is no JSON object: {wrong.Message}");
        }

        if (known.IsAboutCalls)
        {
            return SampleCall(files, known, tool ?? "Bash", given);
        }

        if (tool is not null)
        {
            return (null, $"{known.Name} is not about calls, so it has no tool.");
        }

        var facts = HookSample.Facts(known.Name);
        foreach (var (name, value) in given ?? [])
        {
            facts[name] = value?.DeepClone();
        }

        var subject = new[] { "command_name", "load_reason", "error", "source", "notification_type", "trigger", "agent_type" }.Select(name => facts[name]).OfType<JsonValue>().FirstOrDefault() ?? (known.Name is HookEvents.SessionEnd ? facts["reason"] as JsonValue : null);
        subject ??= known.Name is HookEvents.FileChanged ? JsonValue.Create(Path.GetFileName(facts["file_path"]?.ToString() ?? "")) : null;
        var calls = known.Name is HookEvents.PostToolBatch ? [new HookedCall(new CallId("toolu_sample"), "Bash", s_samples[0].Input, files.Trust.Folder, ToolResult.Completed("sample"))] : Array.Empty<HookedCall>();
        return (new HookOccasion(known.Name) { Facts = facts, Subject = known.Matches is null ? null : subject?.ToString(), Calls = calls }, null);
    }

    private static (HookOccasion? Occasion, string? Problem) SampleCall(HostFiles files, HookEvent known, string name, JsonObject? given)
    {
        var tools = new ToolSet([], [new BuiltInTools(null)]);
        var found = tools.Resolve(name)?.Tool ?? (name.StartsWith("mcp__", StringComparison.Ordinal) ? new ForeignTool(name) : null);
        if (found is null)
        {
            return (null, tools.Unknown(name));
        }

        var definition = found.Definition;
        var text = given is not null ? ToolFields.Taken(definition.Name, given) : s_samples.FirstOrDefault(sample => sample.Tool == definition.Name).Input ?? "{}";
        using var document = SoundJson.Parse(text);
        var bound = found.Bind(document.RootElement.Clone());
        if (bound.Input is null)
        {
            return (null, $"{definition.Name}: {bound.Error} Give an input with --input.");
        }

        var workspace = new LocalWorkspace(files.Trust.Folder);
        var id = new CallId("toolu_sample");
        var facts = known.Name is HookEvents.PermissionDenied ? new JsonObject { ["reason"] = "sample" } : [];
        var result = known.Name is HookEvents.PostToolUse ? ToolResult.Completed("sample") : known.Name is HookEvents.PostToolUseFailure ? ToolResult.Failed("sample failure") : null;
        return (new HookOccasion(known.Name)
        {
            Subject = definition.Name,
            Result = result,
            Facts = result is null ? facts : new JsonObject { ["duration_ms"] = 0 },
            Invocation = new ToolInvocation
            {
                Call = new ToolCallPart(id, definition.Name, text),
                Tool = found,
                Input = bound.Input,
                RecordAsync = (_, _, _) => ValueTask.CompletedTask,
                Scope = new CallScope
                {
                    Call = id, WorkingDirectory = workspace.Files.Root, Files = workspace.Files, Processes = workspace.Processes, Network = workspace.Network,
                    Blobs = new MemoryJournal().Blobs, Background = new BackgroundProcesses(), SeenFiles = new Dictionary<string, string>(), ShowProgress = _ => { },
                    AskAsync = (_, _, _) => ValueTask.FromResult<string?>(null),
                },
            },
        }, null);
    }

    /// <summary>A tool of a server that is not connected: takes whatever it is given and is never run.</summary>
    private sealed class ForeignTool(string name) : Tool
    {
        public override ToolDefinition Definition { get; } = new(name, "", default, ToolKind.Network, ToolEffect.Once, false);

        public override BindOutcome Bind(JsonElement arguments) => BindOutcome.Of(new ToolInput(arguments, arguments, []));

        public override ValueTask<ToolResult> RunAsync(ToolInput input, CallScope scope, CancellationToken cancellationToken) => throw new ToolException("It is a sample.");
    }
}
