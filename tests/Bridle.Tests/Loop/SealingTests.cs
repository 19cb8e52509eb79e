using Bridle.Events;
using Bridle.Loop.Accepting;
using Bridle.Sessions;
using Bridle.Testing;
using Bridle.Workspaces;

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

    // At each moment of the look: before the file is looked at again, and before it is opened.
    [Theory]
    [InlineData("stat")]
    [InlineData("open")]
    public void A_file_that_goes_away_while_they_are_hashed_is_no_breach(string moment)
    {
        var files = new InMemoryFiles("/ws");
        files["/ws/tests/a.test"] = "a";
        var sealedFiles = new SealedFiles(["tests"], _ => []);
        var before = sealedFiles.Look(files, [], default).ToList().ConvertAll(added => new SealedFile(added.Path, added.Hash!));
        Assert.Equal("tests/a.test", Assert.Single(before).Path);

        // A temporary file of a test that runs: there at the beginning of the look, away at its end.
        files["/ws/tests/b.tmp"] = "b";
        Assert.Empty(sealedFiles.Look(new Vanishing(files, moment, "/ws/tests/b.tmp"), before, default));

        // One that was sealed and goes away is one that is gone, and not one that cannot be read.
        Assert.Equal([new SealBreach("tests/a.test", "deleted")], sealedFiles.Look(new Vanishing(files, moment, "/ws/tests/a.test"), before, default));
    }

    private sealed class Vanishing(InMemoryFiles inner, string moment, string path) : IFiles
    {
        public string Root => inner.Root;

        public ResolvedPath Resolve(string given, string workingDirectory) => inner.Resolve(given, workingDirectory);

        public FileEntry? Stat(ResolvedPath resolved) => inner.Stat(Gone(resolved, "stat"));

        public Stream OpenRead(ResolvedPath resolved) => inner.OpenRead(Gone(resolved, "open"));

        public void Write(ResolvedPath resolved, ReadOnlySpan<byte> content) => inner.Write(resolved, content);

        public IReadOnlyList<FileEntry> List(ResolvedPath directory) => inner.List(directory);

        public bool MayRead(ResolvedPath resolved) => true;

        private ResolvedPath Gone(ResolvedPath resolved, string now)
        {
            if (now == moment && resolved.Real == path)
            {
                inner.Remove(path);
            }

            return resolved;
        }
    }
}
