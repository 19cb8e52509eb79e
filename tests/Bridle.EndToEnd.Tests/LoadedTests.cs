namespace Bridle.EndToEnd.Tests;

/// <summary>What the real program opens to answer, seen from outside.</summary>
public sealed class LoadedTests
{
    [Fact]
    public async Task The_command_line_loads_nothing_that_only_the_library_needs()
    {
        var trace = Path.GetTempFileName();
        try
        {
            using var place = new Place { Under = ["strace", "-f", "-qq", "-e", "trace=open,openat", "-e", "signal=none", "-o", trace] };
            var ended = await place.RunAsync("run", "list the files here");
            Assert.True(ended.Code is 0, ended.ToString());
            var opened = File.ReadLines(trace).Where(line => line.Contains(".dll", StringComparison.Ordinal) && !line.Contains("ENOENT", StringComparison.Ordinal)).ToList();
            Assert.Contains(opened, line => line.Contains("Bridle.Hosting.dll", StringComparison.Ordinal));
            Assert.DoesNotContain(opened, line => line.Contains("Microsoft.Extensions", StringComparison.Ordinal) || line.Contains("AngleSharp", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(trace);
        }
    }
}
