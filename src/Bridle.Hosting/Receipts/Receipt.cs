using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Hosting.Receipts;

/// <summary>
/// What one turn was asked, did, took and came to: read from the log and from nothing else, so that it can be made anew at any time.
/// Its form as JSON is <c>bridle.receipt.1</c>; see <see cref="ReceiptJson"/>.
/// </summary>
public sealed record Receipt
{
    /// <summary>The session.</summary>
    public required string Session { get; init; }

    /// <summary>The turn's number in it.</summary>
    public required RunId Run { get; init; }

    /// <summary>How it is named on a command line: <c>session/number</c>.</summary>
    public string Id => $"{Session}/{Run}";

    /// <summary>The folder in which the session began, or null.</summary>
    public string? Folder { get; init; }

    /// <summary>What the person asked for; null where the turn went on with what was there.</summary>
    public string? Task { get; init; }

    /// <summary>How it began.</summary>
    public required RunStarted Started { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How it ended; null while it runs, or where its process died and nobody went on since.</summary>
    public RunFinished? Finished { get; init; }

    /// <summary>When it ended, UTC, or null.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The exit code that a program got for it, or null while there is none.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The tools that were called, by name.</summary>
    public required IReadOnlyList<ReceiptTool> Tools { get; init; }

    /// <summary>What every model took, delegated runs and the look back at this turn included.</summary>
    public required IReadOnlyList<Spent> Spent { get; init; }

    /// <summary>What confined the calls that ran, each wording once.</summary>
    public required IReadOnlyList<string> Enforced { get; init; }

    /// <summary>What was found before the turn was done, the last time; null where nobody looked.</summary>
    public AcceptanceChecked? Acceptance { get; init; }

    /// <summary>What each sensor found when it last looked in this turn.</summary>
    public required IReadOnlyList<SensorRan> Sensors { get; init; }

    /// <summary>The files that were not to change, as they were at the start.</summary>
    public required IReadOnlyList<SealedFile> SealedFiles { get; init; }

    /// <summary>The sealed patterns that matched no file.</summary>
    public IReadOnlyList<string> SealedNothing { get; init; } = [];

    /// <summary>The files that tools wrote, with the hashes before and after. What commands did to files is in no record.</summary>
    public required IReadOnlyList<ReceiptFile> ChangedFiles { get; init; }

    /// <summary>Its first record.</summary>
    public required long FirstRecord { get; init; }

    /// <summary>Its last record.</summary>
    public required long LastRecord { get; init; }

    /// <summary>The records of it that a person edited, moved or put in since, by a yes; and whether lines were removed or put in anywhere.</summary>
    public required IReadOnlyList<long> Edited { get; init; }

    /// <summary>Whether lines of the log were removed or put in since.</summary>
    public bool LinesMoved { get; init; }

    /// <summary>
    /// Whether what was demanded is there: <c>accepted</c>, <c>not_accepted</c>, <c>not_checked</c> (the turn ended before anybody looked), or <c>nothing_demanded</c>.
    /// </summary>
    public string Verdict => Acceptance is { } looked ? (looked.Accepted ? "accepted" : "not_accepted")
        : Started.Acceptance is { Count: > 0 } || SealedFiles.Count > 0 ? "not_checked" : "nothing_demanded";
}

/// <summary>How often a tool was called.</summary>
/// <param name="Tool">Its name.</param>
/// <param name="Calls">All calls.</param>
/// <param name="Failed">Those that ran and failed, were cut off or interrupted.</param>
/// <param name="Denied">Those that did not run.</param>
public sealed record ReceiptTool(string Tool, int Calls, int Failed, int Denied);

/// <summary>A file that tools wrote.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Before">The SHA-256 of its content before the turn; null where it was not there or nobody knows.</param>
/// <param name="After">The SHA-256 of what the turn left; null where no write was finished.</param>
public sealed record ReceiptFile(string Path, string? Before, string? After);

/// <summary>How the log stands that a receipt was read from.</summary>
/// <param name="Digest">The SHA-256 of its lines up to the last record of the turn; null where there is no file.</param>
/// <param name="State"><c>as_written</c>, <c>edited</c>, <c>changed_outside</c>, or <c>not_comparable</c> where nothing is remembered to compare with.</param>
/// <param name="Changed">The records that are not what Bridle wrote, or that a person edited.</param>
public sealed record ReceiptLog(string? Digest, string State, IReadOnlyList<long> Changed);
