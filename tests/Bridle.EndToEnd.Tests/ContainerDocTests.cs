using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

/// <summary>Does what <c>docs/containers.md</c> shows, with a scripted model and an engine that writes down what it is asked.</summary>
public sealed class ContainerDocTests : IDisposable
{
    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task The_example_runs_the_command_in_the_container_that_its_variables_name()
    {
        var example = Regex.Match(await File.ReadAllTextAsync(Document()), "```sh\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        foreach (Match variable in Regex.Matches(example, "^export (\\w+)=(\\S+)$", RegexOptions.Multiline))
        {
            _place.Environment[variable.Groups[1].Value] = variable.Groups[2].Value;
        }

        Assert.Equal("podman", _place.Environment["SANDBOX_CONTAINER_RUNTIME_EXECUTABLE"]);
        _place.Environment["SANDBOX_CONTAINER_RUNTIME_EXECUTABLE"] = Engine("podman");
        var asked = await RunAsync(Regex.Match(example, "^bridle run '(.*)'$", RegexOptions.Multiline).Groups[1].Value);
        Assert.Equal($"volume inspect {_place.Environment["SANDBOX_CONTAINER_WORKSPACE_VOLUME_NAME"]}", asked[0]);
        Assert.Contains($" -v {_place.Environment["SANDBOX_CONTAINER_WORKSPACE_VOLUME_NAME"]}:/workspace -w /workspace --network none ", asked[1], StringComparison.Ordinal);
        Assert.Contains($" {_place.Environment["SANDBOX_CONTAINER_IMAGE"]} /bin/sh ", asked[1], StringComparison.Ordinal);
        Assert.Contains("\"isolation\":\"container: changes only the volume", await File.ReadAllTextAsync(_place.Sessions.Single()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_variable_and_setting_has_its_effect()
    {
        _place.Environment["SANDBOX_CONTAINER_RUNTIME_EXECUTABLE"] = Engine("other-engine");
        _place.Environment["SANDBOX_CONTAINER_IMAGE"] = "registry.example/image:2";
        _place.Environment["SANDBOX_CONTAINER_WORKSPACE_VOLUME_NAME"] = "another-volume";
        var settings = Path.Combine(_place.Home, ".config/bridle/settings.json");
        Directory.CreateDirectory(Path.GetDirectoryName(settings)!);
        await File.WriteAllTextAsync(settings, """{"sandbox":{"container":{"network":true,"memoryMb":4096}}}""");
        var asked = await RunAsync("go on", "--allow", "execute_sandboxed_command");
        Assert.Contains(" -v another-volume:/workspace ", asked[1], StringComparison.Ordinal);
        Assert.Contains(" registry.example/image:2 /bin/sh ", asked[1], StringComparison.Ordinal);
        Assert.Contains(" --memory 4096m ", asked[1], StringComparison.Ordinal);
        Assert.DoesNotContain("--network", asked[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_volume_s_name_the_tool_is_not_offered()
    {
        await using var vendor = Vendors.Make("openai", _place, FakeTurn.Say("done"));
        await _place.RunAsync("run", "--model", Vendors.Model("openai"), "go on");
        Assert.DoesNotContain("execute_sandboxed_command", vendor.Bodies[0].GetRawText(), StringComparison.Ordinal);
    }

    private async Task<string[]> RunAsync(string prompt, params string[] flags)
    {
        await using var vendor = Vendors.Make("openai", _place, FakeTurn.Call("execute_sandboxed_command", """{"command":"echo hello"}"""), FakeTurn.Say("done"));
        var ended = await _place.RunAsync(["run", "--model", Vendors.Model("openai"), .. flags, prompt]);
        Assert.True(ended.Code is 0, ended.ToString());
        return await File.ReadAllLinesAsync(Path.Combine(_place.Home, "asked"));
    }

    private string Engine(string name)
    {
        var path = Path.Combine(_place.Home, name);
        File.WriteAllText(path, $"#!/bin/sh\necho \"$*\" >> '{_place.Home}/asked'\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private static string Document([CallerFilePath] string source = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "../../docs/containers.md"));
}
