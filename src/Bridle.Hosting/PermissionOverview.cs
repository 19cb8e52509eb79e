using Bridle.Events;
using Bridle.Hosting.Assembly;
using Bridle.Hosting.Grants;
using Bridle.Hosting.Recall;
using Bridle.Hosting.Sandboxes;
using Bridle.Journal;
using Bridle.Permissions;
using Bridle.Sandboxing;
using Bridle.Tools;
using Bridle.Tools.Git;
using Bridle.Workspaces;

namespace Bridle.Hosting;

/// <summary>What may run in a folder without a session being started: the policy that a session there would have, and where it comes from. Reads files and writes nothing.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Grants">What people agreed to, as far as it holds here.</param>
/// <param name="Notices">What does not count, and why.</param>
public sealed record PermissionOverview(PermissionPolicy Policy, IReadOnlyList<PermissionGrant> Grants, IReadOnlyList<string> Notices)
{
    /// <summary>The files of the folder, as tools see them.</summary>
    public required IFiles Files { get; init; }

    /// <summary>The folder as it was given, where relative paths start: a link stays one, and rules speak of a path as written and as it really is.</summary>
    public required string Folder { get; init; }

    /// <summary>What would confine the calls of a session there.</summary>
    public SandboxInForce Confinement { get; init; } = SandboxInForce.Nothing;

    /// <summary>Seen as a run sees it that nobody watches: what would be asked is refused, since nobody is there to answer.</summary>
    public bool Headless { get; init; }

    /// <summary>Reads it, or says why no session could start there. With a session's name its own grants are among the others.</summary>
    public static (PermissionOverview? Overview, HarnessRefused? Problem) Read(HarnessRequest request)
    {
        if (!Directory.Exists(request.Folder))
        {
            return (null, new("usage", HostFiles.NoFolder(request.Folder), "Give another one with --cwd."));
        }

        var files = HostFiles.Read(request);
        if (files.Problem is { } broken)
        {
            return (null, broken);
        }

        var notices = new List<string>(files.Notices);
        var (mode, problem) = StartLimits.Mode(request, files.Layers, notices);
        if (mode is null)
        {
            return (null, problem);
        }

        IReadOnlyList<PermissionGrant> own = [];
        if (request.SessionName is { } name)
        {
            var store = new SessionStore(files.Folders.Data, files.Folders.State);
            if (!store.Exists(name))
            {
                return (null, new("session", $"There is no session '{name}'.", "See `bridle sessions list`."));
            }

            own = SessionGrants.From(store.Read(name).Journal.Read());
        }

        var local = new LocalFiles(request.Folder);
        var said = new List<string>();
        var tools = new ContextAssembly(request, files, local.Root).ToolsWith(new BuiltInTools()).Names;
        var decision = SandboxDecision.Of(request.Sandbox, files.Layers, request.Sandboxes ?? SandboxDecision.For(files));
        notices.AddRange(decision.Refused is { } unconfined ? [$"No session can start here: {unconfined.Message}"] : Array.Empty<string>());
        var options = PolicyAssembly.Options(request, files, mode, local.Root, own, tools, said);
        notices.AddRange(said);
        return (new(new PermissionPolicy(options), [.. own, .. PolicyAssembly.Kept(request, files, local.Root, [])], notices)
        {
            Files = local,
            Folder = request.Folder,
            Confinement = decision.InForce(files, local.Root, Path.Combine(files.Folders.State, "sandbox"), doors: null),
        }, null);
    }

    /// <summary>What a session there would do with a call, and all that stands behind it.</summary>
    public Explanation Explain(CallToJudge call)
    {
        var why = Policy.Explain(call);
        return Headless && why.Judgement.Verdict is Verdict.Ask
            ? why with { Judgement = why.Judgement with { Verdict = Verdict.Deny, Reason = $"{why.Judgement.Reason} Nobody is there to be asked, so it is refused." } }
            : why;
    }

    /// <summary>Revokes what is kept under the id. False when there is nothing; a problem when the file cannot be changed.</summary>
    public static (bool Found, string? Problem) Revoke(HostEnvironment environment, string id) => new KeptGrants(BridleFolders.For(environment).Grants).Remove(id);

    /// <summary>
    /// The call that a text in the form of a rule stands for, such as <c>Bash(git push)</c>, <c>Read(~/.ssh/id_rsa)</c> or <c>WebFetch(https://example.com/)</c>; null with a
    /// reason when it is none.
    /// </summary>
    public (CallToJudge? Call, string Problem) CallOf(string text)
    {
        var (call, tool, problem) = CallText.Read(text, Files, Folder);
        var plan = call is null ? Confinement.Plan : Confinement.PlanFor(tool!, asksForNone: false);
        return (call is null ? null : call.In(Policy, new GitForesight(() => new LocalProcesses(), TimeProvider.System)) with { Confined = plan.KeepsToWorkspace, Fetching = plan.Fetching }, problem);
    }
}
