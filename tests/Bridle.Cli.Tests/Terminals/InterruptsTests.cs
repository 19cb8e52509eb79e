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
    public async Task An_interrupt_answers_the_question_alone_and_the_second_one_ends_what_asked()
    {
        var ended = false;
        using var interrupts = new Interrupts { EndsAtOnce = () => ended = true };
        using var scope = interrupts.Begin(TestContext.Current.CancellationToken);
        using (var question = interrupts.BeginQuestion(TestContext.Current.CancellationToken))
        {
            Assert.True(interrupts.Request());
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(TimeSpan.FromSeconds(30), question.Token));
        }

        Assert.False(scope.Token.IsCancellationRequested);
        Assert.True(interrupts.Asked);
        Assert.False(interrupts.Request());
        Assert.True(ended);
    }

    [Fact]
    public async Task An_interrupt_before_a_question_is_its_answer_and_one_after_it_is_for_what_asked()
    {
        using var interrupts = new Interrupts { EndsAtOnce = () => Assert.Fail("It was ended at once.") };
        using var scope = interrupts.Begin(TestContext.Current.CancellationToken);
        using (interrupts.BeginQuestion(TestContext.Current.CancellationToken))
        {
            // Answered by a key.
        }

        Assert.True(interrupts.Request());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(TimeSpan.FromSeconds(30), scope.Token));
        using var late = interrupts.BeginQuestion(TestContext.Current.CancellationToken);
        Assert.True(late.Token.IsCancellationRequested);
    }

    [Fact]
    public void A_terminal_that_goes_away_while_nothing_runs_ends_the_program()
    {
        using var interrupts = new Interrupts();
        Assert.False(interrupts.HangUp());
    }

    [Fact]
    public async Task A_terminal_that_takes_no_output_and_then_says_that_it_is_gone_never_ends_at_once_what_is_being_closed()
    {
        using var interrupts = new Interrupts { EndsAtOnce = () => Assert.Fail("It was ended at once.") };
        using var scope = interrupts.Begin(TestContext.Current.CancellationToken);
        interrupts.OutputIsGone();
        Assert.True(interrupts.HangUp());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(TimeSpan.FromSeconds(30), scope.Token));
    }

    [Fact]
    public void A_terminal_that_goes_away_after_an_interrupt_lets_the_work_close_its_log()
    {
        using var interrupts = new Interrupts { EndsAtOnce = () => Assert.Fail("It was ended at once.") };
        using var scope = interrupts.Begin(TestContext.Current.CancellationToken);
        Assert.True(interrupts.Request());
        Assert.True(interrupts.HangUp());
    }

    [Fact]
    public async Task An_interrupt_after_the_output_was_gone_is_the_first_one_and_the_second_ends_at_once()
    {
        var ended = false;
        using var interrupts = new Interrupts { EndsAtOnce = () => ended = true };
        using var scope = interrupts.Begin(TestContext.Current.CancellationToken);
        interrupts.OutputIsGone();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(TimeSpan.FromSeconds(30), scope.Token));
        Assert.False(interrupts.Asked);
        Assert.True(interrupts.Request());
        Assert.False(ended);
        Assert.False(interrupts.Request());
        Assert.True(ended);
    }

    [Fact]
    public void Output_that_nobody_takes_while_nothing_runs_ends_no_process_at_once_but_the_conversation()
    {
        using var interrupts = new Interrupts { EndsAtOnce = () => Assert.Fail("It was ended at once.") };
        interrupts.OutputIsGone();
        Assert.True(interrupts.Ending);
    }
}
