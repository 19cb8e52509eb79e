using System.Text.Json;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Hosting.Cases;

/// <summary>What came of one case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Got">The verdict, or null when the case was skipped.</param>
/// <param name="Why">The rule, the table entry or the part of the command that decided; for a skipped case, why it was.</param>
public sealed record CaseOutcome(JudgeCase Case, string? Got, string Why)
{
    /// <summary>Judged, and as it should be.</summary>
    public bool Passed => Got is not null && Case.Right.Contains(Got);

    /// <summary>Judged, and wrong.</summary>
    public bool Failed => Got is not null && !Passed;
}

/// <summary>Judges cases with the engine that judges calls of a session.</summary>
public static class CaseJudge
{
    private static readonly string[] Judged = ["Bash", "Read", "Write", "Edit", "WebFetch"];

    /// <summary>Judges one case. Throws <see cref="FormatException"/> when the case is not well formed.</summary>
    public static CaseOutcome Judge(JudgeCase one) => JudgeAll([one]).Single();

    /// <summary>Judges cases one after the other as they are asked for. Those that set up nothing of their own share one world: judging changes nothing in it.</summary>
    public static IEnumerable<CaseOutcome> JudgeAll(IEnumerable<JudgeCase> cases)
    {
        var shared = new Dictionary<(string Root, string Home), CaseWorld>();
        try
        {
            foreach (var one in cases)
            {
                yield return JudgeIn(one, shared);
            }
        }
        finally
        {
            foreach (var world in shared.Values)
            {
                world.Dispose();
            }
        }
    }

    private static CaseOutcome JudgeIn(JudgeCase one, Dictionary<(string Root, string Home), CaseWorld> shared)
    {
        if (WhySkipped(one) is { } skipped)
        {
            return new(one, null, skipped);
        }

        var options = CasePolicy.Of(one);
        if (one.Line.TryGetProperty("setup", out _) || one.Policy.TryGetProperty("file", out _))
        {
            using var own = CaseWorld.Of(one, options.Root, options.Home);
            return Judge(one, own.PolicyOf(options), own.Files);
        }

        if (!shared.TryGetValue((options.Root, options.Home), out var world))
        {
            shared[(options.Root, options.Home)] = world = CaseWorld.Of(one, options.Root, options.Home);
        }

        return Judge(one, world.PolicyOf(options), world.Files);
    }

    /// <summary>Why permission alone cannot judge the case, or null.</summary>
    public static string? WhySkipped(JudgeCase one)
    {
        if (!Judged.Contains(one.Tool))
        {
            return $"tool {one.Tool} is not judged by permission";
        }

        if (one.Class == "sandbox")
        {
            return "the sandbox judges it: bridle sandbox check";
        }

        if (one.Line.TryGetProperty("how", out _))
        {
            return "its state cannot be set up from data; a test proves it";
        }

        if (one.Input.ValueKind is not JsonValueKind.Object)
        {
            return null;
        }

        bool Has(string name) => one.Input.TryGetProperty(name, out _);
        return Has("internal") ? "a call of the harness's own, not of a tool"
            : Has("resume") ? "what a restart does with a call in flight is decided by the log"
            : Has("body_bytes") || Has("gzip_ratio") ? "what comes back is limited by the door to the network"
            : null;
    }

    private static CaseOutcome Judge(JudgeCase one, PermissionPolicy policy, IFiles files)
    {
        var (call, path) = CallOf(one, policy, files);
        var judgement = Strictest(Calls(call, one.Input).Select(call => policy.Judge(call)));
        var (got, why) = (judgement.Verdict.ToString().ToLowerInvariant(), judgement.Rule ?? judgement.Reason);
        if (judgement.Verdict is Verdict.Ask && !CasePolicy.SomebodyThere(one))
        {
            return new(one, "deny", $"Nobody is there to ask. {why}");
        }

        return judgement.Verdict is Verdict.Allow && path is not null && AtTheDoor(one, policy, path, files) is { } refused ? new(one, refused.Verdict, refused.Why) : new(one, got, why);
    }

    private static (CallToJudge Call, JudgedPath? Path) CallOf(JudgeCase one, PermissionPolicy policy, IFiles files)
    {
        var (input, tool) = (one.Input, one.Tool);
        bool Has(string name) => input.ValueKind is JsonValueKind.Object && input.TryGetProperty(name, out _);
        string Text(string name) => Has(name) && input.GetProperty(name).ValueKind is JsonValueKind.String
            ? input.GetProperty(name).GetString()!
            : throw new FormatException($"{one.Id}: the input has no '{name}'.");
        var name = tool == "Read" && Has("grep") ? "Grep" : tool == "Read" && Has("glob") ? "Glob" : tool;
        var json = name == "Glob" ? Object("pattern", Text("glob")) : input;
        var (kind, target) = tool switch
        {
            "Bash" => (ToolKind.Execute, (ToolTarget)new CommandTarget(input.ValueKind is JsonValueKind.String ? input.GetString()! : Text("command"))),
            "WebFetch" => (ToolKind.Network, new UrlTarget(Text("url"))),
            "Read" => (ToolKind.Read, new FileTarget(Text("path"), FileAccessKind.Read)),
            _ => (ToolKind.Write, new FileTarget(Text("path"), FileAccessKind.Write)),
        };
        var definition = new ToolDefinition(name, "", default, kind, ToolEffect.Once, false);
        var call = CallReader.Read(definition, new ToolInput(json, json, [target]), files, policy.Options.Root);
        // Where a case lays down files of its own, what a program would find there counts as it does in a session.
        call = one.Line.TryGetProperty("setup", out _) ? call.In(policy, files) : call;
        return (call with { Confined = CasePolicy.Confines(one) && !call.AsksForNoSandbox }, name == tool ? call.Paths.FirstOrDefault() : null);
    }

    // Each hop of a redirect and each address that a name leads to is judged like a request of its own.
    private static IEnumerable<CallToJudge> Calls(CallToJudge call, JsonElement input)
    {
        yield return call;
        if (input.ValueKind is JsonValueKind.Object && input.TryGetProperty("redirect", out var next))
        {
            yield return call with { Addresses = [next.GetString()!] };
        }

        foreach (var address in input.ValueKind is JsonValueKind.Object && input.TryGetProperty("dns", out var dns) ? dns.EnumerateArray().ToList() : [])
        {
            yield return call with { Addresses = [$"https://{(address.GetString()!.Contains(':') ? $"[{address.GetString()}]" : address.GetString())}/"] };
        }
    }

    // What a tool meets when it opens the file: it must be one, and not a key.
    private static (string Verdict, string Why)? AtTheDoor(JudgeCase one, PermissionPolicy policy, JudgedPath path, IFiles files)
    {
        if (path.Path.Kind is FileKind.Missing)
        {
            return null;
        }

        if (path.Path.Kind is not FileKind.File)
        {
            return ("error", $"{path.Path.Given} is not a file.");
        }

        if (one.Tool is not "Read")
        {
            return null;
        }

        try
        {
            new GuardedFiles(files, policy, [path]).OpenRead(path.Path).Dispose();
            return null;
        }
        catch (ToolException refused)
        {
            return ("deny", refused.Message);
        }
    }

    private static Judgement Strictest(IEnumerable<Judgement> judgements) => judgements.MaxBy(judgement => judgement.Verdict)!;

    private static JsonElement Object(string name, string value)
    {
        using var document = JsonDocument.Parse($$"""{"{{name}}":"{{JsonEncodedText.Encode(value)}}"}""");
        return document.RootElement.Clone();
    }
}
