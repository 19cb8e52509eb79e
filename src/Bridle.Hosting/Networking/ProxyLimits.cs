namespace Bridle.Hosting.Networking;

/// <summary>What the proxy of one call may take.</summary>
/// <param name="Connections">Connections at once; one more is closed with an answer that says so.</param>
/// <param name="Greeting">The time a program has to say what it wants.</param>
/// <param name="Idle">The time in which at least one byte must go through, either way.</param>
public sealed record ProxyLimits(int Connections = 128, TimeSpan? Greeting = null, TimeSpan? Idle = null)
{
    internal TimeSpan GreetingTime => Greeting ?? TimeSpan.FromSeconds(15);

    internal TimeSpan IdleTime => Idle ?? TimeSpan.FromMinutes(5);
}

/// <summary>A host that a confined program asked for and did not get.</summary>
/// <param name="Host">As it was asked for, without characters that a terminal would act on.</param>
/// <param name="Port">The port.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="ByRule">A rule would open it; false when none can (a private address, a name that does not match its certificate).</param>
public sealed record RefusedHost(string Host, int Port, string Reason, bool ByRule)
{
    /// <summary>The ids of the process whose program asked and of those above it; empty when nobody knows.</summary>
    public IReadOnlyList<int> Askers { get; init; } = [];
}
