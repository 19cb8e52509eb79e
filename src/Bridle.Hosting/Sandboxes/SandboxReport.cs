using System.Text;
using System.Text.Json;
using Bridle.Hosting.Assembly;
using Bridle.Sandboxing;

namespace Bridle.Hosting.Sandboxes;

/// <summary>What confines programs in a folder: what is requested, what is enforced and by what, and everything that runs outside.</summary>
/// <param name="Decision">Which sandbox, and why.</param>
/// <param name="InForce">The plan and the profile.</param>
/// <param name="Workspace">The folder.</param>
/// <param name="AutoAllow">Whether confined commands run unasked: in words for both kinds of run.</param>
/// <param name="Toolchains">The toolchains whose caches and registries programs get.</param>
/// <param name="Probes">Every backend with what came of trying it.</param>
public sealed record SandboxReport(
    SandboxDecision Decision, SandboxInForce InForce, string Workspace, string AutoAllow, IReadOnlyList<string> Toolchains, IReadOnlyList<(string Name, SandboxProbe Probe)> Probes)
{
    /// <summary>The git worktree of Bridle's that the folder lies in, or null.</summary>
    public Worktrees.Worktree? Worktree { get; init; }

    /// <summary>How many sealed files there are, and how many of them programs could change; null where nothing is sealed.</summary>
    public (int Count, int NotHeld)? Sealed { get; init; }

    /// <summary>Every kind of process that never runs in the sandbox, and why.</summary>
    public static IReadOnlyList<(string What, string Why)> Outside { get; } =
    [
        ("Bridle itself", "it reads and writes files for Read, Write and Edit and fetches for WebFetch and WebSearch, after the permission rules and through doors that check each path and address"),
        ("hooks", "they are the person's own programs and see what the person wants them to see; each is listed by `bridle hooks list`"),
        ("apiKeyHelper", "it prints the key of a provider before any session begins"),
        ("commands with sandbox: \"off\"", "each needs a person's yes or a rule, and says so in its record"),
    ];

    /// <summary>Makes it for work in a folder. Tries the backends; changes nothing else.</summary>
    public static async Task<SandboxReport> OfAsync(HostFiles files, string folder, string? flag, IReadOnlyList<ISandbox> backends, TimeProvider time)
    {
        var root = new Workspaces.LocalWorkspace(folder).Files;
        var workspace = root.Root;
        var sealedPlaces = SealedPlaces.Of(AcceptanceAssembly.Patterns(new(files.Environment, folder), files.Layers), root);
        var decision = SandboxDecision.Of(flag, files.Layers, backends);
        var settings = files.Layers.Effective.Sandbox;
        await using var doors = decision.Sandbox is null ? null : SandboxDoors.Open(files.Environment, workspace, settings, files.Layers.Rules, files.Trust.IsTrusted, time, [], host => files.Trust.MayRun(Trust.ProjectPrograms.Registry, host));
        var inForce = decision.InForce(files, workspace, Path.Combine(files.Folders.State, "sandbox", "report"), doors, null, sealedPlaces);
        var auto = settings?.AutoAllow switch { true => "yes", false => "no", _ => "where nobody is there to be asked" };
        return new(decision, inForce, workspace, auto, doors?.Toolchains ?? [], [.. backends.Select(one => (one.Name, one.Probe()))]) 
        {
            Worktree = Worktrees.Worktree.At(workspace, files.Folders), Sealed = sealedPlaces is null ? null : (sealedPlaces.Count, sealedPlaces.NotHeld),
        };
    }

    /// <summary>For people, a line each.</summary>
    public IEnumerable<string> Lines()
    {
        var plan = InForce.Plan;
        yield return $"workspace    {Workspace}";
        if (Worktree is { } worktree)
        {
            yield return $"worktree     {worktree.Plan}";
        }

        yield return $"requested    {Decision.Requested}";
        yield return $"enforced by  {plan.Backend}{(plan.Why is { } why ? $" ({why})" : "")}";
        foreach (var (name, probe) in Probes)
        {
            yield return $"backend      {name}: {(probe.Works ? "works" : $"does not work: {probe.Detail}")}";
        }

        if (InForce.Profile is { } profile)
        {
            yield return $"files        {plan.Files}; everything else is read-only";
            yield return $"network      {plan.Network}";
            yield return $"processes    {plan.Processes ?? "not confined"}{(plan.Ending is { } ending ? $"; {ending}" : "")}";
            if (plan.SystemCalls is { } calls)
            {
                yield return $"system calls {calls}";
            }

            foreach (var (name, value) in plan.Limits)
            {
                yield return $"limit        {name}: {value?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}";
            }

            yield return $"unasked      confined commands run without asking: {(plan.KeepsToWorkspace ? AutoAllow : $"no, because {plan.Backend} does not keep them to the workspace")}";
            foreach (var place in Places(profile))
            {
                yield return place;
            }

            if (Toolchains.Count > 0)
            {
                yield return $"toolchains   {string.Join(", ", Toolchains)}";
            }
        }

        foreach (var (what, reason) in Outside)
        {
            yield return $"outside      {what}: {reason}";
        }
    }

    private IEnumerable<string> Places(SandboxProfile profile)
    {
        foreach (var path in Writable(profile))
        {
            yield return $"writable     {path}";
        }

        foreach (var path in profile.Protected.Where(one => Path.Exists(one.Path)))
        {
            yield return $"protected    {path.Path}";
        }

        if (SealedWords is { } words)
        {
            yield return $"sealed       {words}";
        }

        foreach (var path in profile.Masked.Where(Path.Exists))
        {
            yield return $"hidden       {path}";
        }

        foreach (var one in profile.Credentials.Where(one => Path.Exists(one.Path)))
        {
            yield return $"hidden       {one.Path} (from commands that nobody was asked about{(one.Toolchain is { } owner ? $" and that do not fetch packages of {owner}" : "")})";
        }
    }

    private string? SealedWords => Sealed is not var (count, open) ? null
        : $"{count} {(count == 1 ? "file" : "files")} (sealedFiles), {(open == 0 ? "all protected" : $"{open} of them too many to be protected: what programs do to those is found by hash before a turn is done")}";

    /// <summary>For machines: one object.</summary>
    public string Json()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            Write(writer);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private void Write(Utf8JsonWriter writer)
    {
        var plan = InForce.Plan;
        writer.WriteStartObject();
        writer.WriteString("workspace", Workspace);
        writer.WriteString("worktree", Worktree?.Plan);
        writer.WriteString("requested", Decision.Requested);
        writer.WriteStartObject("enforced");
        writer.WriteString("by", plan.Backend);
        writer.WriteString("files", plan.Files);
        writer.WriteString("network", plan.Network);
        writer.WriteString("processes", plan.Processes);
        writer.WriteString("why_not", plan.Why);
        writer.WriteEndObject();
        writer.WriteStartArray("backends");
        foreach (var (name, probe) in Probes)
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteBoolean("works", probe.Works);
            writer.WriteString("detail", probe.Detail);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (InForce.Profile is { } profile)
        {
            WriteProfile(writer, profile, plan);
        }

        writer.WriteStartArray("outside");
        foreach (var (what, why) in Outside)
        {
            writer.WriteStartObject();
            writer.WriteString("what", what);
            writer.WriteString("why", why);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteProfile(Utf8JsonWriter writer, SandboxProfile profile, Tools.IsolationPlan plan)
    {
        writer.WriteStartObject("limits");
        foreach (var (name, value) in plan.Limits)
        {
            writer.WritePropertyName(name.Replace(' ', '_'));
            writer.WriteRawValue(value?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null");
        }

        writer.WriteEndObject();
        writer.WriteBoolean("unix_sockets", HasUnixSockets(profile));
        writer.WriteString("auto_allow", plan.KeepsToWorkspace ? AutoAllow : "no");
        List(writer, "writable", Writable(profile));
        List(writer, "protected", profile.Protected.Select(one => one.Path));
        if (Sealed is var (count, open))
        {
            writer.WriteStartObject("sealed");
            writer.WriteNumber("files", count);
            writer.WriteNumber("not_protected", open);
            writer.WriteEndObject();
        }

        List(writer, "hidden", profile.Masked.Where(Path.Exists));
        List(writer, "passed_variables", profile.PassedVariables);
        List(writer, "toolchains", Toolchains);
    }

    private static void List(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    private static bool HasUnixSockets(SandboxProfile profile) => profile.UnixSockets || profile.Network is SandboxNetwork.Proxy;

    private static IEnumerable<string> Writable(SandboxProfile profile) =>
        (profile.WorkspaceReadOnly ? [] : new[] { profile.Workspace }).Concat(profile.Writable).Concat(profile.Mounts.Where(mount => mount.Writable).Select(mount => mount.Target));
}
