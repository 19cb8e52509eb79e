using System.Text.Json;
using Bridle.Events;
using Bridle.Hosting.Settings;
using Bridle.Messages;
using Bridle.Sensors;
using Bridle.Workspaces;

namespace Bridle.Hosting.Sensors.LanguageServers;

/// <summary>
/// A sensor that shows changed files to a language server and takes its diagnostics. The server is started when the first file concerns it and kept until the session ends; one
/// that ends is told, and started again a few times.
/// </summary>
internal sealed class LanguageServerSensor(string name, LanguageServerSettings settings, Func<IProcesses> processes) : IAsyncDisposable
{
    private const int MostFiles = 20;
    private const int MostStarts = 3;
    private LanguageServer? _server;
    private int _starts;
    private string? _lastFailure;

    public async ValueTask<SensorReading> ReadAsync(SensorMoment moment, CancellationToken cancellationToken)
    {
        var (findings, files) = (new List<Finding>(), moment.Files.Where(moment.Calls.IsFile).ToList());
        try
        {
            foreach (var file in files.Take(MostFiles))
            {
                if (LanguageOf(file) is { } language && moment.Calls.TextOf(file) is { } text)
                {
                    var server = await RunningAsync(moment, cancellationToken);
                    findings.AddRange(Read(await server.DiagnoseAsync(Path.Combine(moment.Calls.Root, file), language, text, cancellationToken), file));
                }
            }
        }
        catch (ToolException failure)
        {
            _lastFailure = failure.Message;
            return SensorReading.Failed($"the language server '{name}' ({settings.Command}) is of no use: {failure.Message}");
        }

        return new(findings) { FilesLeftOut = Math.Max(0, files.Count - MostFiles) };
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async ValueTask<LanguageServer> RunningAsync(SensorMoment moment, CancellationToken cancellationToken)
    {
        if (_server is { HasEnded: false } running)
        {
            return running;
        }

        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
        _server = null;
        return ++_starts > MostStarts
            ? throw new ToolException($"it was started {MostStarts} times and is left alone until the next session; the last time {_lastFailure}")
            : _server = await LanguageServer.StartAsync(processes(), settings.Command!, settings.Args ?? [], moment.Calls.Root, moment.Calls.Time, cancellationToken);
    }

    private string? LanguageOf(string file) => settings.Extensions!.GetValueOrDefault(Path.GetExtension(file));

    private static IEnumerable<Finding> Read(JsonElement diagnostics, string file)
    {
        foreach (var one in diagnostics.ValueKind is JsonValueKind.Array ? diagnostics.EnumerateArray() : [])
        {
            if (!one.TryGetProperty("message", out var message) || message.ValueKind is not JsonValueKind.String)
            {
                continue;
            }

            var severity = one.TryGetProperty("severity", out var said) && said.ValueKind is JsonValueKind.Number ? said.GetInt32() : 1;
            var start = one.TryGetProperty("range", out var range) && range.TryGetProperty("start", out var begins) ? begins : default;
            int? Place(string part) => start.ValueKind is JsonValueKind.Object && start.TryGetProperty(part, out var at) && at.ValueKind is JsonValueKind.Number ? at.GetInt32() + 1 : null;
            yield return new(new SensorSignal(severity switch { 1 => SignalSeverity.Block, 2 => SignalSeverity.Warn, _ => SignalSeverity.Hint }, message.GetString()!)
            {
                File = file, Line = Place("line"), Column = Place("character"),
                Code = one.TryGetProperty("code", out var code) ? code.ValueKind switch { JsonValueKind.String => code.GetString(), JsonValueKind.Number => code.GetRawText(), _ => null } : null,
            });
        }
    }
}
