using Bridle.Cli.Chat;

namespace Bridle.Cli.Tests.Reference;

public sealed class KeysReferenceTests
{
    [Fact]
    public void Every_key_is_in_the_reference() => ReferencePage.Check(
        "keys.md", ("keys", ReferencePage.Table(["Where", "Keys", "What they do"], KeyTable.All.Select(row => (IReadOnlyList<string>)[row.Where, row.Keys, row.Does]))));
}
