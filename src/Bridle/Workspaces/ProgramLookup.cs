using Bridle.Messages;

namespace Bridle.Workspaces;

/// <summary>Finds the program that a spec names, so that the text of a failure can say what is wrong.</summary>
internal static class ProgramLookup
{
    private const int MayRun = 1;

    /// <summary>The absolute path of the program. A name without a slash is looked up on PATH; entries that are not absolute are passed over.</summary>
    public static string Find(ProcessSpec spec, string? searched)
    {
        if (spec.Program.Length == 0 || spec.Program.Contains('\0', StringComparison.Ordinal) || spec.Arguments.Any(one => one.Contains('\0', StringComparison.Ordinal)))
        {
            throw new ToolException("The program was not started: its name is empty, or an argument holds a zero byte.");
        }

        if (!Directory.Exists(spec.WorkingDirectory))
        {
            throw new ToolException($"{spec.Program} was not started: the working directory {spec.WorkingDirectory} does not exist.");
        }

        if (spec.Program.Contains('/', StringComparison.Ordinal))
        {
            return Runnable(Path.Combine(spec.WorkingDirectory, spec.Program), spec.Program);
        }

        string? refused = null;
        foreach (var folder in (searched ?? "").Split(':'))
        {
            var candidate = Path.Combine(folder, spec.Program);
            if (Path.IsPathFullyQualified(folder) && File.Exists(candidate))
            {
                if (LinuxProcessCalls.Access(candidate, MayRun) == 0)
                {
                    return candidate;
                }

                refused ??= candidate;
            }
        }

        throw new ToolException(refused is null
            ? $"The program {spec.Program} was not found on PATH. Check its name, or install it."
            : $"{refused} is there but may not be executed.");
    }

    /// <summary>Whether a program is there, without starting it.</summary>
    public static (bool Found, string Detail) Look(string program, string? searched, string otherwise)
    {
        try
        {
            return (true, $"{Find(new ProcessSpec(program, [], "/") { OnOutput = _ => { } }, searched)}, untried");
        }
        catch (ToolException missing)
        {
            return (false, $"{missing.Message} {otherwise}");
        }
    }

    private static string Runnable(string path, string named)
    {
        if (Directory.Exists(path))
        {
            throw new ToolException($"{named} is a folder, not a program.");
        }

        if (!File.Exists(path))
        {
            throw new ToolException($"The program {named} does not exist.");
        }

        return LinuxProcessCalls.Access(path, MayRun) == 0 ? path : throw new ToolException($"{named} is there but may not be executed. It may need chmod +x, or to be started through its interpreter.");
    }
}
