using System.Text;
using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Tools.Git;

/// <summary>Questions to git about one repository at one moment.</summary>
internal sealed class GitLook
{
    private const int MostSeconds = 30;
    private const int MostBytes = 16 << 20;
    private readonly IProcesses _processes;
    private readonly TimeProvider _time;
    private readonly string _folder;
    private IReadOnlyList<string> _overrides = [];

    private GitLook(IProcesses processes, string folder, TimeProvider time) => (_processes, _folder, _time) = (processes, folder, time);

    /// <summary>The top folder of the work tree; null where there is no repository, so that a command of git does nothing.</summary>
    public string? Top { get; private set; }

    /// <summary>Begins; null where git does not say what it would have to. Throws <see cref="ToolException"/> when it cannot be started or does not end.</summary>
    public static GitLook? Begin(IProcesses processes, string folder, TimeProvider time)
    {
        var look = new GitLook(processes, folder, time);
        var (code, output, error) = look.Run(folder, GitArguments.For("rev-parse", ["--show-toplevel"], []));
        if (code != 0)
        {
            return error.Contains("not a git repository", StringComparison.Ordinal) ? look : null;
        }

        look.Top = output.TrimEnd('\n');
        (code, output, _) = look.Run(folder, GitArguments.Listing);
        var (overrides, refusal) = GitArguments.Of(output);
        look._overrides = overrides;
        return code == 0 && refusal is null && look.Top.Length > 0 ? look : null;
    }

    /// <summary>A name that git gave, as an absolute path.</summary>
    public string Full(string name) => $"{Top!.TrimEnd('/')}/{name}";

    /// <summary>What git lists in the top folder, split at zero bytes; null when it fails.</summary>
    public IReadOnlyList<string>? Lines(string verb, params IEnumerable<string> arguments) => Lines(Top!, verb, arguments);

    /// <summary>The same in the folder of the command.</summary>
    public IReadOnlyList<string>? LinesHere(string verb, params IEnumerable<string> arguments) => Lines(_folder, verb, arguments);

    /// <summary>The full name of the commit that a word means, or null.</summary>
    public string? Commit(string word) =>
        word is [not '-', ..] && !word.Contains('\0') && Run(_folder, GitArguments.For("rev-parse", ["--verify", "--quiet", $"{word}^{{commit}}"], _overrides)) is (0, var name, _) && name.Trim() is { Length: >= 40 } found ? found : null;

    private string[]? Lines(string folder, string verb, IEnumerable<string> arguments) =>
        Run(folder, GitArguments.For(verb, [.. arguments], _overrides)) is (0, var output, _) ? output.Split('\0', StringSplitOptions.RemoveEmptyEntries) : null;

    private (int Code, string Output, string Error) Run(string folder, IReadOnlyList<string> arguments) => Task.Run(() => RunAsync(folder, arguments)).GetAwaiter().GetResult();

    private async Task<(int Code, string Output, string Error)> RunAsync(string folder, IReadOnlyList<string> arguments)
    {
        var (output, error) = (new MemoryStream(), new MemoryStream());
        await using var git = _processes.Start(new ProcessSpec("git", arguments, folder)
        {
            Environment = new Dictionary<string, string>(GitArguments.Variables) { ["GIT_OPTIONAL_LOCKS"] = "0", ["LC_ALL"] = "C" },
            OnOutput = chunk =>
            {
                var stream = chunk.IsError ? error : output;
                stream.Write(stream.Length > MostBytes ? default : chunk.Bytes.Span);
            },
        });
        try
        {
            var code = await git.Exit.WaitAsync(TimeSpan.FromSeconds(MostSeconds), _time);
            return output.Length > MostBytes ? throw new ToolException("git lists more than can be looked at.") : (code, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
        }
        catch (TimeoutException)
        {
            await git.KillAsync();
            throw new ToolException($"git did not end within {MostSeconds} s and was ended.");
        }
    }
}
