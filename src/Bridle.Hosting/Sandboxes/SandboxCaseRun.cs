using System.Diagnostics;
using System.Text.Json;
using Bridle.Messages;
using Bridle.Sandboxing;

namespace Bridle.Hosting.Sandboxes;

/// <summary>
/// Runs one case for real: in a fresh workspace with a repository, confined by what the case's policy says. <c>deny</c> means that the operating system refused the
/// effect: the command failed, a system call of it was refused, or what it left running was ended with it.
/// </summary>
public sealed class SandboxCaseRun(ISandbox sandbox, string scratch, TimeProvider time)
{
    private const string Root = "/ws";
    private const int NotFound = 127;
    private const int LeftRunning = 75;
    private const int BadSystemCall = 128 + 31;
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_standIn = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_killed = TimeSpan.FromSeconds(2);

    // Counts, without starting anything, what the command left running. More than once: what starts others and ends at once is gone before it is looked at, and they came after the list. Of a machine whose processes are all seen, only those inside show their program.
    private const string Counting = "n() { n=0; for p in /proc/[0-9]*; do [ -e $p/exe ] && n=$((n+1)); done; }; n; before=$n; bash -c \"$1\"; c=$?; for i in {1..20}; do n; [ $n -gt $before ] && exit 75; done; exit $c";

