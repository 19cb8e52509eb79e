namespace Bridle.Loop;

/// <summary>What hooks made of a person's message.</summary>
/// <param name="Refusal">Why it is not accepted, in words for the person, or null.</param>
/// <param name="Notes">What the model is told beside it.</param>
internal sealed record HeardMessage(string? Refusal, IReadOnlyList<string> Notes)
{
    private const int MostRepeated = 200;

    /// <summary>Nobody said anything.</summary>
    public static HeardMessage Accepted { get; } = new(null, []);

    /// <summary>The refused message, where it may be repeated; null where a hook does not want that.</summary>
    public string? Repeats { get; init; }

    /// <summary>The refusal for somebody who may not know which of their messages it is about.</summary>
    public string? Told => Refusal is null || Repeats is not { } text ? Refusal : $"{Refusal} The message was: {OneLine(text)}";

    private static string OneLine(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MostRepeated ? line : $"{line[..(char.IsHighSurrogate(line[MostRepeated - 1]) ? MostRepeated - 1 : MostRepeated)]}…";
    }
}
