using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Bridle.Hosting.Hooks;

/// <summary>Posts the event to an http hook. No redirects, no cookies, no proxy: what was allowed is what is spoken to.</summary>
internal sealed class HookHttp : IDisposable
{
    private const int MostBody = 1024 * 1024;
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.All });

    public async ValueTask<HookRun> RunAsync(DeclaredHook hook, string input, HookPolicy policy, HookSurroundings surroundings, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(hook.Timeout, surroundings.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, hook.Url) { Content = new StringContent(BodyOf(hook, input), Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
            foreach (var (name, value) in hook.Headers)
            {
                request.Headers.TryAddWithoutValidation(name, HookAddress.Fill(value, hook, policy, surroundings.Variable).ReplaceLineEndings(" "));
            }

            using var response = await _client.SendAsync(request, either.Token);
            var body = await BodyAsync(response, either.Token);
            return body is null ? new((int)response.StatusCode, "", "", "its answer is longer than 1 MiB")
                : (int)response.StatusCode is < 200 or > 299 ? new((int)response.StatusCode, body, "", $"it answered with status {(int)response.StatusCode}")
                : new((int)response.StatusCode, body, "");
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new(null, "", "", $"it took longer than {hook.Timeout.TotalSeconds:0.#} s");
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or FormatException)
        {
            return new(null, "", "", $"it could not be reached: {problem.Message}");
        }
    }

    public void Dispose() => _client.Dispose();

    // The names of events in that form are plain letters.
    private static string BodyOf(DeclaredHook hook, string input) => hook.OpenHarnessEvent is { } name ? $$"""{"event":"{{name}}","payload":{{input}}}""" : input;

    private static async Task<string?> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var bytes = new byte[MostBody + 1];
        var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return read > MostBody ? null : Encoding.UTF8.GetString(bytes, 0, read);
    }
}
