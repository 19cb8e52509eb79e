namespace Bridle.Context.Compaction;

/// <summary>How long the parts of an outline may be: shares of the characters that a request has room for, and never less than what a small window needs.</summary>
/// <param name="Task">The task.</param>
/// <param name="Said">Each later message of the person.</param>
/// <param name="Decisions">How many sentences in which the model decided something.</param>
internal sealed record OutlineRoom(int Task, int Said, int Decisions)
{
    // What is supposed where nobody knows the window.
    private const long Unknown = 128_000;

    /// <summary>By the characters of history that a request has room for, or null where that is not known.</summary>
    public static OutlineRoom Of(long? characters)
    {
        var room = characters ?? Unknown;
        return new((int)Math.Clamp(room / 6, 4_000, 100_000), (int)Math.Clamp(room / 50, 1_200, 20_000), (int)Math.Clamp(room / 4_000, 12, 40));
    }
}
