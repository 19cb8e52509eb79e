using System.Text.Json;

namespace Bridle.Cli.Tests.Commands;

/// <summary>What <c>bridle context show</c> says of what holds a session beside its beginning.</summary>
public sealed class ContextControlTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task Limits_checks_sealed_files_and_sensors_have_a_row_each_with_who_says_so()
    {
        var own = _stage.Write("home/.config/bridle/settings.json", """
            { "maxDayCost": 2.5, "acceptance": [ { "command": "npm test" } ], "sealedFiles": ["tests/**"], "sensors": { "define": { "lint": { "command": "eslint {files}" }, "off": { "command": "x", "enabled": false } } } }
            """);
        var project = _stage.Write("work/.bridle/settings.json", """{ "maxDayCost": 1, "sealedFiles": ["golden.txt"], "acceptance": [ { "file": "waits.txt" } ] }""");
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("context", "show"));
        var rows = _stage.Out.Take().Split('\n');
        Assert.Contains($"limit  0  0  maxDayCost $1 ({project}, {own})", rows.Select(Squeezed));
        Assert.Contains($"check  0  0  command 'npm test' succeeds ({own})", rows.Select(Squeezed));
        Assert.Contains($"sealed  0  0  tests/** ({own})", rows.Select(Squeezed));
        Assert.Contains($"sealed  0  0  golden.txt ({project})", rows.Select(Squeezed));
        Assert.Contains($"sensor  0  0  lint: eslint {{files}} ({own})", rows.Select(Squeezed));
        Assert.DoesNotContain(rows, row => row.Contains("waits.txt", StringComparison.Ordinal) || row.Contains("off: x", StringComparison.Ordinal));

        await _stage.RunAsync("context", "show", "--json");
        using var json = JsonDocument.Parse(_stage.Out.Take());
        var controls = json.RootElement.GetProperty("controls").EnumerateArray().Select(one => (one.GetProperty("kind").GetString(), one.GetProperty("what").GetString(), one.GetProperty("source").GetString())).ToList();
        Assert.Contains(("limit", "maxDayCost $1", $"{project}, {own}"), controls);
        Assert.Contains(controls, one => one is ("limit", _, "built in"));
        Assert.Equal(["limit", "check", "sealed", "sensor"], controls.Select(one => one.Item1).Distinct());
    }

    private static string Squeezed(string row) => System.Text.RegularExpressions.Regex.Replace(row, " {2,}", "  ");
}
