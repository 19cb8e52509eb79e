using Bridle.Events;
using Bridle.Journal;
using Bridle.Runs;
using Bridle.Skills;

namespace Bridle.Loop;

/// <summary>Takes the skills into use that a person's message names. Their text is told before the next request.</summary>
internal sealed class SkillHearing(SkillCalls? skills)
{
    public async ValueTask HearAsync(Run run, string text, CancellationToken cancellationToken)
    {
        if (skills is null || !text.StartsWith('/'))
        {
            return;
        }

        var (used, problems) = skills.ForPerson(text, new RedactedPut(run));
        foreach (var one in used)
        {
            await run.RecordAsync(one, Durability.Written, cancellationToken);
        }

        foreach (var problem in problems)
        {
            await run.ShowAsync(new NoticeShown(problem), cancellationToken);
        }
    }

    /// <summary>The run's blobs, with secrets taken out of what is put there.</summary>
    private sealed class RedactedPut(Run run) : IBlobs
    {
        public string Put(ReadOnlySpan<byte> bytes) => run.Blobs.Put(System.Text.Encoding.UTF8.GetBytes(run.Redact(System.Text.Encoding.UTF8.GetString(bytes))));

        public byte[]? Get(string hash) => run.Blobs.Get(hash);

        public string? PathOf(string hash) => run.Blobs.PathOf(hash);
    }
}
