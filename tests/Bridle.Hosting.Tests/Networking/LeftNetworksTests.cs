using System.Net.Sockets;
using Bridle.Hosting.Networking;

namespace Bridle.Hosting.Tests.Networking;

public sealed class LeftNetworksTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void What_a_killed_program_left_goes_and_what_somebody_listens_to_stays()
    {
        var (dead, living, other, empty) = (Make("bridle-net-dead"), Make("bridle-net-living"), Make("bridle-memory-1"), Make("bridle-net-empty"));
        Listen(dead).Dispose();
        Listen(other).Dispose();
        File.WriteAllText(Path.Combine(dead, "netdoor"), "");
        using var listener = Listen(living);

        Array.ForEach([dead, living, other, empty], Age);
        LeftNetworks.Remove(_temporary.Path, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.False(Directory.Exists(dead));
        Assert.False(Directory.Exists(empty));
        Assert.True(Directory.Exists(living));
        Assert.True(Directory.Exists(other));
    }

    [Fact]
    public void One_that_is_just_being_opened_and_one_that_is_a_link_stay()
    {
        var (young, target) = (Make("bridle-net-young"), Make("elsewhere"));
        Listen(young).Dispose();
        Listen(target).Dispose();
        var link = Path.Combine(_temporary.Path, "bridle-net-link");

        LeftNetworks.Remove(_temporary.Path, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.True(Directory.Exists(young));

        Directory.CreateSymbolicLink(link, target);
        Age(target);
        LeftNetworks.Remove(_temporary.Path, new Later(), TestContext.Current.CancellationToken);
        Assert.True(Directory.Exists(target));
        Assert.True(Directory.Exists(link));
        Assert.False(Directory.Exists(young));
    }

    [Fact]
    public void A_session_that_ends_does_not_wait_for_it()
    {
        var dead = Make("bridle-net-dead");
        Age(dead);
        LeftNetworks.Remove(_temporary.Path, TimeProvider.System, new CancellationToken(canceled: true));
        Assert.True(Directory.Exists(dead));
    }

    [Fact]
    public void Where_there_is_no_such_folder_nothing_happens() => LeftNetworks.Remove(Path.Combine(_temporary.Path, "none"), TimeProvider.System, TestContext.Current.CancellationToken);

    private string Make(string name) => Directory.CreateDirectory(Path.Combine(_temporary.Path, name)).FullName;

    private static Socket Listen(string folder)
    {
        // Left behind as a killed program leaves it: .NET would remove the file with the socket.
        var path = Path.Combine(folder, "proxy");
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path + "1"));
        listener.Listen();
        File.Move(path + "1", path);
        return listener;
    }

    private static void Age(string folder) => Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow.AddMinutes(-2));

    private sealed class Later : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddMinutes(2);
    }
}
