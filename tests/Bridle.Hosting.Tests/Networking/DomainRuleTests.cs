using System.Net;
using Bridle.Hosting.Networking;
using Bridle.Messages;
using Bridle.Sandboxing;

namespace Bridle.Hosting.Tests.Networking;

public sealed class DomainRuleTests
{
    [Theory]
    [InlineData("*.com")]
    [InlineData("a.*.com")]
    [InlineData("https://a.example")]
    [InlineData("a.example/path")]
    [InlineData("a.example:0")]
    [InlineData("a.example:70000")]
    [InlineData("a.example:x")]
    [InlineData("a b.example")]
    [InlineData("")]
    [InlineData("a\0.example")]
    [InlineData("127.1")]
    public void What_is_no_rule_or_too_wide_a_one_is_told(string text)
    {
        Assert.Null(DomainRule.Parse(text, "settings.json", out var problem));
        Assert.Contains("settings.json", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*", "*", null)]
    [InlineData("Example.COM.", "example.com", null)]
    [InlineData("domain:example.com", "example.com", null)]
    [InlineData("*.example.com:8443", "*.example.com", 8443)]
    [InlineData("10.0.0.5:80", "10.0.0.5", 80)]
    [InlineData("[2001:db8::1]:80", "2001:db8::1", 80)]
    public void A_rule_is_a_host_and_perhaps_a_port(string text, string host, int? port)
    {
        var rule = DomainRule.Parse(text, "x", out var problem);
        Assert.True(rule is not null, problem);
        Assert.Equal((host, port), (rule.Host, rule.Port));
    }

    [Theory]
    [InlineData("name.example", "93.184.216.34", true)]
    [InlineData("name.example", "10.1.2.3", false)]
    [InlineData("name.example", "127.0.0.1", false)]
    [InlineData("name.example", "169.254.169.254", false)]
    [InlineData("name.example", "::1", false)]
    [InlineData("name.example", "::ffff:127.0.0.1", false)]
    [InlineData("name.example", "fe80::1", false)]
    [InlineData("name.example", "fd00::1", false)]
    [InlineData("name.example", "64:ff9b::7f00:1", false)]
    [InlineData("name.example private", "10.1.2.3", true)]
    [InlineData("name.example private", "fd12::1", true)]
    [InlineData("name.example private", "127.0.0.1", false)]
    [InlineData("name.example private", "::ffff:127.0.0.1", false)]
    [InlineData("name.example private", "169.254.169.254", false)]
    [InlineData("name.example private", "fe80::1", false)]
    [InlineData("name.example private", "0.0.0.0", false)]
    [InlineData("name.example private", "64:ff9b::7f00:1", false)]
    [InlineData("10.1.2.3", "10.1.2.3", true)]
    [InlineData("127.0.0.1", "127.0.0.1", false)]
    [InlineData("169.254.169.254", "169.254.169.254", false)]
    [InlineData("*", "127.0.0.1", false)]
    [InlineData("*", "10.0.0.1", false)]
    [InlineData("localhost:81", "127.0.0.1", true)]
    [InlineData("localhost:81", "93.184.216.34", false)]
    [InlineData("localhost", "127.0.0.1", false)]
    public async Task Which_address_a_name_may_lead_to_depends_on_its_rule(string text, string address, bool mayDial)
    {
        var rule = ProxyStage.Rule(text.Split(' ')[0]) with { MayBePrivate = text.EndsWith(" private", StringComparison.Ordinal) };
        var dials = new ProxyDials(Workspaces.PublicAddresses.Contains, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(address)]));

        // The connection is cancelled before it is made: an address that may be dialled gets that far, another is refused before.
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var problem = await Record.ExceptionAsync(async () => await dials.ConnectAsync(rule, rule.Host == "*" ? "any.example" : rule.Host, 81, cancelled.Token));
        if (mayDial)
        {
            Assert.IsAssignableFrom<OperationCanceledException>(problem);
        }
        else
        {
            Assert.Contains("leads to", Assert.IsType<ToolException>(problem).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Cutting_and_changing_a_first_message_never_makes_it_throw()
    {
        byte[] hello =
        [
            22, 3, 1, 0, 61, 1, 0, 0, 57, 3, 3, .. new byte[32], 0, 0, 2, 19, 1, 1, 0, 0, 14, 0, 0, 0, 10, 0, 8, 0, 0, 5, (byte)'a', (byte)'.', (byte)'x', (byte)'y', (byte)'z',
        ];
        Assert.Equal(new ClientHello(true, true, "a.xyz"), ClientHello.Read(hello));
        for (var cut = 0; cut < hello.Length; cut++)
        {
            Assert.False(ClientHello.Read(hello.AsSpan(0, cut)).IsComplete, $"cut at {cut}");
        }

        var random = new Random(1);
        for (var round = 0; round < 200_000; round++)
        {
            var changed = (byte[])hello.Clone();
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            var read = ClientHello.Read(changed.AsSpan(0, random.Next(changed.Length + 1)));
            Assert.True(read.Host is null || read is { IsComplete: true, IsTls: true });
        }
    }
}
