using Bridle.Cli.Terminals;

namespace Bridle.Cli.Tests.Terminals;

public sealed class SignalKeysTests
{
    private static ConsoleKeyInfo Key(char character, bool alt = false) => new(character, 0, false, alt, false);

    private static List<OwnSignal?> Of(SignalKeys keys, string typed) => [.. typed.ToList().ConvertAll(character => keys.Of(Key(character)))];

    [Fact]
    public void What_is_pressed_is_a_signal_and_what_is_pasted_is_text()
    {
        var keys = new SignalKeys(TimeProvider.System);
        Assert.Equal([OwnSignal.Interrupt, OwnSignal.Quit, OwnSignal.Stop, null], Of(keys, "\x03\x1c\x1ax"));
        Assert.All(Of(keys, "\x1b[200~a\x03b\x1c\x1a\x1b[31m\x03\x1b\x1b[201~"), Assert.Null);
        Assert.Equal(OwnSignal.Interrupt, keys.Of(Key('\x03')));
    }

    [Fact]
    public void A_bracket_that_came_as_Alt_with_a_key_counts_and_one_that_never_closes_keeps_Ctrl_C_for_a_moment_only()
    {
        var time = new LaterTime();
        var keys = new SignalKeys(time);
        Assert.Null(keys.Of(Key('[', alt: true)));
        Assert.All(Of(keys, "200~text\x03"), Assert.Null);
        time.Later = TimeSpan.FromSeconds(6);
        Assert.Equal(OwnSignal.Interrupt, keys.Of(Key('\x03')));
    }

    private sealed class LaterTime : TimeProvider
    {
        public TimeSpan Later { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => TimeSpan.FromDays(1).Ticks + Later.Ticks;
    }
}
