using Bridle.Context;
using Bridle.Hosting.Instructions;
using Bridle.Hosting.Prompts;
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
    private readonly InstructionSearch? _search;

    /// <summary>Reads the instruction files of a folder on this machine's disk; a workspace of another kind has none.</summary>
    public ContextAssembly(HarnessRequest request, HostFiles files, string root, string session = "")
    {
        (_request, _files, _root) = (request, files, root);
        _search = request.Workspace is null ? new InstructionSearch(files, root) : null;
        Found = _search?.Find() ?? new([], [], []);
        Skills = new SkillAssembly(request, files, root, session);
    }

    /// <summary>The instruction files.</summary>
    public InstructionFiles Found { get; }

    /// <summary>Which tools requests show.</summary>
    public ToolOffer Offer { get; } = new();

    /// <summary>The session's tools: those of the request, the skills', the built-in ones.</summary>
    public ToolSet Tools(IEnumerable<IToolSource> sources) =>
        Offer.Decide(new ToolSet([.. _request.ExtraTools, .. Skills.Tools], [.. sources, Offer]), _files.Layers.Effective.ToolSearchOver ?? ToolOffer.DefaultMost);

    /// <summary>The skills.</summary>
    public SkillAssembly Skills { get; }

    /// <summary>The parts of the system text in their order.</summary>
    public IReadOnlyList<PromptPart> Prompt(PermissionPolicy policy) =>
    [
        .. SystemText.For(_request.SystemPrompt ?? _files.Layers.Effective.SystemPrompt, _request.SystemPrompt is null ? "settings" : "flag", _root, Found.Files, _request.Time),
        .. Skills.Prompt(policy),
        .. Offer.Prompt(policy),
    ];

    /// <summary>What a person should know, one line each.</summary>
    public IEnumerable<string> Notices => Found.Left.Select(left => $"Not read as instructions: {left}").Concat(Skills.Notices);

    /// <summary>Who speaks on the way.</summary>
    public IReadOnlyList<Guide> Guides(PermissionsInForce inForce, IBlobs blobs) =>
        [.. _search is null ? [] : new InstructionGuides(_search, Found, _root).All, .. Skills.Guides(inForce, blobs), .. Offer.Guides, .. _request.Guides];
}
