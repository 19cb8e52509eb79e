using System.Text.RegularExpressions;
using Bridle.Hosting.Providers;

namespace Bridle.Cli.Tests.Reference;

public sealed partial class EnvironmentReferenceTests
{
    [Fact]
    public void The_variables_of_every_provider_are_in_the_reference()
    {
        var rows = KnownProviders.Default.Providers.Where(provider => provider.Api != "rehearsal").Select(provider => (IReadOnlyList<string>)
        [
            $"`{provider.Name}`", Names([.. provider.KeyVariables]), Names([provider.BaseUrlVariable]), Names([provider.ModelVariable]),
            $"`{provider.BaseUrl}`", provider.DefaultModel is { } model ? $"`{model}`" : "",
        ]);
        ReferencePage.Check("environment.md", ("providers", ReferencePage.Table(["Provider", "Key", "Address", "Model", "Address otherwise", "Model otherwise"], rows)));
    }

    [Fact]
    public void Every_variable_that_the_sources_read_is_in_the_reference()
    {
        var page = ReferencePage.Read("environment.md");
        var sources = Directory.EnumerateFiles(Path.Combine(ReferencePage.Root, "src"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText);
        var read = sources.Append(File.ReadAllText(Path.Combine(ReferencePage.Root, "bridle"))).SelectMany(text => Reading().Matches(text)).Select(match => match.Groups["name"].Value).ToHashSet();
        Assert.Contains("BRIDLE_MODEL", read);
        Assert.Contains("BRIDLE_REBUILD", read);
        Assert.Contains("XDG_DATA_HOME", read);
        Assert.Contains("HARNESS_HTTP_TIMEOUT_SECS", read);
        Assert.Equal([], read.Where(name => !page.Contains($"`{name}`", StringComparison.Ordinal)));
    }

    private static string Names(IReadOnlyList<string?> names) => string.Join(", ", names.OfType<string>().Select(name => $"`{name}`"));

    [GeneratedRegex("""(?:nvironment\[|GetEnvironmentVariable\(|Place\(|const string \w*Variable = )"(?<name>[A-Z][A-Z0-9_]+)"|"(?<name>(?:BRIDLE|HARNESS|XDG)_[A-Z_]+)"|\$\{(?<name>BRIDLE_\w+)""")]
    private static partial Regex Reading();
}
