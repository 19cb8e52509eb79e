using System.Diagnostics;
using System.Text.Json;
using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

/// <summary>What people do all day works under the default profile, with packages from their registries, and nobody asked. A scripted model does it by <c>bridle run</c>.</summary>
public sealed class HonestWorkTests : IDisposable
{
    // Where this machine keeps the certificates that it trusts, and how it wants them checked.
    private static readonly string[] s_machine = ["SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "NUGET_CERT_REVOCATION_MODE"];

    private readonly Place _place = new();

    public HonestWorkTests()
    {
        foreach (var name in s_machine)
        {
            if (System.Environment.GetEnvironmentVariable(name) is { } value)
            {
                _place.Environment[name] = value;
            }
        }
    }

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Dotnet_builds_and_tests_with_packages()
    {
        _place.Write("src/Sum/Sum.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>""");
        _place.Write("src/Sum/Sum.cs", "namespace Sum; public static class Sums { public static int Of(int a, int b) => a + b; }\n");
        _place.Write("tests/Sum.Tests/Sum.Tests.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Microsoft.NET.Test.Sdk" Version="17.14.1" />
                <PackageReference Include="xunit" Version="2.9.3" />
                <PackageReference Include="xunit.runner.visualstudio" Version="3.1.4" />
                <ProjectReference Include="../../src/Sum/Sum.csproj" />
              </ItemGroup>
            </Project>
            """);
        _place.Write("tests/Sum.Tests/SumTests.cs", "public class SumTests { [Xunit.Fact] public void Adds() => Xunit.Assert.Equal(3, Sum.Sums.Of(1, 2)); }\n");
        var results = await RunAsync([], Bash("dotnet build tests/Sum.Tests --nologo -v q"), Bash("dotnet test tests/Sum.Tests --nologo --no-build"));
        Assert.Contains("0 Error(s)", results[0], StringComparison.Ordinal);
        Assert.Contains("Passed!", results[1], StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_place.Home, ".nuget", "packages")), "the person's own package folder was written to");
    }

    [Fact]
    public async Task Npm_installs_and_tests()
    {
        _place.Write("package.json", """{"name":"app","version":"1.0.0","scripts":{"test":"node --test"},"dependencies":{"is-odd":"3.0.1"}}""");
        _place.Write("app.test.js", "const test = require('node:test'); test('odd', () => require('node:assert').ok(require('is-odd')(3)));\n");
        var results = await RunAsync([], Bash("npm install --no-audit"), Bash("npm test"));
        Assert.Contains("added", results[0], StringComparison.Ordinal);
        Assert.Contains("pass 1", results[1], StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_place.Home, ".npm")), "the person's own cache was written to");
    }

    [Fact]
    public async Task Cargo_builds_and_tests_what_needs_no_crate()
    {
        // A cargo of rustup looks for its toolchain in the home folder, which is another one here.
        _place.Environment["RUSTUP_HOME"] = System.Environment.GetEnvironmentVariable("RUSTUP_HOME") ?? Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".rustup");
        SkipUnlessThere("cargo", "--version");
        _place.Write("Cargo.toml", "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n");
        _place.Write("src/lib.rs", "#[test]\nfn writes() { assert_eq!(3.to_string(), \"3\"); }\n");
        var results = await RunAsync([], Bash("cargo test --quiet 2>&1"));
        Assert.True(results[0].Contains("1 passed", StringComparison.Ordinal), results[0]);
        Assert.False(Directory.Exists(Path.Combine(_place.Home, ".cargo")), "the person's own cache was written to");
    }

    [Fact]
    public async Task Git_commits_by_its_tool_and_Bash_names_that_tool()
    {
        Plain("git", "init", "-q", "-b", "main");
        Plain("git", "config", "user.name", "A");
        Plain("git", "config", "user.email", "a@b.example");
        _place.Write("a.txt", "one\n");
        var results = await RunAsync(
            ["--allow", "Git"], Bash("git add a.txt && git commit -m first"), Call("Git", """{"verb":"add","arguments":["a.txt"]}"""), Call("Git", """{"verb":"commit","arguments":["-m","first"]}"""), Bash("git log --oneline"));
        Assert.Contains("Git tool", results[0], StringComparison.Ordinal);
        Assert.Contains("first", results[3], StringComparison.Ordinal);
        Assert.Equal("first", Plain("git", "log", "-1", "--format=%s").Trim());
    }

    [Fact]
    public async Task A_host_that_no_rule_names_is_refused_and_the_result_says_which_rule_is_missing()
    {
        _place.Write("package.json", """{"name":"app","version":"1.0.0"}""");
        var results = await RunAsync([], Bash("curl -sS -m 20 https://not-named.example/"));
        Assert.Contains("not-named.example:443 was not reached", results[0], StringComparison.Ordinal);
        Assert.Contains("sandbox.network.allowedDomains", results[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("container")]
    [InlineData("seatbelt")]
    public async Task A_backend_that_is_named_and_cannot_be_had_is_never_replaced_by_none(string backend)
    {
        var settings = Path.Combine(_place.Home, ".config/bridle/settings.json");
        Directory.CreateDirectory(Path.GetDirectoryName(settings)!);
        await File.WriteAllTextAsync(settings, $$"""{"sandbox": {"backend": "{{backend}}" } }""");
        var ended = await _place.RunAsync("run", "run `touch ran`");
        Assert.True(ended.Code is 2, ended.ToString());
        Assert.Contains("demanded", ended.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_place.Work, "ran")));
    }

    /// <summary>Runs the calls one after another and returns what the model was told about each.</summary>
    private async Task<IReadOnlyList<string>> RunAsync(string[] flags, params FakeTurn[] calls)
    {
        await using var vendor = Vendors.Make("openai", _place, [.. calls, FakeTurn.Say("done")]);
        using var process = _place.Start(["run", "--model", Vendors.Model("openai"), .. flags, "go on"]);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        var told = vendor.Bodies[^1].GetProperty("messages").EnumerateArray().Where(message => message.GetProperty("role").GetString() == "tool").Select(message => message.GetProperty("content").ToString()).ToList();
        Assert.True(process.ExitCode is 0 && told.Count == calls.Length, $"exit {process.ExitCode}\n{await output}\n{await error}\n{string.Join("\n---\n", told)}");
        return told;
    }

    private static void SkipUnlessThere(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            Assert.SkipUnless(process.ExitCode == 0, $"{program} does not work here");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{program} is not installed");
        }
    }

    private static FakeTurn Bash(string command) => Call("Bash", $$"""{"command":"{{JsonEncodedText.Encode(command)}}","timeout":400}""");

    private static FakeTurn Call(string tool, string arguments) => FakeTurn.Call(tool, arguments);

    private string Plain(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = _place.Work, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
