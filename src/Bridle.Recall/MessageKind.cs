namespace Bridle.Recall;

/// <summary>Who said something that can be found.</summary>
public enum MessageKind
{
    /// <summary>A person.</summary>
    User = 1,

    /// <summary>The model, in words.</summary>
    Assistant = 2,

    /// <summary>The model, by calling tools only.</summary>
    Call = 3,

    /// <summary>A tool.</summary>
    Result = 4,
}
