using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

/// <summary>
/// A failing build of a real C# project becomes a good one. The scripted model knows nothing of the project: all that it does after its first edit follows from file, line and code
/// in the request, read as they stand there.
/// </summary>
public sealed partial class SensorTests : IDisposable
{
    private const string Project = """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>""";
    private const string Broken = "var total = 2 + 3;\nConsole.WriteLine(total)\nreturn 0;\n";

    private const string Settings = """
        { "sensors": { "define": { "build": { "command": "dotnet build --nologo -v q", "files": ["**/*.cs", "**/*.csproj"], "enabled": ON } } } }
        """;

    private readonly Place _place = new();

    public SensorTests()
    {
        _place.Write("app/app.csproj", Project);
        _place.Write("app.slnx", """<Solution><Project Path="app/app.csproj" /></Solution>""");
    }

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task A_build_that_fails_is_told_with_file_line_and_code_and_put_right_from_these_alone()
    {
        await using var vendor = Vendor();
        var ended = await RunAsync(on: true);
        Assert.True(ended.Code is 0, ended.ToString());
        Assert.Equal(Broken.Replace("(total)", "(total);", StringComparison.Ordinal), _place.Read("app/Program.cs"));
        using var result = JsonDocument.Parse(ended.Out);
        var sensor = Assert.Single(result.RootElement.GetProperty("sensors").EnumerateArray());
        Assert.Equal(("build", "green", 0), (sensor.GetProperty("sensor").GetString(), sensor.GetProperty("state").GetString(), sensor.GetProperty("errors").GetInt32()));
        var looks = File.ReadLines(_place.Sessions.Single()).Select(line => JsonDocument.Parse(line).RootElement).Where(record => record.GetProperty("type").GetString() is "sensor_ran").ToList();
        Assert.Equal(["red", "green"], looks.Select(look => look.GetProperty("state").GetString()));
        var signal = Assert.Single(looks[0].GetProperty("signals").EnumerateArray());
        Assert.Equal(("app/Program.cs", 2, "CS1002", "block"), (signal.GetProperty("file").GetString(), signal.GetProperty("line").GetInt32(), signal.GetProperty("code").GetString(), signal.GetProperty("severity").GetString()));
        Assert.Empty(vendor.Refusals);
    }

    [Fact]
    public async Task With_the_sensor_off_the_same_run_leaves_a_project_that_does_not_build()
    {
        await using var vendor = Vendor();
        var ended = await RunAsync(on: false);
        Assert.True(ended.Code is 0, ended.ToString());
        Assert.Equal(Broken, _place.Read("app/Program.cs"));
        using var build = _place.StartProgram("dotnet", "build", "--nologo", "-v", "q");
        var built = await Place.EndAsync(build);
        Assert.True(built.Code is 1 && built.Out.Contains("error CS1002", StringComparison.Ordinal), built.ToString());
    }

    private FakeOpenAiChat Vendor()
    {
        var vendor = new FakeOpenAiChat { Script = (_, request) => Answer(request) };
        Vendors.Point("openai", _place, vendor);
        return vendor;
    }

    private Task<Ended> RunAsync(bool on)
    {
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_place.Home, ".config/bridle")).FullName, "settings.json"), Settings.Replace("ON", on ? "true" : "false", StringComparison.Ordinal));
        return _place.RunAsync("run", "--model", "openai/test-model", "--output", "json", "Write a program that prints 2 + 3.");
    }

    // Whatever it knows stands in the last message.
    private static FakeTurn Answer(JsonElement request)
    {
        var messages = request.GetProperty("messages").EnumerateArray().ToList();
        var last = messages[^1].GetProperty("content").ToString();
        if (messages.Count(message => message.GetProperty("role").GetString() is "assistant") == 0)
        {
            return FakeTurn.Call("Write", $$"""{"file_path":"app/Program.cs","content":{{Quoted(Broken)}}}""");
        }

        if (Signal().Match(last) is { Success: true } signal && signal.Groups["code"].Value is "CS1002")
        {
            return FakeTurn.Call("Read", $$"""{"file_path":{{Quoted(signal.Groups["file"].Value)}},"offset":{{int.Parse(signal.Groups["line"].Value, CultureInfo.InvariantCulture) - 1}},"limit":1}""");
        }

        if (messages[^1].GetProperty("role").GetString() is "tool" && ReadLine().Match(last) is { Success: true } line)
        {
            // A semicolon is missing where the last signal said.
            var named = messages.Select(message => Signal().Match(message.GetProperty("content").ToString())).Last(match => match.Success).Groups["file"].Value;
            return FakeTurn.Call("Edit", $$"""{"file_path":{{Quoted(named)}},"old_string":{{Quoted(line.Groups["text"].Value)}},"new_string":{{Quoted(line.Groups["text"].Value + ";")}}}""");
        }

        return FakeTurn.Say("It is done.");
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    [GeneratedRegex(@"(?m)^(?<file>\S+?):(?<line>\d+):\d+: error (?<code>CS\d+): ")]
    private static partial Regex Signal();

    [GeneratedRegex(@"(?m)^\s*\d+[\t→](?<text>.+)$")]
    private static partial Regex ReadLine();
}
