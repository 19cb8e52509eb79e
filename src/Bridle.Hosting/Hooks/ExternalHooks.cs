using Bridle.Hooks;
using Bridle.Permissions;
using Bridle.Tools;

namespace Bridle.Hosting.Hooks;

/// <summary>
/// Makes the hooks of the kernel from what files declare. A hook runs as the person does, outside any confinement; but one that runs what is in the folder, where a confined
/// command can change it, is confined as that is (<see cref="HookBook.WhyInside"/>). All run in the session's own folder: in the folder of the call, which the model chooses, a relative name would be another file than the one that was approved. Disposing waits a moment for those that go on by themselves, then ends them and says which.
/// </summary>
internal sealed class ExternalHooks : IAsyncDisposable
{
    private readonly HookSurroundings _surroundings;
    private readonly HookPolicy _policy;
    private readonly HookHttp _http = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly List<(string Hook, Task Work)> _unattended = [];

    public ExternalHooks(HookBook book, HookPolicy policy, HookSurroundings surroundings)
    {
        (_surroundings, _policy) = (surroundings, policy);
        Set = new HookSet([.. book.Active.Select(Make)]);
    }

    /// <summary>The hooks.</summary>
    public HookSet Set { get; }

    /// <summary>Whether a hook hears of an occasion: its matcher and its rule.</summary>
    public static bool Concerns(DeclaredHook hook, HookOccasion occasion, PermissionsInForce permissions) =>
        (hook.Matcher.Fits(occasion.Subject) || GitAsCommand.Of(hook, occasion) is not null)
        && (hook.If is not { } rule || (occasion.Invocation is { } invocation && FitsRule(rule, invocation, GitAsCommand.Of(hook, occasion) is not null, permissions)));

    /// <summary>Calls a hook once. Where it may leave, and says that nobody need wait for its end, that comes later.</summary>
    public async ValueTask<HookRun> CallAsync(DeclaredHook hook, HookOccasion occasion, CancellationToken cancellationToken, bool mayLeave = false)
    {
        var input = HookInput.For(hook, occasion, _surroundings);
        var began = _surroundings.Time.GetTimestamp();
        var use = HookBook.UseOf(hook, _surroundings.Root, _policy);
        var isOpen = _surroundings.Confined is not null && HookBook.WhyInside(hook, use, _surroundings.Root, _policy) is not null;

        // What is left for later commands is read by a shell outside of the sandbox, so one that runs inside leaves nothing.
        var around = isOpen ? _surroundings with { Processes = _surroundings.Confined!(), EnvFolder = null } : _surroundings;
        var run = hook.File.IsOfProject && !_policy.IsApproved(HookBook.ContentOf(hook, use))
            ? new HookRun(null, "", "", "it, or a file that it runs, has changed since it was approved; look at it, then `bridle trust`")
            : hook.Broken is { } broken ? new HookRun(null, "", "", $"it cannot be used: {broken}")
            : hook.Type switch
            {
                HookType.Command when mayLeave => await HookCommand.RunOrLeaveAsync(hook, input, _surroundings.Root, around, _closing.Token, cancellationToken),
                HookType.Command => await HookCommand.RunAsync(hook, input, _surroundings.Root, around, cancellationToken),
                HookType.Http => await _http.RunAsync(hook, input, _policy, _surroundings, cancellationToken),
                _ => await HookPrompt.RunAsync(hook, input, occasion.Beside, _surroundings, cancellationToken),
            };
        return run with { Input = input, IsOpen = isOpen, Took = _surroundings.Time.GetElapsedTime(began) };
    }

    /// <summary>What a run means.</summary>
    public HookMeaning Understand(DeclaredHook hook, HookOccasion occasion, HookRun run) =>
        new HookOutput(hook, occasion.Invocation?.Tool?.Definition.Name ?? "") { Spill = _surroundings.Spill, HeardCommand = GitAsCommand.Of(hook, occasion) }.Read(run);

