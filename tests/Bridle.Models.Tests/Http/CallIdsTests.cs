using Bridle.Models.Http;

namespace Bridle.Models.Tests.Http;

public sealed class CallIdsTests
{
    [Fact]
    public void A_server_gives_no_id_as_the_harness_s_own_calls_have()
    {
        var ids = new CallIds(new ModelRequest { System = "", Messages = [] });
        Assert.Equal("c1", ids.Take("c1").Value);
        Assert.NotEqual("c1", ids.Take("c1").Value);
        Assert.All(new[] { "sensor-2", "declared-1", "sensor-\u0301x" }, given => Assert.Matches("^[a-z0-9]{9}$", ids.Take(given).Value));
    }
}
