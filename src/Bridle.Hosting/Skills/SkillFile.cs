using System.Text;
using Bridle.Hosting.Trust;
using Bridle.Permissions;
using Bridle.Skills;

namespace Bridle.Hosting.Skills;

/// <summary>Reads one <c>SKILL.md</c> from disk: small, text, and none that may be a secret or that rules refuse to be read, wherever links lead.</summary>
internal static class SkillFile
{
    private const int MostBytes = 512 * 1024;
    private const int MostListed = 200;
    private const int MostDepth = 4;

    private static readonly string[] Names = ["SKILL.md", "skill.md"];

    /// <summary>The skill's file in a folder, or null.</summary>
    public static string? In(string folder) => Names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Its head and text, or why it cannot be had.</summary>
    public static (SkillHead? Head, string? Problem) Read(string file)
    {
        try
        {
            var bytes = SmallFile.Read(file, MostBytes + 1);
            return bytes.Length > MostBytes ? (null, $"it is longer than {MostBytes / 1024} KiB")
                : bytes.AsSpan().Contains((byte)0) ? (null, "it is no text")
                : (SkillYaml.Read(Encoding.UTF8.GetString(bytes)), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"it cannot be read ({e.Message})");
        }
    }

    /// <summary>The skill in a file, or why it is not loaded.</summary>
    /// <param name="file">The file.</param>
    /// <param name="scope">Whose it is.</param>
    /// <param name="denied">Why rules refuse a file to be read, or null.</param>
    public static (Skill? Skill, string? Reason) Load(string file, SkillScope scope, Func<string, string?> denied)
    {
        var (real, problem) = Shown(file, denied);
        var (head, unread) = real is null ? (null, problem) : Read(real);
        return head is null ? (null, unread) : SkillReading.Read(head, real!, file, scope);
    }

    /// <summary>What is told when it is used. What was put into its place since it was found is held to the same.</summary>
    public static SkillContent Content(Skill skill, Func<string, string?> denied)
    {
        var (real, problem) = Shown(skill.File, denied);
        var (head, unread) = real is null ? (null, problem) : Read(real);
        return head is null ? new("", [], unread) : new(head.Body, Beside(skill, denied));
    }

    // Where the file really lies, or why a model must not see it.
    private static (string? Real, string? Problem) Shown(string file, Func<string, string?> denied) =>
        RealFolder.Resolve(file) is not { } real ? (null, "it cannot be read (it leads nowhere)")
        : SensitivePaths.HoldsSecrets(real) ? (null, "it may hold a secret, so it is not shown to a model")
        : denied(file) is { } reason ? (null, $"it is not shown to a model. {reason.TrimEnd('.')}")
        : (real, null);

    private static IReadOnlyList<string> Beside(Skill skill, Func<string, string?> denied)
    {
        try
        {
            var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = MostDepth, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
            return
            [
                .. Directory.EnumerateFiles(skill.Folder, "*", options).Take(MostListed * 10).Select(file => Path.GetRelativePath(skill.Folder, file))
                    .Where(file => Path.Combine(skill.Folder, file) != skill.File && !file.Split('/').Any(name => name is ".git" or "node_modules" or "__pycache__" or ".DS_Store"))
                    .Where(file => !SensitivePaths.HoldsSecrets(Path.Combine(skill.Folder, file)) && denied(Path.Combine(skill.Folder, file)) is null).Order(StringComparer.Ordinal).Take(MostListed),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
