using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Bridle.EndToEnd.Tests;

/// <summary>Runs the example of <c>docs/network.md</c> as it stands there.</summary>
public sealed class NetworkDocTests : IDisposable
{
    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task The_example_does_what_it_says()
    {
        var document = await File.ReadAllTextAsync(Document());
        var command = Block(document, "console").TrimStart('$', ' ').Trim();
        var arguments = Regex.Match(command, "^bridle run '(.*)'$").Groups[1].Value;
        Assert.NotEmpty(arguments);
        var refused = await _place.RunAsync("run", arguments);
        Assert.Contains(Block(document, "text").Trim().TrimEnd('.'), refused.Out + refused.Error, StringComparison.Ordinal);

        var settings = Path.Combine(_place.Home, ".config/bridle/settings.json");
        Directory.CreateDirectory(Path.GetDirectoryName(settings)!);
        await File.WriteAllTextAsync(settings, Block(document, "json"));
        var opened = await _place.RunAsync("run", arguments);
        Assert.DoesNotContain("no network rule names it", opened.Out + opened.Error, StringComparison.Ordinal);
        Assert.Contains("502", opened.Out + opened.Error, StringComparison.Ordinal);
    }

    private static string Block(string document, string language) => Fence(language).Match(document) is { Success: true } match ? match.Groups[1].Value : throw new InvalidDataException($"no {language} block");

    private static Regex Fence(string language) => new($"```{language}\n(.*?)```", RegexOptions.Singleline);

    private static string Document([CallerFilePath] string source = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "../../docs/network.md"));
}
