using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Tests.Loop;

public sealed class HistoryCheckTests
{
    private static readonly MessagePart Call = new ToolCallPart(new CallId("c1"), "Look", "{}");
    private static readonly MessagePart Result = new ToolResultPart(new CallId("c1"), "Look", [new TextPart("seen")], false);
    private static readonly MessagePart Text = new TextPart("x");

    [Fact]
    public void A_history_with_its_calls_answered_passes() =>
        HistoryCheck.Check(new ModelRequest { Messages = [User(Text), Model(Text, Call), User(Result, Text), Model(Text), User(Text)] });

    [Fact]
    public void What_a_vendor_refuses_is_refused_with_the_reason()
    {
        Refused("begin and end");
        Refused("begin and end", User(Text), Model(Text));
        Refused("begin and end", Model(Text), User(Text));
        Refused("do not alternate", User(Text), User(Text));
        Refused("it is empty", User());
        Refused("text is empty", User(new TextPart("")));
        Refused("call c1 has no result", User(Text), Model(Call), User(Text));
        Refused("two results", User(Text), Model(Call), User(Result, Result));
        Refused("answers no call", User(Result));
        Refused("must stand before", User(Text), Model(Call), User(Text, Result));
        Refused("was used before", User(Text), Model(Call), User(Result), Model(Call), User(Result));
        Refused("belongs to the model", User(Call));
        Refused("belongs to the user", User(Text), Model(Result), User(Text));
    }

    private static void Refused(string why, params Message[] messages) =>
        Assert.Contains(why, Assert.Throws<InvalidOperationException>(() => HistoryCheck.Check(new ModelRequest { Messages = messages })).Message, StringComparison.Ordinal);

    private static Message User(params MessagePart[] parts) => new(Role.User, parts);

    private static Message Model(params MessagePart[] parts) => new(Role.Assistant, parts);
}
