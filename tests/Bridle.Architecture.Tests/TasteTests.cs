using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bridle.Architecture.Tests;

public sealed partial class TasteTests
{
    private const int MostLines = 400;
    private const int MostMethodLines = 60;

    private static readonly string[] BadEndings = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Service", "Processor", "Handler", "Impl", "Base"];

    // Interfaces whose second implementation is the program of whoever uses the library.
    private static readonly string[] OneImplementation = ["IToolSource"];

    [Fact]
    public void No_file_is_longer_than_400_lines()
    {
        var wrong = from file in Checkout.Sources.Concat(Checkout.Tests)
                    let lines = file.Tree.GetText().Lines.Count
                    where lines > MostLines + 1
                    select $"{file.Path}: {lines}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void What_commands_write_with_values_in_it_goes_through_the_writer_that_shows_control_sequences()
    {
        // Tell and TellError show them; who writes directly says that the text is safe.
        var wrong = from file in Checkout.Sources
                    where file.Path.StartsWith("src/Bridle.Cli/", StringComparison.Ordinal)
                    from line in file.Tree.GetText().Lines
                    let text = line.ToString()
                    where RawWrite().IsMatch(text) && !text.Contains("VisibleText.", StringComparison.Ordinal) && !text.Contains("Json", StringComparison.Ordinal) && !text.Contains("Plain(", StringComparison.Ordinal) && !text.Contains("\\x1b", StringComparison.Ordinal)
                    select $"{file.Path}:{line.LineNumber + 1}: {text.Trim()}";
        Assert.Empty(wrong);
    }

    [GeneratedRegex(@"\b(Out|Error)\.Write(Line)?\(\$")]
    private static partial Regex RawWrite();

    [Fact]
    public void No_method_is_longer_than_60_lines()
    {
        var wrong = from file in Checkout.Sources
                    from method in file.Root.DescendantNodes().Where(node => node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax)
                    let span = method.GetLocation().GetLineSpan()
                    let lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1
                    where lines > MostMethodLines
                    select $"{file.Path}:{span.StartLinePosition.Line + 1}: {lines} lines";
        Assert.Empty(wrong);
    }

    [Fact]
    public void The_session_stays_small()
    {
        var session = Checkout.Sources.Single(file => file.Path == "src/Bridle/Sessions/Session.cs");
        Assert.InRange(session.Tree.GetText().Lines.Count, 1, 151);
    }

    [Fact]
    public void Types_and_folders_say_what_they_are()
    {
        var types = from file in Checkout.Sources
                    from type in file.Root.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
                    where BadEndings.Any(ending => type.Identifier.Text.EndsWith(ending, StringComparison.Ordinal))
                    select $"{file.Path}: {type.Identifier.Text}";
        var folders = Checkout.Sources.Select(file => Path.GetDirectoryName(file.Path)!).Distinct()
            .Where(folder => folder.Split('/').Any(part => part is "Utils" or "Common" or "Helpers" or "Shared" or "Misc"));
        Assert.Empty(types.Concat(folders));
    }

    [Fact]
    public void Regions_and_disabled_warnings_are_not_used()
    {
        var wrong = from file in Checkout.Sources
                    from trivia in file.Root.DescendantTrivia(descendIntoTrivia: true)
                    where trivia.IsKind(SyntaxKind.RegionDirectiveTrivia) || trivia.IsKind(SyntaxKind.PragmaWarningDirectiveTrivia)
                    select $"{file.Path}: {trivia}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void Partial_is_for_generated_code_only()
    {
        var wrong = from file in Checkout.Sources
                    from type in file.Root.DescendantNodes().OfType<TypeDeclarationSyntax>()
                    where type.Modifiers.Any(SyntaxKind.PartialKeyword)
                    where !type.DescendantNodes().OfType<MemberDeclarationSyntax>().Any(member => member.Modifiers.Any(SyntaxKind.PartialKeyword))
                    where type.BaseList?.Types.Any(parent => parent.Type.ToString() == "JsonSerializerContext") is not true
                    select $"{file.Path}: {type.Identifier.Text}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void An_interface_has_a_second_implementation_or_a_shipped_fake()
    {
        // The fake of a public interface ships in Bridle.Testing; that of an internal one may live in the tests.
        var doubles = Checkout.Tests.SelectMany(file => file.Root.DescendantNodes().OfType<TypeDeclarationSyntax>())
            .SelectMany(type => type.BaseList?.Types.Select(parent => parent.Type.ToString().Split('<')[0]) ?? []).ToHashSet();
        var implemented = Checkout.Sources
            .SelectMany(file => file.Root.DescendantNodes().OfType<TypeDeclarationSyntax>().Select(type => (file.Project, Type: type)))
            .Where(found => found.Type is not InterfaceDeclarationSyntax)
            .SelectMany(found => found.Type.BaseList?.Types.Select(parent => (found.Project, Name: parent.Type.ToString().Split('<')[0])) ?? [])
            .GroupBy(found => found.Name)
            .ToDictionary(found => found.Key, found => found.Any(one => one.Project == "Bridle.Testing") ? 2 : found.Count());
        var wrong = from file in Checkout.Sources
                    from type in file.Root.DescendantNodes().OfType<InterfaceDeclarationSyntax>()
                    where implemented.GetValueOrDefault(type.Identifier.Text) < 2 && !OneImplementation.Contains(type.Identifier.Text)
                    where type.Modifiers.Any(SyntaxKind.PublicKeyword) || !doubles.Contains(type.Identifier.Text)
                    select $"{file.Path}: {type.Identifier.Text} has {implemented.GetValueOrDefault(type.Identifier.Text)}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_tool_has_its_description_beside_it()
    {
        var wrong = Checkout.Files("src/Bridle.Tools", "*Tool.cs").Where(file => !File.Exists(Path.Combine(Checkout.Root, Path.ChangeExtension(file, ".md"))));
        Assert.Empty(wrong);
    }

    [Fact]
    public void Nothing_names_a_place_outside_the_checkout()
    {
        string[] endings = [".cs", ".md", ".sh", ".json", ".props", ".targets", ".csproj", ".mjs", ".js", ".txt", ".yml"];
        var wrong = from file in Checkout.Files(".", "*")
                    where endings.Contains(Path.GetExtension(file)) || Path.GetExtension(file).Length is 0
                    where !file.EndsWith("TasteTests.cs", StringComparison.Ordinal) && !file.Contains("attacks.jsonl", StringComparison.Ordinal)
                    from Match match in Outside().Matches(Checkout.Read(file))
                    select $"{file}: {match.Value}";
        Assert.Empty(wrong);
    }

    [GeneratedRegex(@"\.\./shared/|""resolved"": ?""http")]
    private static partial Regex Outside();
}
