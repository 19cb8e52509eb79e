using System.Text;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Loop;

/// <summary>A digest of the results that the model never came to read, for the person: work that was done and would be lost from sight.</summary>
internal static class UnreadResults
{
    private const int MostCalls = 10;
    private const int MostCharacters = 200;

    /// <summary>A line for each result of the last calls, or nothing when there is none.</summary>
    public static string Digest(Transcript transcript)
    {
        if (transcript.Messages is not [.., { Role: Role.Assistant } asked, { Role: Role.User } answered])
        {
            return "";
        }

        var results = answered.Parts.OfType<ToolResultPart>().ToList();
        var text = new StringBuilder();
        foreach (var result in results.Take(MostCalls))
        {
            var arguments = asked.Parts.OfType<ToolCallPart>().FirstOrDefault(call => call.Id == result.Call)?.Arguments ?? "";
            text.Append($"\n- {result.Name} {Line(arguments)}: {(result.IsError ? "failed: " : "")}{Line(string.Join(' ', result.Content.OfType<TextPart>().Select(part => part.Text)))}");
        }

        var more = results.Count > MostCalls ? $"\n- and {results.Count - MostCalls} more" : "";
        return results.Count == 0 ? "" : $" Results that the model has not answered:{text}{more}";
    }

    private static string Line(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MostCharacters ? line : $"{line[..(char.IsHighSurrogate(line[MostCharacters - 1]) ? MostCharacters - 1 : MostCharacters)]}…";
    }
}
