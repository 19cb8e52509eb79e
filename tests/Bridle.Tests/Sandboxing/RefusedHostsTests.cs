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
            Assert.Equal(["a"], alone.Told);
        }

        using var first = hosts.Watch();
        Assert.True(first.IsAlone);
        using (var second = hosts.Watch())
        {
            hosts.Add("b");
            Assert.Equal((false, false), (first.IsAlone, second.IsAlone));
        }

        Assert.False(first.IsAlone);
        Assert.Equal(["b"], first.Told);
    }
}
