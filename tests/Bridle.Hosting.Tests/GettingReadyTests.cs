using Bridle.Hosting.Assembly;
using Bridle.Models;

namespace Bridle.Hosting.Tests;

public sealed class GettingReadyTests
{
    [Fact]
    public async Task The_turn_that_nobody_takes_goes_its_whole_way_to_an_answer()
    {
        var said = "";
        await Model.GetReadyAsync(async nobody => said = await GettingReady.TakeTurnAsync(nobody));

        Assert.Equal("Yes.", said);
    }

    [Fact]
    public async Task It_can_be_taken_by_several_at_once() => await Task.WhenAll(GettingReady.LoadAsync(), GettingReady.LoadAsync());
}
