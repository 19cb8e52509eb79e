using System.Collections.Concurrent;
using Bridle.Events;
using Bridle.Hooks;
using Bridle.Hosting.Hooks;
using Bridle.Hosting.Instructions;
using Bridle.Hosting.Trust;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Permissions;
using Bridle.Sandboxing;
using Bridle.Sessions;
using Bridle.Workspaces;

namespace Bridle.Hosting.Assembly;

/// <summary>The hooks of one session, from the files to its end.</summary>
internal sealed class HookAssembly : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, string> _variables = new();
    private readonly HookSurroundings _surroundings;
    private readonly ExternalHooks _external;
    private readonly HookBook _book;
    private readonly HostFiles _files;
    private readonly string? _setup;
    private SessionHooks? _session;
    private readonly List<string> _toWatch = [];
    private readonly SemaphoreSlim _taking = new(1, 1);
    private string? _envFolder;

    /// <summary>Reads what is declared. Runs nothing.</summary>
    public HookAssembly(HarnessRequest request, HostFiles files, OpenLog log, PermissionsInForce inForce, SandboxInForce sandbox, AskingBeside beside, Func<string?, CancellationToken, Task<IModel?>> findModel, Func<string, bool, SpilledText?> keep)
    {
        var (book, policy) = HookFiles.Read(files);
        (_book, _files, _setup) = (book, files, request.Setup);
        var hasEnvFile = book.Active.Any(hook => hook.Event.HasEnvFile && hook.Type is HookType.Command);
        _envFolder = hasEnvFile ? Path.Combine(files.Folders.State, "hooks", Guid.NewGuid().ToString("N")) : null;
        _surroundings = new HookSurroundings
        {
            Session = log.Name,
            Transcript = log.Path,
            Root = files.Trust.Folder,
            Permissions = inForce,
            Processes = request.Workspace?.Processes ?? new PersonsPrograms(new LocalProcesses(), PersonsPath.For(files)),
            Confined = ConfinedFor(request.Workspace?.Processes ?? new LocalProcesses(), sandbox, inForce),
            Variables = KnownSecrets.WithoutKeys(files),
            Variable = name => files.Environment[name],
            AskModel = async (question, wanted, ofRun, token) => await HookModel.AskAsync(await findModel(wanted, token) ?? throw new HookModelException($"there is no model '{wanted}'"), question, ofRun ?? beside, token),
            EnvFolder = _envFolder,
            TakeVariables = TakeVariablesAsync,
            Spill = keep,
            Time = request.Time, Hurry = request.Hurry, Say = text => (request.Warn ?? _surroundings!.Notify)(text),
        };
        _surroundings.Watch = paths =>
        {
            lock (_toWatch)
            {
                _toWatch.AddRange(paths);
            }
        };
        Notices = [.. NoticesOf(book, files.Trust.Folder), .. _surroundings.Confined is null ? [] : InsideOf(book)];
        _external = new ExternalHooks(book, policy, _surroundings);
    }

    // A project's hook says so where it is approved; a person's own runs as the person nearly always. What is not there to be run needs no word.
    private static IEnumerable<string> InsideOf(HookBook book)
    {
        var inside = book.Hooks.Where(one => one is { Standing: HookStanding.Active, File.IsOfProject: false, Inside: not null } && (one.Use.Runs.Count > 0 || one.Use.Missing.Count == 0)).ToList();
        return inside.Count == 0 ? []
            : [$"{(inside.Count == 1 ? "A hook" : $"{inside.Count} hooks")} of your own {(inside.Count == 1 ? "runs" : "run")} inside the sandbox here: {inside[0].Place} in {inside[0].File.Path} {inside[0].Inside}. `bridle hooks list` shows all."];
    }

    /// <summary>The door for hooks that run what is in the folder: as for a command that nobody was asked about. Null where nothing is confined. Made for each that runs, so that a start pays for none of it.</summary>
    internal static Func<IProcesses>? ConfinedFor(IProcesses processes, SandboxInForce sandbox, PermissionsInForce inForce) =>
        sandbox.IsOn ? () => sandbox.Confine(processes, sandbox.Plan, reach: [], guard: new GuardedWorkspace(inForce, Unasked: true, HidesSecrets: true)) : null;

    /// <summary>The hooks.</summary>
    public HookSet Set => _external.Set;

    /// <summary>What a person should know about hooks that do not run, one line each.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>What the hooks left for programs that calls start; filled when the session begins.</summary>
    public IReadOnlyDictionary<string, string> Variables => _variables;

    /// <summary>The approver, with hooks told when a person is waited for.</summary>
    public IApprover Around(IApprover approver) => approver is NobodyThere || !Set.Hears(HookEvents.Notification) ? approver
        : new NotifyingApprover(approver, (type, message, token) => _session?.NotifyAsync(type, message, token) ?? ValueTask.CompletedTask);

    /// <summary>The session begins. Why it must not, or null.</summary>
    public async Task<string?> BeginAsync(SessionEvents events, IModel model, ContextAssembly told, CancellationToken cancellationToken)
    {
        _surroundings.Notify = text => events.Show(RunId.Session, new NoticeShown(text));
        _session = new SessionHooks(Set, events);
        var refusal = _setup is { } trigger && Set.Hears(HookEvents.Setup) ? await _session.SetupAsync(trigger, cancellationToken) : null;
        refusal ??= await _session.StartAsync(events.Transcript.Runs > 0 ? "resume" : "startup", model.Info.FullName, cancellationToken);
        if (_session.ReloadsSkills)
        {
            told.ReloadSkills();
        }

        refusal ??= await TellBeginningAsync(events.Transcript, model, told, cancellationToken);
        WatchChanges(told);
        return refusal;
    }

    /// <summary>What a hook of the start wants the model to be told first in a new session, or null.</summary>
    public string? FirstMessage => _session?.FirstMessage;

    // What was true before anybody spoke: the model that answered before, and what the prompt holds. Why the session must not begin, or null.
    private async Task<string?> TellBeginningAsync(Transcript transcript, IModel model, ContextAssembly told, CancellationToken cancellationToken)
    {
        string? refusal = null;
        if (Set.Hears(HookEvents.PostModelSwitch) && transcript.Model is { } before && before != model.Info.FullName)
        {
            refusal = await _session!.SwitchedAsync(new ModelSwitch(before, model.Info, model.Info.FullName, "resume", transcript.LastReply?.Usage is { } usage ? usage.Input + usage.CacheRead + usage.CacheWrite : 0), cancellationToken);
        }

        foreach (var load in Set.Hears(HookEvents.InstructionsLoaded) ? told.Found.Files.SelectMany(file => InstructionLoad.Of(file, "session_start", null)) : [])
        {
            refusal = await _session!.HearAsync(load.Occasion, cancellationToken) ?? refusal;
        }

        return refusal;
    }

    private void WatchChanges(ContextAssembly told)
    {
        if (!Set.Hears(HookEvents.FileChanged) && !Set.Hears(HookEvents.ConfigChange))
        {
            return;
        }

        var watched = new WatchedChanges(_book, _files, told.Skills) { Notify = _surroundings.Notify };
        watched.Watch(_toWatch);
        _surroundings.Watch = watched.Watch;
        Set.Look = watched.Look;
    }

    // One after another: a later one may add to what an earlier one set.
    private async Task TakeVariablesAsync(string file, CancellationToken cancellationToken)
    {
        await _taking.WaitAsync(cancellationToken);
        try
        {
            foreach (var (name, value) in await EnvFile.ReadAsync(file, new Dictionary<string, string>(_variables), _surroundings.Root, _surroundings.Processes, _surroundings.Time, cancellationToken))
            {
                _variables[name] = value;
            }
        }
        finally
        {
            _taking.Release();
        }
    }

    /// <summary>The session is closed.</summary>
    public async Task EndAsync(string reason, Action<string>? warn)
    {
        try
        {
            await (_session?.EndAsync(reason, CancellationToken.None) ?? ValueTask.CompletedTask);
        }
        catch (JournalException broken)
        {
            warn?.Invoke($"The end of the session could not be written down: {broken.Message}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _external.DisposeAsync();
        _taking.Dispose();
        if (Interlocked.Exchange(ref _envFolder, null) is { } folder && Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    internal static List<string> NoticesOf(HookBook book, string folder)
    {
        var notices = new List<string>();
        var left = book.Hooks.Where(one => one is { Standing: HookStanding.Rejected, File.IsOfProject: true, IsBroken: false } && !one.Reason!.Contains("runs once", StringComparison.Ordinal)).ToList();
        var wrong = book.Hooks.Where(one => one.IsBroken && (one.File.Error is null || one.File.Path.EndsWith("hooks.json", StringComparison.Ordinal))).ToList();
        if (left.Count > 0)
        {
            notices.Add($"{(left.Count == 1 ? "A hook" : $"{left.Count} hooks")} of {folder} {(left.Count == 1 ? "does" : "do")} not run: {left[0].Reason} `bridle hooks list` shows all.");
        }

        notices.AddRange(wrong.Select(one => one.Place.Length == 0 ? $"{one.File.Path}: none of its hooks runs: {one.Reason}" : $"{one.File.Path}: the hook {one.Place} does not run: {one.Reason}"));
        return notices;
    }
}
