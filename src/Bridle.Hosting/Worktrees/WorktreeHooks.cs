using System.Text.Json;
using System.Text.Json.Nodes;
using Bridle.Hooks;
using Bridle.Hosting.Assembly;
using Bridle.Hosting.Hooks;
using Bridle.Hosting.Trust;
using Bridle.Permissions;
using Bridle.Workspaces;

namespace Bridle.Hosting.Worktrees;

/// <summary>Lets hooks of <c>WorktreeCreate</c> make the folder that a session works in, in place of a git worktree: for repositories of another kind.</summary>
internal static class WorktreeHooks
{
    /// <summary>The folder that they made, or why there is none. Both are null where no hook hears of it.</summary>
    public static async Task<(string? Folder, string? Problem)> MakeAsync(HarnessRequest request, HostFiles files, string name, CancellationToken cancellationToken)
    {
        var (book, policy) = HookFiles.Read(files);
        var hooks = book.Active.Where(hook => hook.Event.Name is HookEvents.WorktreeCreate).ToList();
        if (hooks.Count == 0)
        {
            return (null, null);
        }

        var root = files.Trust.Folder;
        await using var external = new ExternalHooks(book, policy, new HookSurroundings
        {
            Session = request.SessionName ?? "", Root = root, Processes = new PersonsPrograms(new LocalProcesses(), PersonsPath.For(files)), Variables = KnownSecrets.WithoutKeys(files),
            Permissions = new PermissionsInForce(new PolicyOptions { Root = root, Home = files.Environment.Home, HarnessFolders = [files.Folders.Data, files.Folders.State, files.Folders.Config] }),
            Variable = variable => files.Environment[variable], Time = request.Time,
        });
        var occasion = new HookOccasion(HookEvents.WorktreeCreate) { Facts = new JsonObject { ["name"] = name } };
        var place = new HookFolder(files, name, request.Time.GetUtcNow());
        var runs = await Task.WhenAll(hooks.Select(hook => external.CallAsync(hook, occasion, cancellationToken).AsTask()));
        string? first = null;
        foreach (var (hook, run) in hooks.Zip(runs))
        {
            var (folder, problem) = WhyNot(hook, run) is { } failed ? (null, failed) : place.Take(NamedIn(hook, run.Output));
            if (folder is null)
            {
                return (null, $"The hook {hook.Name} made no worktree: {problem}");
            }

            first ??= folder;
        }

        return (first, null);
    }

    private static string? NamedIn(DeclaredHook hook, string output) =>
        hook.Type is HookType.Http ? PathOf(output) : output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();

    private static string? PathOf(string body)
    {
        try
        {
            return JsonNode.Parse(body) is JsonObject json && (json["worktreePath"] ?? (json["hookSpecificOutput"] as JsonObject)?["worktreePath"]) is JsonValue value && value.TryGetValue(out string? path) ? path : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? WhyNot(DeclaredHook hook, HookRun run)
    {
        var said = run.Error.Trim().Split('\n')[0];
        return run.Failure is { } failure ? failure
            : hook.Type is HookType.Http || run.ExitCode is 0 ? null
            : $"exit code {run.ExitCode}{(said.Length > 0 ? $": {(said.Length > 300 ? said[..300] : said)}" : "")}";
    }
}
