using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>What a path is worth by itself: the harness's own folders, the table of sensitive paths, and what rules by name say against the table.</summary>
internal sealed class PathGuard(PolicyOptions options, CompiledRules rules)
{
    private readonly string _bin = Path.Join(options.Home, "bin");

    /// <summary>Why the text is no path that a tool may use, or null.</summary>
    public static string? Malformed(ResolvedPath path) => path.Given switch
    {
        ['\\', ..] => $"{path.Given} is a network or device path; give a path in the workspace.",
        _ when path.Given.Contains('\0') => "The path holds a NUL character.",
        _ when path.Given.IndexOf("://", StringComparison.Ordinal) is > 0 and < 12 => $"{path.Given} is an address; give a file path.",
        _ => null,
    };

    /// <summary>Why the path is refused in every mode, or null.</summary>
    public string? WhatDenies(ResolvedPath path, FileAccessKind access, bool bareWord = false, bool lent = false)
    {
        foreach (var folder in lent ? [] : options.HarnessFolders)
        {
            if (IsIn(path.Normalised, folder) || IsIn(path.Real, folder))
            {
                return $"{path.Given} belongs to the harness itself; no tool may touch it.";
            }
        }

        var (level, what) = Look(path, bareWord);
        return level is Sensitivity.Deny && rules.Naming(Verdict.Ask, path, access) is null && !IsMoved(path)
            ? $"{path.Given} is refused because '{what}' holds credentials. {(IsText(path) ? "It stands in a text, which no rule can name: give the file as a word of its own." : $"A person can move it to ask with a user rule that names it, such as 'ask {RuleFor.Path(path, access)}'.")}"
            : null;
    }

    /// <summary>Why the path is asked about whatever a rule allows, or null.</summary>
    public string? WhatAsks(ResolvedPath path, FileAccessKind access, bool bareWord = false) => WhatAsks(path, Look(path, bareWord), access);

    /// <summary>The same for a word of a command, whose use is looked up where it matters.</summary>
    public string? WhatAsks(JudgedCommand command, WordPath word, bool bareWord) =>
        Look(word.Path, bareWord) is var look && (look.Level is Sensitivity.Ask or Sensitivity.Deny or Sensitivity.Protected || word.Path.Links > 1) ? WhatAsks(word.Path, look, CommandEffects.AccessOf(command, word)) : null;

    private string? WhatAsks(ResolvedPath path, (Sensitivity Level, string What) look, FileAccessKind access)
    {
        var (level, what) = look;
        if (level is Sensitivity.Ask or Sensitivity.Deny && rules.Naming(Verdict.Allow, path, access) is null)
        {
            return $"{path.Given} may hold secrets ('{what}').";
        }

        if (access is not FileAccessKind.Write || options.Mode is PermissionMode.Bypass)
        {
            return null;
        }

        return level is Sensitivity.Protected ? $"{path.Given} is protected: '{what}' decides what runs later."
            : (BareRepository.WhatIsMade(path.Real) ?? (path.Normalised == path.Real ? null : BareRepository.WhatIsMade(path.Normalised))) is { } made ? $"{path.Given} is protected: {made}."
            : path.Links > 1 ? $"{path.Given} has {path.Links} names on this disk (hard links); writing parts this one from the others."
            : null;
    }

    // A word that holds more than a file's name: an editor's command, a query, a pattern of addresses.
    private static bool IsText(ResolvedPath path) => path.Kind is FileKind.Missing && path.Given.AsSpan().IndexOfAny(" \t\n'\"(){}[];") >= 0;

    private bool IsMoved(ResolvedPath path) => options.AskedInsteadOfRefused.Any(moved => IsIn(path.Normalised, moved)) && options.AskedInsteadOfRefused.Any(moved => IsIn(path.Real, moved));

    private (Sensitivity Level, string What) Look(ResolvedPath path, bool bareWord)
    {
        var normalised = LookOne(path.Normalised, bareWord);
        var real = path.Real == path.Normalised ? normalised : LookOne(path.Real, bareWord);
        return normalised.Level >= real.Level ? normalised : real;
    }

    // What the person chose as the workspace is not protected from work in it, unless it is a credentials folder.
    private (Sensitivity Level, string What) LookOne(string path, bool bareWord)
    {
        // Most people's PATH begins with it.
        if (IsIn(path, _bin) && !IsIn(options.Root, _bin))
        {
            return (Sensitivity.Protected, "bin");
        }

        var whole = SensitivePaths.Look(path, bareWord);
        return whole.Level is Sensitivity.Protected or Sensitivity.Ask && IsIn(path, options.Root) ? SensitivePaths.Look(path[options.Root.TrimEnd('/').Length..], bareWord) : whole;
    }

    private static bool IsIn(string path, string folder)
    {
        folder = folder.TrimEnd('/');
        return folder.Length > 0 && path.StartsWith(folder, StringComparison.OrdinalIgnoreCase) && (path.Length == folder.Length || path[folder.Length] == '/');
    }
}
