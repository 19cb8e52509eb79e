namespace Bridle.Tests.Workspaces;

/// <summary>
/// Tests that kill other Bridles or count what this process has taken in: orphans of a killed Bridle come to this process, and the marks of programs are set for all of it
/// for a moment. They run after the others and one at a time.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