    /// <summary>How long the end of a session waits at most for hooks that go on by themselves; their own limits may end them sooner.</summary>
    public static TimeSpan MostAtEnd { get; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        (string Hook, Task Work)[] left;
        lock (_unattended)
        {
            left = [.. _unattended];
        }

        var all = Task.WhenAll(Array.ConvertAll(left, one => one.Work));
        if (left.Length > 0 && !all.IsCompleted)
        {
            await Task.WhenAny(all, Task.Delay(MostAtEnd, _surroundings.Time, _surroundings.Hurry));
            var running = left.Where(one => !one.Work.IsCompleted).Select(one => one.Hook).ToList();
            if (running.Count > 0)
            {
                var why = _surroundings.Hurry.IsCancellationRequested ? "" : $" The end of a session waits {MostAtEnd.TotalSeconds:0} s at most.";
                _surroundings.Say($"Still running at the end of the session and ended: {(running.Count is 1 ? "the hook" : "the hooks")} {string.Join(", ", running)}.{why}");
            }
        }

        await _closing.CancelAsync();
        await all;
        _http.Dispose();
        _closing.Dispose();
    }

    private Hook Make(DeclaredHook hook) => new(hook.Name, hook.Event.Name, (occasion, cancellationToken) => RunAsync(hook, occasion, cancellationToken))
    {
        Matches = occasion => Concerns(hook, occasion, _surroundings.Permissions),
        FailClosed = hook.BlocksOnFailure,
    };

    private async ValueTask<HookAnswer> RunAsync(DeclaredHook hook, HookOccasion occasion, CancellationToken cancellationToken)
    {
        if (hook.StatusMessage is { } status)
        {
            _surroundings.Notify(status);
        }

        if (hook.IsAsync)
        {
            // It may end when the turn has ended, so that it asks in the name of the session.
            return Leave(hook, occasion, async () => await CallAsync(hook, occasion with { Beside = null }, _closing.Token, mayLeave: true));
        }

        var run = await CallAsync(hook, occasion, cancellationToken, mayLeave: true);
        if (run.Rest is not null)
        {
            return Leave(hook, occasion, () => Task.FromResult(run));
        }

        var meaning = Understand(hook, occasion, run);
        Tell(meaning);
        return meaning.Answer;
    }

    private HookAnswer Leave(DeclaredHook hook, HookOccasion occasion, Func<Task<HookRun>> callAsync)
    {
        var work = Task.Run(() => RunUnattendedAsync(hook, occasion, callAsync), CancellationToken.None);
        lock (_unattended)
        {
            _unattended.RemoveAll(one => one.Work.IsCompleted);
            _unattended.Add((hook.Name, work));
        }

        return HookAnswer.None;
    }

    // Its decisions come too late; what it tells is told at the next step.
    private async Task RunUnattendedAsync(DeclaredHook hook, HookOccasion occasion, Func<Task<HookRun>> callAsync)
    {
        try
        {
            var run = await callAsync();
            var meaning = Understand(hook with { IsAsync = true }, occasion, run.Rest is { } rest ? await rest : run);
            Tell(meaning);
            if (meaning.Answer.Context is { } context)
            {
                Set.Leave(new HookNote(context, meaning.Answer.Spills));
            }
        }
        catch (Exception e)
        {
            if (!_closing.IsCancellationRequested)
            {
                _surroundings.Notify($"Hook {hook.Name}: failed ({e.GetType().Name}).");
            }
        }
    }

    private void Tell(HookMeaning meaning)
    {
        foreach (var notice in meaning.Notices)
        {
            _surroundings.Notify(notice);
        }

        if (meaning.WatchPaths.Count > 0)
        {
            _surroundings.Watch(meaning.WatchPaths);
        }
    }

    // Whatever the rule may speak of: a guard that is not asked guards nothing.
    private static bool FitsRule(string text, ToolInvocation invocation, bool isGitAsCommand, PermissionsInForce permissions)
    {
        if (PermissionRule.Parse(text, Verdict.Deny, new RuleSource(RuleLayer.User, "a hook")).Rule is not { } rule)
        {
            return true;
        }

        var call = CallReader.Read(invocation.Tool!.Definition, invocation.Input!, invocation.Scope.Files, invocation.Scope.WorkingDirectory);
        return rule.MaySpeakOf(call, permissions.Policy.Options) || (isGitAsCommand && rule.MaySpeakOf(call with { Tool = GitAsCommand.Tool }, permissions.Policy.Options));
    }
}
