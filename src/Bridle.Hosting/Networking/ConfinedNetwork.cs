using System.Net.Sockets;
using Bridle.Sandboxing;
using Bridle.Workspaces;

namespace Bridle.Hosting.Networking;

/// <summary>
/// The network of a session's confined programs: a filtering proxy behind a Unix socket that only this user can open. Each confined program hands over the listening
/// socket of its own loopback there, and the proxy serves it until the program and all that it started are gone.
/// </summary>
public sealed class ConfinedNetwork : IAsyncDisposable
{
    private const int MostPrograms = 256;
    private const string ByName = "A person can open it with \"{0}\" in sandbox.network.allowedDomains of their settings.";
    private const string ByAsking =
        "Nobody was asked about this command, so it has no network but the registries of the packages that it fetches. One that a person or an allow rule allows has the hosts of sandbox.network.allowedDomains as well (\"{0}\").";

    private readonly CancellationTokenSource _end = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory(LeftNetworks.Prefix);
    private readonly Socket _listener;
    private readonly FilteringProxy _proxy;
    private readonly Task _serving;
    private readonly TimeProvider _time;
    private int _programs;
    private bool _isClosed;

    private ConfinedNetwork(DomainRules rules, ProxyDial dial, TimeProvider time, RefusedHosts? told, string opened)
    {
        Refused = told ?? new();
        _time = time;
        var socket = Path.Combine(_folder.FullName, LeftNetworks.SocketName);
        _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(new UnixDomainSocketEndPoint(socket));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        _listener.Listen();
        Network = new SandboxNetwork.Proxy(socket, NetDoor.Write(_folder.FullName), Words(rules)) { Folder = _folder.FullName };
        _proxy = new FilteringProxy(rules, new ProxyLimits(), refused => Refused.Add(Sentence(refused, opened), refused.Askers), time, dial);
        _serving = ServeAsync();
    }

    /// <summary>What a sandbox profile says about it.</summary>
    public SandboxNetwork.Proxy Network { get; }

    /// <summary>What was asked for in vain.</summary>
    public RefusedHosts Refused { get; }

    /// <summary>Opens it; null where nothing is allowed, or this machine has no door for it.</summary>
    public static ConfinedNetwork? Open(DomainRules rules, TimeProvider time) => Open(rules, new ProxyDials().ConnectAsync, time);

    internal static ConfinedNetwork? Open(DomainRules rules, ProxyDial dial, TimeProvider time) => rules.IsEmpty || !NetDoor.IsPresent ? null : new ConfinedNetwork(rules, dial, time, null, ByName);

    /// <summary>
    /// Opens it for commands that nobody was asked about, also with rules that let nothing through: then it only says so. What is refused is told with the rest; null where
    /// this machine has no door for it.
    /// </summary>
    public static ConfinedNetwork? OpenForUnasked(DomainRules rules, TimeProvider time, RefusedHosts told) =>
        NetDoor.IsPresent ? new ConfinedNetwork(rules, new ProxyDials().ConnectAsync, time, told, ByAsking) : null;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, true))
        {
            return;
        }

        await _end.CancelAsync();
        await _serving;
        await _proxy.DisposeAsync();
        _listener.Dispose();
        _folder.Delete(recursive: true);
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        var programs = new List<Task>();
        try
        {
            for (var isFirst = true; ; isFirst = false)
            {
                var connection = await _listener.AcceptAsync(_end.Token);
                if (isFirst)
                {
                    // Beside the first program, when nobody waits for it.
                    programs.Add(Task.Run(() => LeftNetworks.Remove(_folder.Parent!.FullName, _time, _end.Token)));
                }

                programs.RemoveAll(task => task.IsCompleted);
                programs.Add(ServeProgramAsync(connection));
            }
        }
        catch (OperationCanceledException)
        {
            // The session ends.
        }

        await Task.WhenAll(programs);
    }

    private async Task ServeProgramAsync(Socket connection)
    {
        using var held = connection;
        try
        {
            if (Interlocked.Increment(ref _programs) > MostPrograms || await HandedSocket.ReceiveAsync(connection, _end.Token) is not { } listener)
            {
                return;
            }

            _proxy.Serve(listener, PeerProcess.WithAncestors(connection));
            using (listener)
            {
                // It never says more; the end of the connection is the end of the program.
                _ = await connection.ReceiveAsync(new byte[1], SocketFlags.None, _end.Token);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            // The session or the program is gone.
        }
        finally
        {
            Interlocked.Decrement(ref _programs);
        }
    }

    private static string Words(DomainRules rules)
    {
        var hosts = rules.Allow.Select(rule => rule.Port is { } port ? $"{rule.Host}:{port}" : rule.Host).Distinct().ToList();
        return hosts.Count <= 3 ? string.Join(", ", hosts) : $"{string.Join(", ", hosts.Take(2))} and {hosts.Count - 2} more";
    }

    private static string Sentence(RefusedHost refused, string opened)
    {
        var name = $"{refused.Host}{(refused.Port is 80 or 443 ? "" : $":{refused.Port}")}";
        return $"{refused.Host}:{refused.Port} was not reached: {refused.Reason}.{(refused.ByRule ? $" {opened.Replace("{0}", name, StringComparison.Ordinal)}" : "")}";
    }
}
