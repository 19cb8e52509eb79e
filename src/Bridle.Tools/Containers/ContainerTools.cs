using Bridle.Sandboxing;

namespace Bridle.Tools.Containers;

/// <summary>The tool for commands in containers, where one is configured.</summary>
/// <param name="options">The container.</param>
/// <param name="variables">Variables that the engine gets beside the usual few.</param>
public sealed class ContainerTools(ContainerOptions options, IReadOnlyDictionary<string, string> variables) : IToolSource
{
    /// <inheritdoc/>
    public IReadOnlyList<Tool> Tools { get; } = Make(new ContainerCommandTool(options, variables));

    private static IReadOnlyList<Tool> Make(ContainerCommandTool tool) => [new SelfConfined(tool.AsTool(), tool.Plan)];
}
