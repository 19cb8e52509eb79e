using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.Providers;
using Bridle.Models;

namespace Bridle.Cli.Chat;

/// <summary>The session that a person talks to. They may change to another one, or have its file changed, without leaving; what they chose meanwhile goes with them.</summary>
internal sealed class Conversation(HarnessRequest request, Harness first, Func<HarnessRequest, CancellationToken, Task<HarnessStart>> start) : IAsyncDisposable
{
    // Who chose to rehearse at the start goes on with that in other sessions.
    private (HarnessRequest Request, string Model, string Mode) _began = (request with { RehearseWhenUnconfigured = request.RehearseWhenUnconfigured || first.Session.Model.Info.Simulated }, first.Session.Model.Info.FullName, first.Session.Mode);

    /// <summary>What a person is told who wants to talk while nothing is open.</summary>
    public string WhenClosed => $"  No session is open. The last one was {VisibleText.Line(Harness.Name, 120)}: /session resume {VisibleText.Line(Harness.Name, 120)} opens it again, /session edit changes its file, /session resume NAME or /session new opens another; /exit leaves.";

    /// <summary>Called when another session, or the same one anew, took the place of the one before, and when it was closed.</summary>
    public Action Changed { get; set; } = () => { };

    /// <summary>Called with a session that is about to be left for good, while it is still open.</summary>
    public Func<Harness, Task> Leaving { get; set; } = _ => Task.CompletedTask;

    /// <summary>The session with everything around it, as it is now; the one that was open last when none is.</summary>
    public Harness Harness { get; private set; } = first;

    /// <summary>Whether the session is closed because its file was gone: it goes on when that is there again.</summary>
    public bool IsFileLost { get; set; }

    /// <summary>Whether the session can be talked to.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>The request that opens this session again: the flags of the start, and what was chosen since.</summary>
    public HarnessRequest Same => Other(Harness.Name) with { Mode = Harness.Session.Mode == _began.Mode ? _began.Request.Mode : Harness.Session.Mode };

    /// <summary>The request that makes a new session. It begins in the mode that is in force now.</summary>
    public HarnessRequest New => Same with { SessionName = null, Resume = false };

    /// <summary>Goes on with another session: that one is opened first, and only then the present one is closed. Gives why not, and then nothing changed.</summary>
    public async Task<HarnessRefused?> ChangeAsync(HarnessRequest to, CancellationToken cancellationToken)
    {
        var started = await start(to, cancellationToken);
        if (started is HarnessRefused refused)
        {
            return refused;
        }

        if (started is HarnessStarted { Harness.Name: var name } && name != Harness.Name)
        {
            await LeaveAsync();
        }

        await Harness.DisposeAsync();
        Take(to, (HarnessStarted)started);
        Changed();
        return null;
    }

    /// <summary>The session is left for good; to be called before it is closed.</summary>
    public Task LeaveAsync() => IsOpen ? Leaving(Harness) : Task.CompletedTask;

    /// <summary>Closes the session, so that something may be done to its file, and gives the request that opens it again.</summary>
    public async Task<HarnessRequest> CloseAsync()
    {
        var same = Same;
        IsOpen = false;
        Changed();
        await Harness.DisposeAsync();
        return same;
    }

    /// <summary>The request that opens another session. Its own mode counts there, unless a flag said which.</summary>
    public HarnessRequest Other(string name) => _began.Request with
    {
        Wish = Wish(Harness.Session.Model.Info),
        Mode = request.Mode, Stream = Harness.Session.Stream, SessionName = name, Resume = true, CloneOf = null, MustBeNew = false,
    };

    // What the command line said of the server stays with the models of the same provider.
    private ModelWish Wish(ModelInfo model)
    {
        var began = _began.Request.Wish;
        var moved = began is not { BaseUrl: null, Api: null, LocalUrl: null, LocalModel: null, Local: false };
        return model.FullName == _began.Model ? began
            : moved && _began.Model.StartsWith(model.Provider + "/", StringComparison.Ordinal) ? began with { Model = model.FullName, LocalModel = null, Local = began.Local || began.LocalModel is not null, Current = model.Provider }
            : new() { Model = model.FullName };
    }

    public ValueTask DisposeAsync() => Harness.DisposeAsync();

    private void Take(HarnessRequest to, HarnessStarted started)
    {
        (Harness, IsOpen, IsFileLost) = (started.Harness, true, false);
        _began = (to, Harness.Session.Model.Info.FullName, Harness.Session.Mode);
    }
}
