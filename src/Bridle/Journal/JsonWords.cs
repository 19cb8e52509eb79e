namespace Bridle.Journal;

/// <summary>Why a text is no JSON or not the JSON that is wanted, without the words of the library that read it.</summary>
internal static class JsonWords
{
    private static readonly string[] s_tails = [" Path: ", " LineNumber: ", " | LineNumber: ", " BytePositionInLine: "];

    public static string Of(Exception failure)
    {
        var words = failure.Message;
        foreach (var tail in s_tails)
        {
            words = words.Split(tail)[0];
        }

        return words.Trim();
    }
}
