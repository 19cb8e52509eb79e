using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.DryRuns;
using Bridle.Hosting.Providers;

namespace Bridle.Cli.Commands;

/// <summary>What every command gets: the terminal, the surroundings, and how a session and a search for local servers are made.</summary>
internal sealed record CommandContext(CommandIo Io, HostEnvironment Environment)
{
    /// <summary>Starts a harness; a test may put its own here.</summary>
    public Func<HarnessRequest, CancellationToken, Task<HarnessStart>> StartAsync { get; init; } = StartHiddenAsync;

    /// <summary>Finds out what a run would begin with.</summary>
    public Func<HarnessRequest, string?, CancellationToken, Task<DryRun>> LookAsync { get; init; } = DryRun.OfAsync;

    /// <summary>Looks for local model servers.</summary>
    public Func<CancellationToken, Task<IReadOnlyList<LocalServerFound>>> FindLocalServers { get; init; } =
        HostFiles.FindLocalServersAsync;

    // A key whose variable only settings name is known once they were read.
    private static async Task<HarnessStart> StartHiddenAsync(HarnessRequest request, CancellationToken cancellationToken)
    {
        var start = await Composition.StartAsync(request, cancellationToken);
        if (start is HarnessStarted { Harness.Provider.KeyFrom: { } variable })
        {
            ProcessEnvironment.HideSecrets(variable);
        }

        return start;
    }

    /// <summary>Whether the program is called by the name of llm-agent-harness.</summary>
    public bool IsAlias { get; init; }

    /// <summary>Interrupts by the person; the default never comes.</summary>
    public Interrupts Interrupts { get; init; } = new();
}
