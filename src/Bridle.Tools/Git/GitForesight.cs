using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Workspaces;

namespace Bridle.Tools.Git;

/// <summary>
/// Asks git itself what a command of it would change, with nothing of the repository taking part and nothing written. What is not known for certain (an option, a setting, a file that git
/// would have to look for under another name) makes the whole answer "unknown". Blocks until git has answered, half a minute at most.
/// </summary>
/// <param name="processes">The door to processes of the moment.</param>
/// <param name="time">The clock.</param>
public sealed class GitForesight(Func<IProcesses> processes, TimeProvider time) : IGitForesight
{
    /// <inheritdoc/>
    public GitChange Of(string folder, IReadOnlyList<string> words)
    {
        try
        {
            if (GlobalsOf(folder, words) is not var (inside, verb))
            {
                return Unknown(folder);
            }

            if (GitLook.Begin(processes(), inside, time) is not { } look)
            {
                return Unknown(inside);
            }

            return look.Top is null ? GitChange.Nothing
                : GitForeseenVerbs.FilesOf(look, words[verb], [.. words.Skip(verb + 1)]) is { } files ? new(true, look.Top, [.. files.Distinct().Select(look.Full)])
                : Unknown(look);
        }
        catch (ToolException)
        {
            return Anything(folder);
        }
    }

    /// <inheritdoc/>
    public GitChange Unknown(string folder)
    {
        try
        {
            return GitLook.Begin(processes(), folder, time) is { } look ? look.Top is null ? GitChange.Nothing : Unknown(look) : Anything(folder);
        }
        catch (ToolException)
        {
            return Anything(folder);
        }
    }

    private static GitChange Unknown(GitLook look) => look.Lines("ls-files", "-z", "--cached") is { } files && look.Lines("ls-files", "-z", "--others") is { } others
        ? new(false, look.Top!, [.. files.Distinct().Select(look.Full)]) { Others = [.. others.Select(look.Full)] }
        : Anything(look.Top!);

    private static GitChange Anything(string folder) => new(false, folder, []) { Others = [$"{folder.TrimEnd('/')}/"] };

    // Where it works, and which word is its verb; null where something before the verb may change what git does.
    private static (string Folder, int Verb)? GlobalsOf(string folder, IReadOnlyList<string> words)
    {
        for (var i = 1; i < words.Count; i++)
        {
            if (words[i] is "-C" && i + 1 < words.Count)
            {
                folder = Path.GetFullPath(words[++i], folder);
            }
            else if (words[i] is not ['-', ..])
            {
                return (folder, i);
            }
            else if (words[i] is not ("--no-pager" or "-P" or "--no-optional-locks"))
            {
                return null;
            }
        }

        return null;
    }
}
