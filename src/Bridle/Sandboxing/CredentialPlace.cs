namespace Bridle.Sandboxing;

/// <summary>A file or folder with credentials of one program, which a person's own commands need and nobody else's.</summary>
/// <param name="Path">The absolute path, whether it exists or not.</param>
/// <param name="Toolchain">Whose registries they are for: its commands that fetch packages find them. Null for none.</param>
public sealed record CredentialPlace(string Path, string? Toolchain);
