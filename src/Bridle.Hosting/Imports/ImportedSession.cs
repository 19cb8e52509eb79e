using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Hosting.Imports;

/// <summary>A transcript of another program as records.</summary>
/// <param name="Program">Which program: <c>codex</c>, <c>opencode</c> or <c>claude</c>.</param>
/// <param name="Began">When it began.</param>
/// <param name="Folder">The folder it worked in, or null.</param>
/// <param name="Records">The conversation, without the first record of a session.</param>
/// <param name="LeftOut">What was not taken over, in words, with how often; all of it is still in the file itself, which is kept.</param>
public sealed record ImportedSession(
    string Program, DateTimeOffset Began, string? Folder, IReadOnlyList<ImportedRecord> Records, IReadOnlyDictionary<string, int> LeftOut);

/// <summary>One record with the time at which it happened.</summary>
public sealed record ImportedRecord(DateTimeOffset At, RunId Run, DurableEvent Event);
