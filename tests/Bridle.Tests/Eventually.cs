using System.Diagnostics;

namespace Bridle.Tests;

/// <summary>Waits for what another process does; the bound is far above what it should take.</summary>
internal static class Eventually
{
    public static Task Async(Func<bool> isSo, int seconds = 10) => Async(() => Task.FromResult(isSo()), seconds);

    public static async Task Async(Func<Task<bool>> isSo, int seconds = 10)
    {
        for (var clock = Stopwatch.StartNew(); !await isSo();)
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(seconds), "It did not come about in time.");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
