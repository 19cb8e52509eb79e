using Bridle.Journal;

namespace Bridle.Hosting.Receipts;

/// <summary>The receipts of all sessions of a store, made anew from the logs each time. Throws <see cref="JournalException"/> with words for a person.</summary>
public sealed class ReceiptBook(SessionStore store)
{
    /// <summary>The receipts of one session, the first turn first.</summary>
    public IReadOnlyList<Receipt> In(string session) => ReceiptFold.Of(session, [.. store.Read(session).Journal.Read()]);

    /// <summary>The last ones of all sessions, the session that was used last first. Reads no more sessions than it needs.</summary>
    public IReadOnlyList<Receipt> Latest(int most)
    {
        var found = new List<Receipt>();
        foreach (var session in store.List())
        {
            if (found.Count >= most)
            {
                break;
            }

            found.AddRange(In(session.Name).Reverse());
        }

        return [.. found.Take(most)];
    }

    /// <summary>The receipt of <c>session/number</c>, of the last turn of a session for its name alone, and of the last turn of all for null; null when there is none.</summary>
    public Receipt? Find(string? id)
    {
        if (id is null)
        {
            return Latest(1).FirstOrDefault();
        }

        var slash = id.LastIndexOf('/');
        var (session, run) = slash < 0 ? (id, null) : (id[..slash], id[(slash + 1)..]);
        return store.Exists(session) ? In(session).LastOrDefault(receipt => run is null || receipt.Run.Value == run) : null;
    }

    /// <summary>How the log stands that the receipt was read from.</summary>
    public ReceiptLog LogOf(Receipt receipt)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        var verdict = store.Verify(receipt.Session);
        var report = store.Read(receipt.Session).Report;
        var outside = verdict.Changed.Where(n => n <= receipt.LastRecord).ToList();
        var pending = (report.Edits?.Changes ?? []).Where(change => change.N > 0 && change.N <= receipt.LastRecord).ToList().ConvertAll(change => change.N);
        var isOutside = outside.Count > 0 || verdict.IsSealBroken || report.State is OpenState.EditsPending or OpenState.Damaged || (verdict.Missing > 0 && verdict.Sealed - verdict.Missing < receipt.LastRecord);
        var state = isOutside ? "changed_outside"
            : receipt.Edited.Count > 0 || receipt.LinesMoved ? "edited"
            : verdict.Sealed < receipt.LastRecord ? "not_comparable" : "as_written";
        return new(LogDigest.Of(store.PathOf(receipt.Session), receipt.LastRecord), state, [.. outside.Concat(pending).Concat(receipt.Edited).Distinct().Order()]);
    }
}
