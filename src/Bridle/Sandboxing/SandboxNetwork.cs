namespace Bridle.Sandboxing;

/// <summary>What a confined program may reach over the network.</summary>
public abstract record SandboxNetwork
{
    private SandboxNetwork()
    {
    }

    /// <summary>Nothing but a loopback of its own.</summary>
    public static SandboxNetwork None { get; } = new Nothing();

    /// <summary>Everything this machine reaches.</summary>
    public static SandboxNetwork Open { get; } = new Everything();

    /// <summary>Nothing but a loopback of its own.</summary>
    public sealed record Nothing : SandboxNetwork;

    /// <summary>Everything this machine reaches.</summary>
    public sealed record Everything : SandboxNetwork;

    /// <summary>Nothing but a loopback of its own, with the harness's filtering HTTP proxy on <paramref name="Port"/> of it.</summary>
    /// <param name="Socket">The absolute path of the Unix socket outside on which the proxy listens.</param>
    /// <param name="Door">The absolute path of <see cref="NetDoor"/> outside.</param>
    /// <param name="Rules">What the proxy lets through, in words, such as <c>packages.example.com and 3 more</c>; empty for nothing.</param>
    /// <param name="Port">The port of 127.0.0.1 inside; <c>HTTP_PROXY</c> and its kin name it.</param>
    public sealed record Proxy(string Socket, string Door, string Rules, int Port = 3128) : SandboxNetwork
    {
        /// <summary>The absolute path of a folder that holds both and nothing else, which is then shown as a whole; null where they lie among other things.</summary>
        public string? Folder { get; init; }
    }
}
