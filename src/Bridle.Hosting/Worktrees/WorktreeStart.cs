using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bridle.Events;
using Bridle.Hosting.Trust;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Tools.Git;
using Bridle.Workspaces;

namespace Bridle.Hosting.Worktrees;

/// <summary>What a request is once its worktree is there.</summary>
/// <param name="Request">The request, for work in the worktree.</param>
/// <param name="Worktree">The worktree, or null when none was asked for.</param>
/// <param name="Refused">Why there is none though one was asked for; nothing may be started then.</param>
public sealed record WorktreeStart(HarnessRequest Request, Worktree? Worktree, HarnessRefused? Refused)
{
    private const int MostName = 64;

    /// <summary>
    /// Makes the worktree that a flag or a setting asks for, or finds the one of the same name; a session that goes on stays where it began. Changes nothing when
    /// none is asked for.
    /// </summary>
    public static async Task<WorktreeStart> OpenAsync(HarnessRequest request, CancellationToken cancellationToken)
    {
        var folders = BridleFolders.For(request.Environment);
        if (request.SessionName is { } session && (request.Worktree is not null || Directory.Exists(folders.Worktrees)) && Began(folders, session) is { } began)
        {
            return request.Worktree is null ? new(request, Worktrees.Worktree.At(began, folders), null)
                : Refuse(request, $"The session '{session}' goes on where it began, so --worktree has no place.", "Leave out --worktree.");
        }

        // What is wrong with the settings is said by what starts the session.
        if (request.Resume || (request.Worktree is null && HostFiles.Read(request) is not { Problem: null, Layers.Effective.Worktree: true }))
        {
            return new(request, null, null);
        }

        var name = request.Worktree is { Length: > 0 } given ? given
            : string.Create(CultureInfo.InvariantCulture, $"{request.Time.GetUtcNow():yyyyMMdd-HHmmss}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}");
        if (!IsName(name))
        {
            return Refuse(request, $"'{name}' cannot be the name of a worktree.", "Use letters, digits, '.', '_' and '-'; a task goes after a name or after --, as in --worktree fix -- \"…\".");
        }

        try
        {
            if (HostFiles.Read(request) is { Problem: null } files && await WorktreeHooks.MakeAsync(request, files, name, cancellationToken) is var (folder, problem) && (folder ?? problem) is not null)
            {
                return folder is null ? Refuse(request, problem!, "`bridle hooks list` shows the hooks.") : new(request with { Folder = folder }, new Worktree(folder, request.Folder, "") { Time = request.Time }, null);
            }

            return await MakeAsync(request, folders, name, cancellationToken);
        }
        catch (ToolException impossible)
        {
            return Refuse(request, $"No worktree can be made. {impossible.Message}", "Leave out --worktree, or the setting worktree.");
        }
    }

    private static async Task<WorktreeStart> MakeAsync(HarnessRequest request, BridleFolders folders, string name, CancellationToken cancellationToken)
    {
        // git runs here as the person does: never one that a confined program has put into a folder of PATH.
        List<string> writable = [.. HostFiles.Read(request) is { Problem: null } files ? PersonsPath.WritableTo(files) : [request.Folder]];
        var processes = new PersonsPrograms(new LocalProcesses(), new PersonsPath(writable));
        Task<(int Code, string Output)> GitAsync(string verb, params string[] arguments) => TrustedGit.RunAsync(processes, request.Folder, verb, arguments, request.Time, cancellationToken);

        if (!Directory.Exists(request.Folder) || await GitAsync("rev-parse", "--path-format=absolute", "--show-toplevel", "--git-common-dir", "--show-prefix") is not (0, var said))
        {
            return Refuse(request, $"{request.Folder} is not in a git repository, so there is nothing to make a worktree of.", "Leave out --worktree (or the setting worktree), or make a repository with a commit first.");
        }

        var lines = said.Split('\n');
        var (main, common, prefix) = (lines[0], lines[1], lines.ElementAtOrDefault(2) ?? "");
        if ((await GitAsync("rev-parse", "--verify", "--quiet", "HEAD^{commit}")).Code != 0)
        {
            return Refuse(request, $"The repository {main} has no commit yet, so there is nothing to make a worktree of.", "Commit something first, or leave out --worktree.");
        }

        var place = Path.Combine(folders.Worktrees, $"{Path.GetFileName(main)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(common)))[..8]}");
        var worktree = new Worktree(Path.Combine(place, name), main, Worktrees.Worktree.BranchPrefix + name) { Writable = writable, Time = request.Time };
        if (Path.Exists(worktree.Folder))
        {
            return LinkedWorktree.Of(worktree.Folder)?.CommonFolder == common ? Placed(request, worktree, prefix)
                : Refuse(request, $"{worktree.Folder} is there and is no worktree of {main}.", "Remove it, or choose another name.");
        }

        BridleFolders.CreatePrivate(folders.Worktrees);
        BridleFolders.CreatePrivate(place);
        var exists = (await GitAsync("rev-parse", "--verify", "--quiet", $"refs/heads/{worktree.Branch}")).Code == 0;
        var (made, problem) = exists
            ? await GitAsync("worktree", "add", "--quiet", worktree.Folder, worktree.Branch)
            : await GitAsync("worktree", "add", "--quiet", "-b", worktree.Branch, worktree.Folder, "HEAD");
        return made == 0 ? Placed(request, worktree, prefix) : Refuse(request, $"git could not make the worktree: {problem.Trim()}", "Choose another name, or leave out --worktree.");
    }

    private static WorktreeStart Placed(HarnessRequest request, Worktree worktree, string prefix)
    {
        var inside = Path.TrimEndingDirectorySeparator(Path.Combine(worktree.Folder, prefix));
        return new(request with { Folder = Directory.Exists(inside) ? inside : worktree.Folder }, worktree, null);
    }

    private static string? Began(BridleFolders folders, string session)
    {
        var store = new SessionStore(folders.Data, folders.State);
        if (!store.Exists(session))
        {
            return null;
        }

        var opened = store.Read(session);
        try
        {
            return opened.Journal.Read().Select(record => record.Event).OfType<SessionStarted>().FirstOrDefault()?.WorkingDirectory;
        }
        finally
        {
            opened.Journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static bool IsName(string name) =>
        name.Length <= MostName && char.IsAsciiLetterOrDigit(name[0]) && name.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '.' or '_' or '-')
        && !name.Contains("..", StringComparison.Ordinal) && !name.EndsWith('.') && !name.EndsWith(".lock", StringComparison.Ordinal);

    private static WorktreeStart Refuse(HarnessRequest request, string message, string advice) => new(request, null, new("usage", message, advice));
}
