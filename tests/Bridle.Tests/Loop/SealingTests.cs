using Bridle.Events;
using Bridle.Loop.Accepting;
using Bridle.Sessions;
using Bridle.Testing;

namespace Bridle.Tests.Loop;

public sealed class SealingTests
{
    [Fact]
    public async Task An_interrupt_ends_the_hashing_at_the_beginning_of_a_turn()
    {
        using var interrupt = new CancellationTokenSource();
        await using var stage = new LoopStage(new ScriptedModel(ScriptedReply.Text("Never.")));
        var files = new SealedFiles(["*.test"], token =>
        {
            interrupt.Cancel();
            token.ThrowIfCancellationRequested();
            return [];
        });
        await using var session = new Session(stage.Parts with { Acceptance = new AcceptanceOptions { Sealed = files } });
        Assert.Equal(TurnOutcome.Interrupted, (await session.RunAsync("Work.", interrupt.Token)).Outcome);
        Assert.Empty(stage.Model.Requests);
    }
}
