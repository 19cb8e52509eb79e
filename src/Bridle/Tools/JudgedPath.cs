using Bridle.Workspaces;

namespace Bridle.Tools;

/// <summary>A file that a call names.</summary>
public sealed record JudgedPath(ResolvedPath Path, FileAccessKind Access);
