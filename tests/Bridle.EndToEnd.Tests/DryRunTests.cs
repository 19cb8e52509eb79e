using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

/// <summary>What a dry run does to the machine, seen from outside.</summary>
public sealed class DryRunTests
{
    [Fact]
    public async Task It_opens_no_socket_starts_no_program_and_writes_no_file()
    {
        await using var vendor = new FakeHttpServer(_ => FakeReply.Json(200, "{}"));
        var trace = Path.GetTempFileName();
        try
        {
            using var place = new Place { Under = ["strace", "-f", "-qq", "-e", "trace=%network,execve,fork,vfork,openat,mkdir,mkdirat,unlink,unlinkat,rename,renameat2,link,symlink,chmod", "-e", "signal=none", "-o", trace] };
            place.Environment["DOTNET_EnableDiagnostics"] = "0";
            Directory.CreateDirectory(Path.Combine(place.Home, ".config/bridle"));
            await File.WriteAllTextAsync(Path.Combine(place.Home, ".config/bridle/settings.json"), $$"""
                { "model": "mine/some", "providers": { "mine": { "api": "openai", "baseUrl": "{{vendor.Url}}", "apiKeyHelper": "echo k" } },
                  "sandbox": { "network": { "allowedDomains": ["example.com"] } },
                  "hooks": { "SessionStart": [{ "hooks": [{ "type": "command", "command": "true" }] }] } }
                """, TestContext.Current.CancellationToken);
            var ended = await place.RunAsync("run", "--dry-run", "list the files here");
            Assert.True(ended.Code is 0, ended.ToString());
            Assert.Contains("mine/some", ended.Out);
            var did = File.ReadLines(trace).Where(line => !line.Contains("ENOENT", StringComparison.Ordinal) && line.Contains('(')).Select(line => line[(line.IndexOf(' ') + 1)..].TrimStart()).ToList();
            Assert.Single(did, line => line.StartsWith("execve(", StringComparison.Ordinal));
            Assert.DoesNotContain(did, line => !line.StartsWith("execve(", StringComparison.Ordinal) && !line.StartsWith("openat(", StringComparison.Ordinal));
            // Threads name themselves there.
            Assert.DoesNotContain(did, line => line.StartsWith("openat(", StringComparison.Ordinal) && (line.Contains("O_WRONLY", StringComparison.Ordinal) || line.Contains("O_RDWR", StringComparison.Ordinal) || line.Contains("O_CREAT", StringComparison.Ordinal))
                && !line.Contains("/proc/self/", StringComparison.Ordinal) && !line.Contains("\"/dev/", StringComparison.Ordinal));
            Assert.Equal(0, vendor.Connections);
        }
        finally
        {
            File.Delete(trace);
        }
    }
}
