using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Hosting.Sensors.LanguageServers;

/// <summary>
/// One running language server: started, told what is in files, asked what is wrong in them, by answers or by what it publishes. Every request has an end; a server that ends or
/// does not answer is told as <see cref="ToolException"/>. One file is asked about at a time.
/// </summary>
internal sealed class LanguageServer : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(300);

    private readonly ProcessFeed _feed = new();
    private readonly LspFrames _frames = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _asked = new();
    private readonly ConcurrentDictionary<string, (JsonElement Diagnostics, int Count)> _published = new();
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly StringBuilder _error = new();
    private IRunningProcess _process = null!;
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _pulls;
    private int _ids;

    private LanguageServer(TimeProvider time) => _time = time;

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.Exit.IsCompleted;

    /// <summary>Starts one and makes friends with it.</summary>
    public static async ValueTask<LanguageServer> StartAsync(IProcesses processes, string program, IReadOnlyList<string> arguments, string root, TimeProvider time, CancellationToken cancellationToken)
    {
        var server = new LanguageServer(time);
        server._process = processes.Start(new ProcessSpec(program, arguments, root) { Feed = server._feed, OnOutput = server.Take });
        try
        {
            var capabilities = await server.AskAsync("initialize", writer => Initialize(writer, root), cancellationToken);
            server._pulls = capabilities.TryGetProperty("capabilities", out var can) && can.TryGetProperty("diagnosticProvider", out _);
            server.Tell("initialized", _ => { });
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private Task News => Volatile.Read(ref _news).Task;

    /// <summary>What is wrong in a file with this content.</summary>
    public async ValueTask<JsonElement> DiagnoseAsync(string path, string language, string text, CancellationToken cancellationToken)
    {
        var uri = new Uri(path).AbsoluteUri;
        var before = _published.TryGetValue(uri, out var last) ? last.Count : 0;
        Show(uri, language, text);
        if (_pulls)
        {
            var answer = await AskAsync("textDocument/diagnostic", writer => Document(writer, uri), cancellationToken);
            return answer.TryGetProperty("items", out var items) ? items : default;
        }

        // The next news are taken before the last are looked at: none can come unseen in between.
        for (var news = News; !(_published.TryGetValue(uri, out var now) && now.Count > before); news = News)
        {
            await NewsAsync(news, s_patience, $"said nothing about {Path.GetFileName(path)}", cancellationToken);
        }

        // Some publish what is cheap to find first, and the rest right after it.
        for (var seen = -1; seen != _published[uri].Count;)
        {
            var news = News;
            seen = _published[uri].Count;
            await Task.WhenAny(news, Task.Delay(s_quiet, _time, cancellationToken));
        }

        return _published[uri].Diagnostics;
    }

    public async ValueTask DisposeAsync()
    {
        _feed.End();
        await _process.DisposeAsync();
    }

    private void Show(string uri, string language, string text)
    {
        var version = _open[uri] = _open.GetValueOrDefault(uri) + 1;
        if (version == 1)
        {
            Tell("textDocument/didOpen", writer =>
            {
                writer.WriteStartObject("textDocument");
                writer.WriteString("uri", uri);
                writer.WriteString("languageId", language);
                writer.WriteNumber("version", version);
                writer.WriteString("text", text);
                writer.WriteEndObject();
            });
            return;
        }

        Tell("textDocument/didChange", writer =>
        {
            writer.WriteStartObject("textDocument");
            writer.WriteString("uri", uri);
            writer.WriteNumber("version", version);
            writer.WriteEndObject();
            writer.WriteStartArray("contentChanges");
            writer.WriteStartObject();
            writer.WriteString("text", text);
            writer.WriteEndObject();
            writer.WriteEndArray();
        });
    }

    private async ValueTask<JsonElement> AskAsync(string method, Action<Utf8JsonWriter> parameters, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _ids);
        var answer = _asked[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            Send(writer =>
            {
                writer.WriteNumber("id", id);
                Call(writer, method, parameters);
            });
            await Task.WhenAny(answer.Task, _process.Exit).WaitAsync(s_patience, _time, cancellationToken);
            return answer.Task.IsCompleted ? await answer.Task : throw Gone();
        }
        catch (TimeoutException)
        {
            throw new ToolException($"it did not answer {method} within {s_patience.TotalSeconds:0} s");
        }
        finally
        {
            _asked.TryRemove(id, out _);
        }
    }

    private async ValueTask NewsAsync(Task news, TimeSpan patience, string what, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAny(news, _process.Exit).WaitAsync(patience, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new ToolException($"it {what} within {patience.TotalSeconds:0} s");
        }

        if (_process.Exit.IsCompleted)
        {
            throw Gone();
        }
    }

    private void Tell(string method, Action<Utf8JsonWriter> parameters) => Send(writer => Call(writer, method, parameters));

    private static void Call(Utf8JsonWriter writer, string method, Action<Utf8JsonWriter> parameters)
    {
        writer.WriteString("method", method);
        writer.WriteStartObject("params");
        parameters(writer);
        writer.WriteEndObject();
    }

    private void Send(Action<Utf8JsonWriter> fields)
    {
        if (!_feed.Write(LspFrames.Write(fields)))
        {
            throw Gone();
        }
    }

    private ToolException Gone()
    {
        string last;
        lock (_error)
        {
            last = _error.ToString().Trim().Split('\n')[^1];
        }

        return new($"it ended{(_process.Exit.IsCompletedSuccessfully ? $" with exit code {_process.Exit.Result}" : "")}{(last.Length > 0 ? $": {last}" : "")}");
    }

    private void Take(OutputChunk chunk)
    {
        if (chunk.IsError)
        {
            lock (_error)
            {
                _error.Append(Encoding.UTF8.GetString(chunk.Bytes.Span));
                _error.Remove(0, Math.Max(0, _error.Length - 2_000));
            }

            return;
        }

        try
        {
            foreach (var message in _frames.Take(chunk.Bytes.Span))
            {
                Take(message);
            }
        }
        catch (Exception problem) when (problem is FormatException or JsonException or InvalidOperationException)
        {
            _feed.End();
        }
    }

    private void Take(JsonElement message)
    {
        var isCall = message.TryGetProperty("method", out var method);
        if (!isCall && message.TryGetProperty("id", out var answered) && answered.ValueKind is JsonValueKind.Number && _asked.TryGetValue(answered.GetInt32(), out var waiting))
        {
            if (message.TryGetProperty("result", out var result))
            {
                waiting.TrySetResult(result);
            }
            else
            {
                waiting.TrySetException(new ToolException($"it refused a request: {(message.TryGetProperty("error", out var error) && error.TryGetProperty("message", out var words) ? words.GetString() : "no reason")}"));
            }
        }
        else if (isCall && message.TryGetProperty("id", out var asks))
        {
            Answer(asks, method.GetString(), message);
        }
        else if (isCall && method.ValueEquals("textDocument/publishDiagnostics"u8) && message.TryGetProperty("params", out var told))
        {
            var (uri, diagnostics) = (new Uri(told.GetProperty("uri").GetString()!).AbsoluteUri, told.GetProperty("diagnostics"));
            _published.AddOrUpdate(uri, (diagnostics, 1), (_, before) => (diagnostics, before.Count + 1));
            Interlocked.Exchange(ref _news, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }
    }

    // It may ask for settings and for leave; it gets none of the first and all of the second. Not from the thread that reads: a full pipe must not stop the reading.
    private void Answer(JsonElement id, string? method, JsonElement message)
    {
        var items = method is "workspace/configuration" && message.TryGetProperty("params", out var asked) && asked.TryGetProperty("items", out var wanted) ? wanted.GetArrayLength() : 0;
        _ = Task.Run(() => _feed.Write(LspFrames.Write(writer =>
        {
            writer.WritePropertyName("id");
            id.WriteTo(writer);
            writer.WritePropertyName("result");
            if (method is not "workspace/configuration")
            {
                writer.WriteNullValue();
                return;
            }

            writer.WriteStartArray();
            for (var i = 0; i < items; i++)
            {
                writer.WriteNullValue();
            }

            writer.WriteEndArray();
        })));
    }

    private static void Document(Utf8JsonWriter writer, string uri)
    {
        writer.WriteStartObject("textDocument");
        writer.WriteString("uri", uri);
        writer.WriteEndObject();
    }

    private static void Initialize(Utf8JsonWriter writer, string root)
    {
        var uri = new Uri(root.TrimEnd('/') + "/").AbsoluteUri.TrimEnd('/');
        writer.WriteNull("processId");
        writer.WriteString("rootUri", uri);
        writer.WriteStartArray("workspaceFolders");
        writer.WriteStartObject();
        writer.WriteString("uri", uri);
        writer.WriteString("name", "workspace");
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteStartObject("capabilities");
        writer.WriteStartObject("textDocument");
        writer.WriteStartObject("synchronization");
        writer.WriteBoolean("didSave", false);
        writer.WriteEndObject();
        writer.WriteStartObject("publishDiagnostics");
        writer.WriteBoolean("versionSupport", true);
        writer.WriteEndObject();
        writer.WriteStartObject("diagnostic");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteStartObject("workspace");
        writer.WriteBoolean("configuration", true);
        writer.WriteBoolean("workspaceFolders", true);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
