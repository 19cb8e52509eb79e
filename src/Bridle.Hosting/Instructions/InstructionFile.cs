namespace Bridle.Hosting.Instructions;

/// <summary>A file that tells the agent how to work.</summary>
/// <param name="Path">Where it lies, links followed.</param>
/// <param name="Scope">Who it speaks for: <c>managed</c>, <c>user</c>, <c>project</c> or <c>local</c>.</param>
/// <param name="Text">What it says, with its imports in place and without block comments.</param>
public sealed record InstructionFile(string Path, string Scope, string Text)
{
    /// <summary>The files it is about, as patterns relative to <see cref="Folder"/>; null when it is always about all of them.</summary>
    public IReadOnlyList<string>? Patterns { get; init; }

    /// <summary>The files that it imports, each with the one that names it.</summary>
    public IReadOnlyList<(string Path, string By)> Imports { get; init; } = [];

    /// <summary>The bytes of the cap that it takes.</summary>
    public int Room { get; init; }

    /// <summary>The folder that it is about.</summary>
    public string Folder { get; init; } = "";
}

/// <summary>The instruction files of a start, and what was left out, with the reason.</summary>
/// <param name="Files">What is told at the start, from the broadest to the narrowest.</param>
/// <param name="Rules">What is told when a file that it is about is seen.</param>
/// <param name="Left">What was left out, one line each.</param>
public sealed record InstructionFiles(IReadOnlyList<InstructionFile> Files, IReadOnlyList<InstructionFile> Rules, IReadOnlyList<string> Left);
