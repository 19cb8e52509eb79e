using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Bridle.Hosting.Providers;

namespace Bridle.Hosting.Tests.Providers;

public sealed class LocalServerSearchTests
{
    public static TheoryData<string, string, string, string> Servers => new()
    {
        { "ollama", """{"version":"0.12.1"}""", """{"models":[{"name":"nomic-embed-text:latest"},{"name":"qwen3:8b"}]}""", "qwen3:8b" },
        { "lm-studio", """{"data":[{"id":"e","type":"embeddings","state":"loaded"},{"id":"a","type":"llm","state":"not-loaded"},{"id":"b","type":"llm","state":"loaded"}]}""", "", "b" },
        { "lemonade", """{"status":"ok","model_loaded":"Qwen3-GGUF"}""", """{"data":[{"id":"first"}]}""", "Qwen3-GGUF" },
        { "vllm", """{"object":"list","data":[{"id":"org/big","owned_by":"vllm"}]}""", "", "org/big" },
        { "llama.cpp", """{"object":"list","data":[{"id":"model.gguf","owned_by":"llamacpp"}]}""", "", "model.gguf" },
        { "localai", """{"backends":["llama"],"loaded_models":[]}""", """{"data":[{"id":"phi"}]}""", "phi" },
    };

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Each_server_is_known_by_its_own_answer(string provider, string identity, string models, string model)
    {
        var server = KnownProviders.Default.LocalServers.First(candidate => candidate.Provider == provider);
        await using var fake = new FakeServer(path => path == server.Identify ? identity : path == server.Models ? models : null);
        var found = Assert.Single(await new LocalServerSearch([server with { Root = fake.Root }], TimeSpan.FromSeconds(10)).FindAsync(TestContext.Current.CancellationToken));
        Assert.Equal(model, found.Model);
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task No_server_is_taken_for_another(string provider, string identity, string models, string model)
    {
        Assert.NotNull(model);
        foreach (var other in KnownProviders.Default.LocalServers.Where(candidate => candidate.Provider != provider))
        {
            // The worst case: the other server answers its own texts on every path that is asked.
            await using var fake = new FakeServer(path => path == other.Identify ? identity : models);
            var found = await FindAsync(other with { Root = fake.Root });
            // LM Studio's path is its own; a list on that very path is believed.
            Assert.True(found.Count == 0 || other.Provider == "lm-studio", $"{provider} was taken for {other.Provider}");
        }
    }

    [Fact]
    public async Task The_first_in_the_order_of_the_list_wins_however_fast_the_others_are()
    {
        await using var slow = new FakeServer(_ => """{"version":"1"}""", TimeSpan.FromMilliseconds(60));
        await using var fast = new FakeServer(_ => """{"data":[{"id":"x","owned_by":"vllm"}]}""");
        var found = await new LocalServerSearch(
            [new("ollama", slow.Root, "/v", "ollama", "/m", "", ""), new("vllm", fast.Root, "/v", "vllm", "/v", "", "")], TimeSpan.FromSeconds(10)).FindAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["ollama", "vllm"], found.Select(server => server.Server.Provider));
    }

    [Fact]
    public async Task A_server_that_says_nothing_does_not_hold_things_up()
    {
        await using var silent = new FakeServer(_ => "{}", TimeSpan.FromMinutes(5));
        var clock = Stopwatch.StartNew();
        Assert.Empty(await FindAsync(new LocalServer("ollama", silent.Root, "/api/version", "ollama", "/api/tags", "", "")));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("<html>hello</html>")]
    [InlineData("[1,2]")]
    [InlineData("\"text\"")]
    [InlineData("")]
    public async Task Another_program_on_the_port_is_not_a_model_server(string answer)
    {
        await using var other = new FakeServer(_ => answer);
        Assert.Empty(await FindAsync([.. KnownProviders.Default.LocalServers.Select(server => server with { Root = other.Root })]));
    }

    [Fact]
    public async Task A_port_where_nothing_listens_is_no_server()
    {
        string root;
        await using (var gone = new FakeServer(_ => "{}"))
        {
            root = gone.Root;
        }

        Assert.Empty(await FindAsync(new LocalServer("ollama", root, "/api/version", "ollama", "/api/tags", "", "")));
    }

    [Fact]
    public void The_shipped_list_has_the_ports_and_the_order_that_were_decided() =>
        Assert.Equal(
            ["ollama 11434", "lm-studio 1234", "lemonade 13305", "lemonade 8000", "vllm 8000", "llama.cpp 8080", "localai 8080"],
            KnownProviders.Default.LocalServers.Select(server => $"{server.Provider} {new Uri(server.Root).Port}"));

    private static Task<IReadOnlyList<LocalServerFound>> FindAsync(params LocalServer[] servers) =>
        new LocalServerSearch(servers).FindAsync(TestContext.Current.CancellationToken);

    private sealed class FakeServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _serving;

        public FakeServer(Func<string, string?> answer, TimeSpan delay = default)
        {
            _listener.Start();
            Root = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
            _serving = ServeAsync(answer, delay);
        }

        public string Root { get; }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            _listener.Dispose();
            await _serving;
        }

        private async Task ServeAsync(Func<string, string?> answer, TimeSpan delay)
        {
            try
            {
                while (true)
                {
                    var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                    _ = AnswerAsync(client, answer, delay);
                }
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                // Stopped; whichever way the listener says so.
            }
        }

        private async Task AnswerAsync(TcpClient client, Func<string, string?> answer, TimeSpan delay)
        {
            using (client)
            {
                try
                {
                    await using var stream = client.GetStream();
                    using var reader = new StreamReader(stream, leaveOpen: true);
                    while (await reader.ReadLineAsync(_stop.Token) is { } request)
                    {
                        while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 })
                        {
                        }

                        await Task.Delay(delay, _stop.Token);
                        var text = answer(request.Split(' ')[1]);
                        var body = Encoding.UTF8.GetBytes(text ?? "");
                        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {(text is null ? "404 Not Found" : "200 OK")}\r\nContent-Length: {body.Length}\r\n\r\n"), _stop.Token);
                        await stream.WriteAsync(body, _stop.Token);
                    }
                }
                catch (Exception exception) when (exception is OperationCanceledException or IOException)
                {
                }
            }
        }
    }
}
