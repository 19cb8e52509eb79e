using System.Xml.Linq;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bridle.Architecture.Tests;

public sealed class ArrowTests
{
    // Who may reference whom. An arrow that turns round, or a new one, fails here and needs a decision.
    private static readonly Dictionary<string, string[]> Projects = new()
    {
        ["Bridle"] = [],
        ["Bridle.Generators"] = [],
        ["Bridle.Models"] = ["Bridle"],
        ["Bridle.Tools"] = ["Bridle", "Bridle.Generators"],
        ["Bridle.Recall"] = ["Bridle", "Bridle.Generators"],
        ["Bridle.Telemetry"] = ["Bridle"],
        ["Bridle.Hosting"] = ["Bridle.Models", "Bridle.Recall", "Bridle.Telemetry", "Bridle.Tools"],
        ["Bridle.Cli"] = ["Bridle.Hosting"],
        ["Bridle.Testing"] = ["Bridle"],
    };

    private static readonly Dictionary<string, string[]> Packages = new()
    {
        ["Bridle"] = [],
        ["Bridle.Generators"] = ["Microsoft.CodeAnalysis.CSharp"],
        ["Bridle.Models"] = ["Microsoft.Extensions.AI.Abstractions"],
        ["Bridle.Tools"] = ["AngleSharp"],
        ["Bridle.Recall"] = ["Microsoft.Extensions.AI.Abstractions"],
        ["Bridle.Telemetry"] = ["OpenTelemetry", "OpenTelemetry.Exporter.OpenTelemetryProtocol"],
        ["Bridle.Hosting"] = ["Microsoft.Extensions.DependencyInjection.Abstractions", "YamlDotNet"],
        ["Bridle.Cli"] = ["System.CommandLine"],
        ["Bridle.Testing"] = [],
    };

    // The kernel's folders in reading order: a folder uses only those above it.
    private static readonly string[] KernelOrder =
    [
        "Messages", "Events", "Journal", "Models", "Workspaces", "Tools", "Hooks", "Permissions", "Sandboxing",
        "Context", "Memory", "Skills", "Runs", "Sensors", "Loop", "Sessions",
    ];

    // Types that the compiler looks for by name where the framework is too old to have them.
    private static readonly string[] Polyfills = ["src/Bridle.Generators/System/Runtime/CompilerServices/IsExternalInit.cs"];

    [Fact]
    public void Projects_reference_only_what_the_design_allows()
    {
        var actual = Checkout.Files("src", "*.csproj").ToDictionary(ProjectName, References("ProjectReference"));
        Assert.Equal(Projects.Keys.Order(), actual.Keys.Order());
        Assert.All(actual, project => Assert.Equal(Projects[project.Key].Order(), project.Value));
    }

    [Fact]
    public void Projects_use_only_the_packages_that_are_listed()
    {
        var actual = Checkout.Files("src", "*.csproj").ToDictionary(ProjectName, References("PackageReference"));
        Assert.All(actual, project => Assert.Equal(Packages[project.Key].Order(), project.Value));
    }

    [Fact]
    public void A_kernel_folder_uses_only_the_folders_above_it()
    {
        var wrong = from file in Checkout.Sources
                    where file.Project == "Bridle" && file.Path.Split('/').Length > 3
                    let folder = Array.IndexOf(KernelOrder, file.Path.Split('/')[2])
                    from used in file.Root.DescendantNodes().OfType<UsingDirectiveSyntax>()
                    let name = used.Name?.ToString() ?? ""
                    where name.StartsWith("Bridle.", StringComparison.Ordinal)
                    where folder < 0 || Array.IndexOf(KernelOrder, name.Split('.')[1]) > folder
                    select $"{file.Path} uses {name}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void Namespaces_are_the_folders()
    {
        var wrong = from file in Checkout.Sources
                    from space in file.Root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>()
                    let expected = string.Join('.', file.Path.Split('/')[1..^1])
                    where !Polyfills.Contains(file.Path)
                    where space.Name.ToString() != expected
                    select $"{file.Path} is in {space.Name}, not in {expected}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void Tools_reach_the_world_only_through_the_doors()
    {
        string[] banned = ["File", "Directory", "FileInfo", "DirectoryInfo", "Process", "HttpClient", "SocketsHttpHandler", "Socket"];
        var wrong = from file in Checkout.Sources
                    where file.Project == "Bridle.Tools"
                    from access in file.Root.DescendantNodes().OfType<IdentifierNameSyntax>()
                    where banned.Contains(access.Identifier.Text)
                    where access.Parent is MemberAccessExpressionSyntax { Expression: var left } && left == access
                        || access.Parent is ObjectCreationExpressionSyntax
                    select $"{file.Path}: {access.Parent}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void Only_the_command_line_speaks_to_the_console()
    {
        var wrong = from file in Checkout.Sources
                    where file.Project != "Bridle.Cli"
                    from access in file.Root.DescendantNodes().OfType<MemberAccessExpressionSyntax>()
                    where access.Expression is IdentifierNameSyntax { Identifier.Text: "Console" }
                    select $"{file.Path}: {access}";
        Assert.Empty(wrong);
    }

    private static string ProjectName(string path) => Path.GetFileNameWithoutExtension(path);

    private static Func<string, IEnumerable<string>> References(string kind) => path =>
        [.. XDocument.Parse(Checkout.Read(path)).Descendants(kind)
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/') + (kind == "ProjectReference" ? "" : ".x")))
            .Order()];
}
