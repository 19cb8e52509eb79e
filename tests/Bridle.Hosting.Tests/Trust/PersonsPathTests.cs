using Bridle.Hosting.Providers;
using Bridle.Hosting.Sandboxes;
using Bridle.Hosting.Settings;
using Bridle.Hosting.Trust;

namespace Bridle.Hosting.Tests.Trust;

/// <summary>Where programs are looked for that run as the person does: nowhere that a confined program can write to.</summary>
public sealed class PersonsPathTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _work;

    public PersonsPathTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows looks elsewhere.");
        _work = Directory.CreateDirectory(Path.Combine(_folder.Path, "work")).FullName;
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folders_that_confined_programs_write_to_are_left_out_also_through_links_and_relative_ones_always()
    {
        var inside = Directory.CreateDirectory(Path.Combine(_work, ".venv", "bin")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "link"), inside);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "tools"));
        Directory.CreateDirectory(Path.Combine(_folder.Path, "more"));
        _folder.Write(".config/bridle/settings.json", $$"""{ "sandbox": { "filesystem": { "allowWrite": ["{{_folder.Path}}/tools", "sub"] } }, "permissions": { "additionalDirectories": ["{{_folder.Path}}/more"] } }""");
        var path = PersonsPath.For(HostFiles.Read(_folder.Environment(), _work));

        Assert.Equal($"/usr/bin:{_folder.Path}/works", path.Of($"{inside}:/usr/bin:.:{_folder.Path}/link:bin::{_work}:{_folder.Path}/tools:{_folder.Path}/more/bin:{_folder.Path}/works"));
    }

    [Fact]
    public void A_container_engine_that_was_put_into_the_workspace_is_not_taken()
    {
        _folder.Program("work/.venv/bin/podman", $"#!/bin/sh\necho planted >> {_folder.Path}/calls\n");
        _folder.Program("tools/podman", $"#!/bin/sh\necho right >> {_folder.Path}/calls\n");
        _folder.Write(".config/bridle/settings.json", """{ "sandbox": { "backend": "container" } }""");
        var files = HostFiles.Read(_folder.Environment(("PATH", $"{_work}/.venv/bin:{_folder.Path}/tools:/usr/bin:/bin"), ("SANDBOX_CONTAINER_WORKSPACE_VOLUME_NAME", "vol")), _work);

        Assert.True(ContainerSetup.Sandbox(files).Probe().Works);

        Assert.Equal(["right"], File.ReadLines(Path.Combine(_folder.Path, "calls")).Distinct());
    }

    [Fact]
    public async Task A_command_that_prints_a_key_looks_for_nothing_in_the_workspace()
    {
        var all = Environment.GetEnvironmentVariable("PATH")!;
        var first = all.Split(':').First(one => one.StartsWith('/') && Directory.Exists(one) && one is not ("/bin" or "/usr/bin"));
        _folder.Write(".config/bridle/settings.json", """{ "providers": { "anthropic": { "apiKeyHelper": "echo $PATH" } } }""");
        var files = HostFiles.Read(_folder.Environment(), first);

        var chosen = Assert.IsType<ProviderChosen>(await files.ResolveAsync(new() { Model = "anthropic/m" }, _ => Task.FromResult<IReadOnlyList<LocalServerFound>>([]), TestContext.Current.CancellationToken));

        Assert.Contains("/usr/bin", chosen.Choice.Key!.Split(':'));
        Assert.DoesNotContain(first, chosen.Choice.Key!.Split(':'));
    }
}
