using System.Diagnostics;
using System.Text.Json;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

/// <summary>Skills as other people published them, taken from their packages as they are.</summary>
public sealed class PublishedSkillTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Theory]
    [InlineData("openskills@1.5.0", "package/examples", "my-first-skill")]
    [InlineData("@playwright/cli@0.1.22", "package/skills", "playwright-cli")]
    public async Task They_load_unchanged_and_are_used(string package, string folder, string name)
    {
        var skills = Path.Combine(await UnpackedAsync(package), folder);
        Directory.CreateDirectory(Path.Combine(_stage.Home, ".claude"));
        Directory.CreateSymbolicLink(Path.Combine(_stage.Home, ".claude", "skills"), skills);
        await _stage.RunAsync("skills", "list", "--json");
        using var json = JsonDocument.Parse(_stage.Out.Take());
        var skill = Assert.Single(json.RootElement.GetProperty("skills").EnumerateArray(), one => one.GetProperty("name").GetString() == name);
        Assert.Empty(skill.GetProperty("warnings").EnumerateArray());
        Assert.Empty(json.RootElement.GetProperty("left").EnumerateArray());
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("skills", "validate", Path.Combine(_stage.Home, ".claude/skills", name)));
        var model = new ScriptedModel(ScriptedReply.Calls(("Skill", $$"""{"skill":"{{name}}"}""")), ScriptedReply.Text("Done."));
        _stage.Model = model;
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "Use it."));
        Assert.Contains($"\n- {name}: {skill.GetProperty("description").GetString()}", model.Requests[0].System);
        var text = await File.ReadAllTextAsync(Path.Combine(skills, name, "SKILL.md"), TestContext.Current.CancellationToken);
        Assert.Contains(text.Split("\n---\n", 2)[1].Trim().Split('\n')[0], string.Concat(model.Requests[1].Messages.Select(message => message.Text)));
    }

    // Downloaded once; what npm gives for a version never changes.
    private static async Task<string> UnpackedAsync(string package)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "published", package.Replace('/', '-'));
        if (!Directory.Exists(Path.Combine(folder, "package")))
        {
            Directory.CreateDirectory(folder);
            await RunAsync(folder, "npm", "pack", package, "--silent");
            await RunAsync(folder, "tar", "xzf", Path.GetFileName(Directory.GetFiles(folder, "*.tgz")[0]));
        }

        return folder;
    }

    private static async Task RunAsync(string folder, string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode is 0, $"{program} {string.Join(' ', arguments)}: {errors}{await said}");
    }
}
