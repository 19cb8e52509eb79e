namespace Bridle.Runs;

/// <summary>What came of a request that was paid for.</summary>
public enum SpentOn
{
    /// <summary>A reply: a step of the run.</summary>
    Step,

    /// <summary>A reply that broke off: no step. Most servers do not say what it took, so the estimate is counted as if they had.</summary>
    BrokenReply,
}
