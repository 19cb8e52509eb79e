using Bridle.Context;
using Bridle.Hooks;
using Bridle.Hosting.Instructions;
using Bridle.Hosting.Prompts;
using Bridle.Hosting.Recall;
using Bridle.Hosting.Sandboxes;
using Bridle.Journal;
using Bridle.Permissions;
using Bridle.Tools;

namespace Bridle.Hosting.Assembly;

/// <summary>What the model is told beside the conversation: the system text, the instruction files, and what guides say on the way.</summary>
internal sealed class ContextAssembly
{
    private readonly HarnessRequest _request;
    private readonly HostFiles _files;
    private readonly string _root;
    private readonly string? _session;
    private readonly InstructionSearch? _search;
    private readonly List<PromptPart> _prompt = [];
    private PermissionPolicy? _policy;

    /// <summary>Reads the instruction files of a folder on this machine's disk; a workspace of another kind has none.</summary>
    public ContextAssembly(HarnessRequest request, HostFiles files, string root, string session = "", SecretRedactor? secrets = null)
    {
        (_request, _files, _root, _session) = (request, files, root, session.Length > 0 ? session : null);
        _search = request.Workspace is null ? new InstructionSearch(files, root) : null;
        Found = _search?.Find() ?? new([], [], []);
        Memory = MemoryAssembly.Of(request, files, root, session, secrets);
        Skills = new SkillAssembly(request, files, root, session);
    }

    /// <summary>The instruction files.</summary>
    public InstructionFiles Found { get; }

    /// <summary>Which tools requests show.</summary>
    public ToolOffer Offer { get; } = new();

    /// <summary>The notes of earlier sessions.</summary>
    public MemoryAssembly Memory { get; }

    /// <summary>The skills.</summary>
    public SkillAssembly Skills { get; }

    /// <summary>The parts of the system text in their order.</summary>
    public IReadOnlyList<PromptPart> Prompt(PermissionPolicy policy)
    {
        _policy = policy;
        _prompt.Clear();
        _prompt.AddRange(Parts(policy));
        return _prompt;
    }

    /// <summary>Looks for skills once more before the first request, because something at the start made some. What <see cref="Prompt"/> gave follows.</summary>
    public void ReloadSkills()
    {
        Skills.Reload();
        if (_policy is { } policy)
        {
            Prompt(policy);
        }
    }

    private IReadOnlyList<PromptPart> Parts(PermissionPolicy policy) =>
    [
        .. SystemText.For(_request.SystemPrompt ?? _files.Layers.Effective.SystemPrompt, _request.SystemPrompt is null ? "settings" : "flag", _root, Found.Files, _request.Time),
        .. Memory.Prompt, .. Skills.Prompt(policy), .. Offer.Prompt(policy),
    ];

    /// <summary>All tools of a session: the host's own, skills, the built-in ones, notes and what a container brings.</summary>
    public ToolSet ToolsWith(BuiltInTools builtIn) => Offer.Decide(
        new(_request.ExtraTools, [Skills, builtIn, Memory, .. new[] { ContainerSetup.Tools(_request, _files) }.OfType<IToolSource>(), .. RecallSetup.Tools(_request, _files, _session), Offer]),
        _files.Layers.Effective.ToolSearchOver ?? ToolOffer.DefaultMost);

    /// <summary>What a person should know, one line each.</summary>
    public IEnumerable<string> Notices => Found.Left.Select(left => $"Not read as instructions: {left}").Concat(Memory.Left).Concat(Skills.Notices);

    /// <summary>Who speaks on the way.</summary>
    public IReadOnlyList<Guide> Guides(PermissionsInForce inForce, IBlobs blobs, HookSet hooks) =>
        [.. _search is null ? [] : new InstructionGuides(_search, Found, _root, hooks.Hears(HookEvents.InstructionsLoaded) ? load => hooks.Leave(new HookNews(load.Occasion)) : null).All, .. Memory.Guides, .. Skills.Guides(inForce, blobs), .. Offer.Guides, .. _request.Guides];
}
