using Bridle.Context;
using Bridle.Hosting.Instructions;
using Bridle.Hosting.Prompts;

namespace Bridle.Hosting.Assembly;

/// <summary>What the model is told beside the conversation: the system text, the instruction files, and what guides say on the way.</summary>
internal sealed class ContextAssembly
{
    private readonly HarnessRequest _request;
    private readonly HostFiles _files;
    private readonly string _root;
    private readonly InstructionSearch? _search;

    private readonly MemoryAssembly _memory;

    /// <summary>Reads the instruction files of a folder on this machine's disk; a workspace of another kind has none.</summary>
    public ContextAssembly(HarnessRequest request, HostFiles files, string root, MemoryAssembly memory)
    {
        (_request, _files, _root, _memory) = (request, files, root, memory);
        _search = request.Workspace is null ? new InstructionSearch(files, root) : null;
        Found = _search?.Find() ?? new([], [], []);
    }

    /// <summary>The instruction files.</summary>
    public InstructionFiles Found { get; }

    /// <summary>The parts of the system text in their order.</summary>
    public IReadOnlyList<PromptPart> Prompt =>
    [
        .. SystemText.For(_request.SystemPrompt ?? _files.Layers.Effective.SystemPrompt, _request.SystemPrompt is null ? "settings" : "flag", _root, Found.Files, _request.Time),
        .. _memory.Prompt,
    ];

    /// <summary>Who speaks on the way.</summary>
    public IReadOnlyList<Guide> Guides => [.. _search is null ? [] : new InstructionGuides(_search, Found, _root).All, .. _memory.Guides, .. _request.Guides];
}
