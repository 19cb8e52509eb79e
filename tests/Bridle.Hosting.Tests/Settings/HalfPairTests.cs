using System.Text;
using Bridle.Hosting.Settings;

namespace Bridle.Hosting.Tests.Settings;

/// <summary>Half of a surrogate pair in what others wrote is refused in words where it is read, and throws nowhere later.</summary>
public sealed class HalfPairTests
{
    [Theory]
    [InlineData("""{ "model": "h@" }""")]
    [InlineData("""{ "@": 1 }""")]
    [InlineData("""{ "env": { "A@": "b" } }""")]
    [InlineData("""{ "permissions": { "deny": ["Bash(@)"] } }""")]
    [InlineData("""{ "permissions": [{ "tool": "@", "decision": "deny" }] }""")]
    [InlineData("""{ "unknown": [{ "deep": "@" }] }""")]
    public void Settings_are_refused_with_the_line(string json)
    {
        var bytes = Encoding.UTF8.GetBytes("// mine\n" + json.Replace("@", "\\ud800", StringComparison.Ordinal));

        var file = SettingsFile.Parse("settings.json", bytes);

        Assert.Null(file.Settings);
        Assert.StartsWith("Line 2", file.Error, StringComparison.Ordinal);
        Assert.Contains("half of a surrogate pair", file.Error, StringComparison.Ordinal);
        var finding = Assert.Single(SettingsReview.Of(bytes, "settings.json"));
        Assert.Equal(2, finding.Line);
        Assert.Contains("half of a surrogate pair", finding.Text, StringComparison.Ordinal);
    }
}
