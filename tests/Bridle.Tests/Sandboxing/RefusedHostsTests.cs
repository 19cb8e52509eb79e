using Bridle.Sandboxing;

namespace Bridle.Tests.Sandboxing;

public sealed class RefusedHostsTests
{
    [Fact]
    public void What_is_refused_after_thousands_is_still_told()
    {
        var hosts = new RefusedHosts();
        for (var i = 0; i < 2500; i++)
        {
            hosts.Add($"host {i}");
        }

        var mark = hosts.Mark;
        hosts.Add("new");
        hosts.Add("new");
        Assert.Equal(["new"], hosts.Since(mark));
        Assert.Equal(1000, hosts.Since(0).Count + 1);
    }

    [Fact]
    public void Who_ran_beside_another_is_not_said_to_have_asked()
    {
        var hosts = new RefusedHosts();
        using (var alone = hosts.Watch())
        {
            hosts.Add("a");
            Assert.True(alone.IsAlone);
            Assert.Equal(["a"], alone.Told.Unknown);
        }

        using var first = hosts.Watch();
        Assert.True(first.IsAlone);
        using (var second = hosts.Watch())
        {
            hosts.Add("b");
            Assert.Equal((false, false), (first.IsAlone, second.IsAlone));
        }

        Assert.False(first.IsAlone);
        Assert.Equal(["b"], first.Told.Unknown);
        Assert.StartsWith("[While the command ran, the sandbox kept it or other commands", first.Told.Words(first.IsAlone));
    }

    [Fact]
    public void Each_call_hears_of_what_its_own_programs_asked_for_and_of_what_earlier_ones_left_running()
    {
        var hosts = new RefusedHosts();
        RefusalWatch earlier;
        using (earlier = hosts.Watch())
        {
            hosts.Started(10, earlier);
        }

        using var first = hosts.Watch();
        using var second = hosts.Watch();
        hosts.Started(20, first);
        hosts.Add("a", [21, 20]);
        hosts.Add("b", [31, 30]);
        hosts.Add("c", [10]);
        hosts.Started(30, second);
        Assert.Equal("[The sandbox kept the command from these hosts:\na]\n[Meanwhile the sandbox kept commands in the background from these hosts:\nc]", first.Told.Words(first.IsAlone));
        Assert.Equal("[The sandbox kept the command from these hosts:\nb]\n[Meanwhile the sandbox kept commands in the background from these hosts:\nc]", second.Told.Words(second.IsAlone));

        // An id comes again: it is then the later one's.
        hosts.Started(20, second);
        hosts.Add("d", [20]);
        Assert.Equal(["a"], first.Told.Own);
        Assert.Equal(["b", "d"], second.Told.Own);
    }
}
