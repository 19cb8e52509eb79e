using Bridle.Events;
using Bridle.Journal;
using Bridle.Permissions;
using Bridle.Workspaces;

namespace Bridle.Sessions.Replaying;

/// <summary>No world: whoever reaches for it has met a call whose answer the log does not have.</summary>
internal sealed class ReplayWorld : IWorkspace, IApprover
{
    public IFiles Files => throw new ReplayRunOverException();

    public IProcesses Processes => throw new ReplayRunOverException();

    public INetwork Network => throw new ReplayRunOverException();

    public ValueTask<ApprovalAnswer?> ApproveAsync(ApprovalPrompt prompt, CancellationToken cancellationToken) => throw new ReplayRunOverException();

    public ValueTask<string?> AnswerAsync(QuestionAsked question, CancellationToken cancellationToken) => throw new ReplayRunOverException();
}

/// <summary>The blobs of a session, and what a replay makes, which is kept in memory only.</summary>
internal sealed class ReplayBlobs(IBlobs recorded) : IBlobs
{
    private readonly MemoryBlobs _made = new();

    public string Put(ReadOnlySpan<byte> bytes) => _made.Put(bytes);

    public byte[]? Get(string hash) => _made.Get(hash) ?? recorded.Get(hash);

    public string? PathOf(string hash) => null;
}
