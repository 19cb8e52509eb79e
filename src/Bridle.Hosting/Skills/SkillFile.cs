using System.Text;
using Bridle.Hosting.Trust;
using Bridle.Permissions;
using Bridle.Skills;

namespace Bridle.Hosting.Skills;

/// <summary>Reads one <c>SKILL.md</c> from disk: small, text, and none that may be a secret.</summary>
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
    public static (Skill? Skill, string? Reason) Load(string file, SkillScope scope)
    {
        if (RealFolder.Resolve(file) is not { } real)
        {
            return (null, "it leads nowhere");
        }

        if (SensitivePaths.HoldsSecrets(real))
        {
            return (null, "it may hold a secret, so it is not shown to a model");
        }

        var (head, problem) = Read(real);
        return head is null ? (null, problem) : SkillReading.Read(head, real, file, scope);
    }

    /// <summary>What is told when it is used.</summary>
    public static SkillContent Content(Skill skill)
    {
        var (head, problem) = Read(skill.File);
        return head is null ? new("", [], problem) : new(head.Body, Beside(skill));
    }

    private static IReadOnlyList<string> Beside(Skill skill)
    {
        try
        {
            var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = MostDepth, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
            return
            [
                .. Directory.EnumerateFiles(skill.Folder, "*", options).Take(MostListed * 10).Select(file => Path.GetRelativePath(skill.Folder, file))
                    .Where(file => Path.Combine(skill.Folder, file) != skill.File && !file.Split('/').Any(name => name is ".git" or "node_modules" or "__pycache__" or ".DS_Store"))
                    .Where(file => !SensitivePaths.HoldsSecrets(Path.Combine(skill.Folder, file))).Order(StringComparer.Ordinal).Take(MostListed),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
