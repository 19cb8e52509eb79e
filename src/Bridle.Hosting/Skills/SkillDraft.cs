using System.Text;
using Bridle.Skills;

namespace Bridle.Hosting.Skills;

/// <summary>Begins a skill: a folder with a <c>SKILL.md</c> that is valid from the first moment on.</summary>
public static class SkillDraft
{
    private const string Described = "Say here what it does and when to use it: use when the person asks for it by name.";

    /// <summary>Makes it, and gives its file; or why not. Nothing that is there is changed.</summary>
    /// <param name="skills">The folder of skills.</param>
    /// <param name="name">The name.</param>
    /// <param name="description">What it is for, or null for words to be replaced.</param>
    public static (string? File, string? Problem) Make(string skills, string name, string? description)
    {
        if (SkillCheck.OfName(name) is { } wrong || name.Length is 0)
        {
            return (null, name.Length is 0 ? "A skill needs a name." : SkillCheck.OfName(name));
        }

        var line = SkillReading.Line(description ?? Described);
        if (line.Length is 0 or > SkillCheck.MostDescription)
        {
            return (null, $"The description has {line.Length} characters; 1 to {SkillCheck.MostDescription} are allowed.");
        }

        var file = Path.Combine(skills, name, "SKILL.md");
        var isMade = false;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            using var made = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
            isMade = true;
            made.Write(Encoding.UTF8.GetBytes($"---\nname: {name}\ndescription: \"{line.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"\n---\n\n# {name}\n\n1. Say here, step by step, how the task is done.\n2. Put what is seldom needed into files beside this one and name them here.\n"));
            return (file, null);
        }
        catch (IOException) when (!isMade && File.Exists(file))
        {
            return (null, $"There is a skill '{name}' already: {file}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            RemoveHalf(file, isMade);
            return (null, $"The skill '{name}' cannot be written: {e.Message}");
        }
    }

    // As on a full disk: an empty skill would be found, and be in the way of the next try.
    private static void RemoveHalf(string file, bool isMade)
    {
        try
        {
            if (isMade)
            {
                File.Delete(file);
            }

            Directory.Delete(Path.GetDirectoryName(file)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What else is in its folder stays.
        }
    }
}
