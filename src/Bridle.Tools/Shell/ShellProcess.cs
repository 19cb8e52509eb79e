using System.Text;
using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Tools.Shell;

/// <summary>How a command line becomes a process: bash where there is one, else the POSIX shell.</summary>
internal static class ShellProcess
{
    /// <summary>Linux takes at most 128 KiB in one argument.</summary>
    private const int MostBytes = 120 * 1024;

    /// <summary>What the model is told where bash is not installed: it writes for bash unless told.</summary>
    public const string PlainNote = "[bash is not installed here: commands run in sh, which knows no arrays, no [[ ]], no <( ) and no {a,b}. Write them for sh.]\n";

    /// <summary>Starts it, and says whether it was the POSIX shell. <paramref name="start"/> gets the spec with each shell in turn until one starts.</summary>
    public static (T Started, bool IsPlain) Start<T>(string script, string folder, Action<OutputChunk> take, Func<ProcessSpec, T> start)
    {
        if (Encoding.UTF8.GetByteCount(script) > MostBytes)
        {
            throw new ToolException("The command is too long. Write it to a script file and run that.");
        }

        if (script.Contains('\0'))
        {
            throw new ToolException("A command cannot hold NUL characters.");
        }

        var spec = new ProcessSpec("bash", ["-c", script], folder) { OnOutput = take };
        try
        {
            return (start(spec), false);
        }
        catch (ToolException withoutBash)
        {
            try
            {
                return (start(spec with { Program = "sh" }), true);
            }
            catch (ToolException)
            {
                throw withoutBash;
            }
        }
    }

    /// <summary>The folder commands run in: the working directory, or the workspace root when that is gone.</summary>
    public static string Folder(CallScope scope) =>
        scope.Files.Resolve(scope.WorkingDirectory, scope.Files.Root).Kind is FileKind.Directory ? scope.WorkingDirectory : scope.Files.Root;
}
