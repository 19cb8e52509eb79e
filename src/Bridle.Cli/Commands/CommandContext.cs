using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.Providers;

namespace Bridle.Cli.Commands;

/// <summary>What every command gets: the terminal, the surroundings, and how a session and a search for local servers are made.</summary>
internal sealed record CommandContext(CommandIo Io, HostEnvironment Environment)
{
    /// <summary>Starts a harness; a test may put its own here.</summary>
    public Func<HarnessRequest, CancellationToken, Task<HarnessStart>> StartAsync { get; init; } = Composition.StartAsync;

    /// <summary>Looks for local model servers.</summary>
    public Func<CancellationToken, Task<IReadOnlyList<LocalServerFound>>> FindLocalServers { get; init; } =
        cancellationToken => new LocalServerSearch(KnownProviders.Default.LocalServers).FindAsync(cancellationToken);

    /// <summary>Interrupts by the person; the default never comes.</summary>
    public Interrupts Interrupts { get; init; } = new();
}
