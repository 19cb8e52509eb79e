using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Bridle.FakeVendors;

namespace Bridle.Models.Tests;

/// <summary>
/// The fakes are held to the vendors' own clients: a fake that only Bridle understands proves nothing. Needs Node and npm; what is installed stays beside the tests'
/// binaries.
/// </summary>
public sealed class VendorSdkTests(VendorSdkTests.Installed sdk) : IClassFixture<VendorSdkTests.Installed>
{
    [Theory]
    [InlineData("anthropic")]
    [InlineData("gemini")]
    [InlineData("openai")]
    [InlineData("openai-responses")]
    [InlineData("ollama")]
    public async Task The_vendors_own_client_carries_out_a_task_with_the_fake_and_sees_its_refusal(string api)
    {
        var look = FakeTurn.CallAll(new("Read", """{"path":"a.txt"}"""), new("Read", """{"path":"b.txt"}""")) with { Reasoning = api == "ollama" ? null : "First I look." };
        FakeTurn[] script = [look, FakeTurn.Say("Whole ", "answer."), look, FakeTurn.Say("Streamed ", "änswer.")];
        await using FakeVendor server = api switch
        {
            "anthropic" => new FakeAnthropic(script),
            "gemini" => new FakeGemini(script),
            "openai-responses" => new FakeOpenAiResponses(script) { ComparesMeaning = true },
            _ => Protocols.Fake(api, script),
        };

        var (exit, output) = await Installed.RunAsync(sdk.Folder, "node", "drive.mjs", api, server.Url.ToString().TrimEnd('/'));
        Assert.True(exit == 0, output);
        var said = Talk.Schema(output[output.LastIndexOf('{')..]);
        Assert.Equal(("Whole answer.", "Streamed änswer."), (said.GetProperty("whole").GetString(), said.GetProperty("streamed").GetString()));
        Assert.Equal(JsonValueKind.Number, said.GetProperty("refused").ValueKind);
        Assert.Equal(400, said.GetProperty("refused").GetInt32());
        Assert.Single(server.Refusals);
    }

    /// <summary>Installs the clients once for all tests, and again only when the lock file changed.</summary>
    public sealed class Installed : IAsyncLifetime
    {
        public string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "sdk");

        public async ValueTask InitializeAsync()
        {
            var wanted = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Folder, "package-lock.json"))));
            var mark = Path.Combine(Folder, "node_modules", ".installed");
            if (File.Exists(mark) && await File.ReadAllTextAsync(mark) == wanted)
            {
                return;
            }

            var (exit, output) = await RunAsync(Folder, "npm", "ci", "--no-progress");
            Assert.True(exit == 0, "npm could not install the vendors' clients:\n" + output);
            await File.WriteAllTextAsync(mark, wanted);
        }

        public ValueTask DisposeAsync() => default;

        internal static async Task<(int Exit, string Output)> RunAsync(string folder, string program, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw;
            }

            return (process.ExitCode, await errors + await output);
        }
    }
}
