using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Bridle.Architecture.Tests;

/// <summary>The checkout the tests were built from, as files and as parsed sources.</summary>
internal static class Checkout
{
    private static readonly string[] Generated = ["artifacts", "node_modules", ".git", "bin", "obj"];

    public static string Root { get; } = FindRoot();

    /// <summary>The C# files below <c>src</c>.</summary>
    public static IReadOnlyList<SourceFile> Sources { get; } = Parse("src");

    /// <summary>The C# files below <c>tests</c>.</summary>
    public static IReadOnlyList<SourceFile> Tests { get; } = Parse("tests");

    /// <summary>All files of the checkout that are not generated, by path relative to its root.</summary>
    public static IEnumerable<string> Files(string below, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, below), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(part => Generated.Contains(part) || part.StartsWith("artifacts-", StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static List<SourceFile> Parse(string folder) => [.. Files(folder, "*.cs").Select(file =>
        new SourceFile(file, CSharpSyntaxTree.ParseText(Read(file), new CSharpParseOptions(LanguageVersion.Preview))))];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Bridle.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside a checkout.");
    }
}

/// <summary>A parsed file, with its path relative to the root.</summary>
internal sealed record SourceFile(string Path, SyntaxTree Tree)
{
    public string Project => Path.Split('/')[1];

    public SyntaxNode Root => Tree.GetRoot();
}
