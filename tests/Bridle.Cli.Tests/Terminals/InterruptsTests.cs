using Bridle.Cli.Terminals;

namespace Bridle.Cli.Tests.Terminals;

public sealed class InterruptsTests
{
    [Fact]
    public async Task A_terminal_that_goes_away_cancels_what_runs_and_never_ends_it_at_once_however_often_it_says_so()
    {
        using var interrupts = new Interrupts { EndsAtOnce = () => Assert.Fail("It was ended at once.") };
        using var scope = interrupts.Begin(TestContext.Current.CancellationToken);
        Assert.True(interrupts.HangUp());
        Assert.True(interrupts.HangUp());
        Assert.True(interrupts.Ending);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(TimeSpan.FromSeconds(30), scope.Token));
    }

    [Fact]
    public void A_terminal_that_goes_away_while_nothing_runs_ends_the_program()
    {
        using var interrupts = new Interrupts();
        Assert.False(interrupts.HangUp());
    }
}
