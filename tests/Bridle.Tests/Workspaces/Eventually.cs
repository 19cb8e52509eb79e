using System.Diagnostics;

namespace Bridle.Tests.Workspaces;

/// <summary>Waits for what another process does; the bound is far above what it should take.</summary>
internal static class Eventually
{
    public static async Task Async(Func<bool> isSo, int seconds = 10)
    {
        for (var clock = Stopwatch.StartNew(); !isSo();)
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(seconds), "It did not come about in time.");
            await Task.Delay(5);
        }
    }
}