    /// <summary>Runs it.</summary>
    public async Task<SandboxCaseResult> RunAsync(SandboxCase one, CancellationToken cancellationToken)
    {
        if (one.ByTest)
        {
            return new(one, null, "it needs a state that a test sets up");
        }

        if (one.Tool is "Http")
        {
            return AskProxy(one);
        }

        if (one.Tool is not "Bash" || one.Input.ValueKind is not JsonValueKind.String)
        {
            return new(one, null, $"the tool {one.Tool} is not one of Bash and Http");
        }

        var folder = Path.Combine(scratch, one.Id);
        try
        {
            return await RunCommandAsync(one, folder, cancellationToken);
        }
        catch (ToolException refused)
        {
            return new(one, "error", refused.Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<SandboxCaseResult> RunCommandAsync(SandboxCase one, string folder, CancellationToken cancellationToken)
    {
        var workspace = Prepare(one, folder);
        var command = Placed(one.Input.GetString()!, workspace);
        var profile = Profile(one, folder, workspace);
        var hasLimit = one.Policy.TryGetProperty("timeout_s", out _);
        var tried = await ScratchRun.RunAsync(sandbox, profile, ["bash", "-c", Counting, "bash", command], workspace, hasLimit ? s_standIn : s_longest, time, cancellationToken);
        if (tried.Code is null)
        {
            return tried.EndedAfter <= s_killed
                ? new(one, "error", $"ended at its time limit, with all it had started, within {tried.EndedAfter.TotalMilliseconds:0} ms")
                : new(one, "allow", $"ended at its time limit, but only after {tried.EndedAfter.TotalSeconds:0.0} s");
        }

        var last = tried.Output.Trim().Split('\n')[^1];
        if (tried.Output.Contains("[The sandbox failed this command", StringComparison.Ordinal))
        {
            return new(one, "error", last);
        }

        if (tried.Code is NotFound)
        {
            return new(one, null, $"a program it needs is missing: {last}");
        }

        if (tried.Code is not 0)
        {
            return new(one, "deny", tried.Code is LeftRunning ? "what it left running was ended with it" : $"exit code {tried.Code}: {last}");
        }

        // A program may make nothing of a refused call; one more run with a filter that ends it instead shows whether there was one.
        var again = await ScratchRun.RunAsync(sandbox, profile with { KillsOnRefusedCall = true }, ["bash", "-c", command], workspace, s_longest, time, cancellationToken);
        return again.Code is BadSystemCall ? new(one, "deny", "a system call of it was refused") : new(one, "allow", "exit code 0");
    }

    private static SandboxCaseResult AskProxy(SandboxCase one)
    {
        var profile = one.Policy.GetProperty("sandbox_profile");
        var rules = new DomainRules([.. Texts(profile, "allow_domains").Select(text => DomainRule.Parse(text, "the case", out _)).OfType<DomainRule>()], []);
        var target = one.Input.TryGetProperty("target", out var given) ? given.GetString()! : $"{one.Input.GetProperty("hostname").GetString()}:443";
        var colon = target.LastIndexOf(':');
        var verdict = rules.Judge(target[..colon], int.Parse(target[(colon + 1)..], System.Globalization.CultureInfo.InvariantCulture));
        return new(one, verdict.Host is null ? "error" : verdict.Rule is null ? "deny" : "allow", verdict.Reason);
    }

    private static string Prepare(SandboxCase one, string folder)
    {
        var workspace = Path.Combine(folder, "ws");
        Directory.CreateDirectory(workspace);
        using var git = Process.Start(new ProcessStartInfo("git", ["init", "-q", workspace]) { RedirectStandardError = true });
        git?.WaitForExit();
        foreach (var step in one.Setup?.EnumerateArray().ToList() ?? [])
        {
            SetUp(step, folder);
        }

        return workspace;
    }

    // "/" of a case is its scratch folder.
    private static void SetUp(JsonElement step, string folder)
    {
        string Inside(string path) => Path.Combine(folder, path.TrimStart('/'));
        string? Of(string key) => step.TryGetProperty(key, out var value) ? value.GetString() : null;

        var place = Inside((Of("mkdir") ?? Of("file") ?? Of("link") ?? Of("hardlink") ?? Of("fifo"))!);
        Directory.CreateDirectory(Of("mkdir") is null ? Path.GetDirectoryName(place)! : place);
        if (Of("file") is not null)
        {
            File.WriteAllText(place, Of("text") ?? "");
        }
        else if (Of("link") is not null)
        {
            var to = Of("to")!;
            File.CreateSymbolicLink(place, to.StartsWith('/') ? Inside(to) : to);
        }
        else if (Of("hardlink") is not null || Of("fifo") is not null)
        {
            using var made = Process.Start(Of("fifo") is null ? new ProcessStartInfo("ln", [Inside(Of("to")!), place]) : new ProcessStartInfo("mkfifo", [place]));
            made?.WaitForExit();
        }
    }

    private static SandboxProfile Profile(SandboxCase one, string folder, string workspace)
    {
        var given = one.Policy.TryGetProperty("sandbox_profile", out var profile) ? profile : default;
        var written = Texts(given, "write").Select(path => Placed(path, workspace)).Where(path => path != workspace).ToList();
        return new()
        {
            Workspace = workspace,
            Writable = written,
            Protected = [.. Texts(given, "protected").Select(path => Placed(path, workspace)).Select(path => new ProtectedPath(path, Directory.Exists(path) || Path.GetExtension(path) is not ".json"))],
            Limits = SandboxLimits.Default with { Processes = 128, FileSize = 16L << 20 },
            GitWrite = one.Policy.TryGetProperty("git_write", out var git) && git.ValueKind is JsonValueKind.True,
            TemporaryFolder = Path.Combine(folder, "tmp"),
            EmptyFile = Path.Combine(folder, "empty"),
            Environment = new Dictionary<string, string>
            {
                // Without it bash asks the machine's name service over a Unix socket, which is a refused call and none of the case.
                ["SHELL"] = "/bin/bash",
                ["GIT_AUTHOR_NAME"] = "case", ["GIT_AUTHOR_EMAIL"] = "case@example.com", ["GIT_COMMITTER_NAME"] = "case", ["GIT_COMMITTER_EMAIL"] = "case@example.com",
            },
        };
    }

    private static IEnumerable<string> Texts(JsonElement holder, string key) =>
        holder.ValueKind is JsonValueKind.Object && holder.TryGetProperty(key, out var list) && list.ValueKind is JsonValueKind.Array ? list.EnumerateArray().Select(one => one.GetString()!) : [];

    private static string Placed(string text, string workspace) =>
        text == Root ? workspace : text.Replace($"{Root}/", $"{workspace}/", StringComparison.Ordinal);
}
