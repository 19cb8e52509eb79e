using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

/// <summary>What the real program opens to answer, seen from outside.</summary>
public sealed class LoadedTests
{
    [Fact]
    public async Task The_command_line_loads_nothing_that_only_the_library_needs()
    {
        var opened = await OpenedAsync(new());
        Assert.Contains(opened, line => line.Contains("Bridle.Hosting.dll", StringComparison.Ordinal));
        Assert.DoesNotContain(opened, line => line.Contains("Microsoft.Extensions", StringComparison.Ordinal) || line.Contains("AngleSharp", StringComparison.Ordinal));
        Assert.DoesNotContain(opened, line => line.Contains("OpenTelemetry", StringComparison.Ordinal) || line.Contains("Bridle.Telemetry", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_sends_telemetry_is_loaded_when_it_is_on()
    {
        await using var collector = new FakeHttpServer(_ => FakeReply.Json(200, "{}"));
        var opened = await OpenedAsync(new() { ["BRIDLE_ENABLE_TELEMETRY"] = "1", ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url.ToString() });
        Assert.Contains(opened, line => line.Contains("Bridle.Telemetry.dll", StringComparison.Ordinal));
        Assert.Contains(opened, line => line.Contains("OpenTelemetry.Exporter.OpenTelemetryProtocol.dll", StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyList<string>> OpenedAsync(Dictionary<string, string> variables)
    {
        var trace = Path.GetTempFileName();
        try
        {
            using var place = new Place { Under = ["strace", "-f", "-qq", "-e", "trace=open,openat", "-e", "signal=none", "-o", trace] };
            foreach (var (name, value) in variables)
            {
                place.Environment[name] = value;
            }

            var ended = await place.RunAsync("run", "list the files here");
            Assert.True(ended.Code is 0, ended.ToString());
            return [.. File.ReadLines(trace).Where(line => line.Contains(".dll", StringComparison.Ordinal) && !line.Contains("ENOENT", StringComparison.Ordinal))];
        }
        finally
        {
            File.Delete(trace);
        }
    }
}
