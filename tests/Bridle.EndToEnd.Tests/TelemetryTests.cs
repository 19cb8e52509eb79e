using System.Net;
using System.Net.Sockets;
using System.Text;
using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

/// <summary>The real program with a collector, with none, and with one that says nothing.</summary>
public sealed class TelemetryTests
{
    private const string Asked = "Which files mention TODO?";

    [Fact]
    public async Task A_collector_hears_of_a_run_and_one_that_is_silent_changes_neither_the_answer_nor_the_exit_code()
    {
        await using var collector = new FakeHttpServer(_ => FakeReply.Json(200, "{}"));
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var off = await RunAsync(null);
        var heard = await RunAsync(collector.Url.ToString());
        var unheard = await RunAsync($"http://{silent.LocalEndpoint}");
        Assert.Equal((0, 0, 0), (off.Code, heard.Code, unheard.Code));
        Assert.Equal((off.Out, off.Out), (heard.Out, unheard.Out));
        Assert.DoesNotContain("elemetry", off.Error + heard.Error);
        Assert.Contains("Telemetry could not be sent to http://127.0.0.1:", unheard.Error);
        Assert.Contains("it does not answer in time", unheard.Error);
        var sent = string.Concat(collector.Requests.Select(request => Encoding.UTF8.GetString(request.Body)));
        Assert.Contains("execute_tool Grep", sent);
        Assert.DoesNotContain("TODO", sent);
    }

    [Fact]
    public async Task A_project_cannot_have_the_library_write_a_log_of_its_own()
    {
        await using var collector = new FakeHttpServer(_ => FakeReply.Json(200, "{}"));
        using var place = new Place();
        place.Write("OTEL_DIAGNOSTICS.json", """{ "LogDirectory": "taken", "FileSize": 1024, "LogLevel": "Verbose" }""");
        (place.Environment["BRIDLE_ENABLE_TELEMETRY"], place.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"]) = ("1", collector.Url.ToString());
        var ended = await place.RunAsync("run", "--model", "rehearsal/rehearsal", Asked);
        Assert.True(ended.Code is 0, ended.ToString());
        Assert.Contains("No telemetry: there is a file OTEL_DIAGNOSTICS.json in this folder", ended.Error);
        Assert.Equal((0, false), (collector.Connections, Directory.Exists(Path.Combine(place.Work, "taken"))));
    }

    private static async Task<Ended> RunAsync(string? collector)
    {
        using var place = new Place();
        place.Write("a.txt", "TODO: water the plants\n");
        if (collector is not null)
        {
            (place.Environment["BRIDLE_ENABLE_TELEMETRY"], place.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"]) = ("1", collector);
        }

        return await place.RunAsync("run", "--model", "rehearsal/rehearsal", Asked);
    }
}
