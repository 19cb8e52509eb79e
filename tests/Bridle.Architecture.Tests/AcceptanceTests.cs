using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bridle.Architecture.Tests;

public sealed partial class AcceptanceTests
{
    [Fact]
    public void Every_test_named_in_the_acceptance_table_exists()
    {
        var tests = (from file in Checkout.Tests
                     from type in file.Root.DescendantNodes().OfType<ClassDeclarationSyntax>()
                     from method in type.Members.OfType<MethodDeclarationSyntax>()
                     where method.AttributeLists.Count > 0
                     select $"{type.Identifier.Text}.{method.Identifier.Text}").ToHashSet(StringComparer.Ordinal);
        var named = TestName().Matches(Checkout.Read("docs/acceptance.md")).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(named);
        Assert.Equal([], named.Except(tests));
        Assert.Equal([], ClassName().Matches(Checkout.Read("docs/acceptance.md")).Select(match => match.Groups[1].Value).Except(tests.Select(test => test.Split('.')[0])));
    }

    [GeneratedRegex(@"`([A-Z]\w+Tests\.[A-Za-z0-9_]+)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"`([A-Z]\w+Tests)\.\*`")]
    private static partial Regex ClassName();
}
