using Bridle.Events;
using Bridle.Messages;
using Bridle.Tools;

namespace Bridle.Loop;

/// <summary>
/// Answers a read of a file whose text the model was shown before, and still sees word for word, by naming that result. Decided by the conversation alone: after a compaction, where a
/// result was cleared or cut, and where the file reads otherwise, no result of that text is there to be named. Who asks once more gets it whole.
/// </summary>
internal static class RepeatedReads
{
    private const int Least = 1_000;
    private const string Beginning = "Unchanged: ";
    private const string Middle = " still reads word for word as in the result of your ";

    /// <summary>The result as the model is given it. <paramref name="redact"/> is what the log does to a text before it keeps it.</summary>
    public static ToolResult Of(ToolResult result, Transcript transcript, Func<string, Tool?> findTool, Func<string, string> redact)
    {
        if (result is not { Outcome: CallOutcome.Completed, Spill: null, Files: [{ Written: false } file], Content: [TextPart { Text.Length: >= Least } text] })
        {
            return result;
        }

        var (words, name) = (redact(text.Text), Path.GetFileName(file.Path));
        var pointers = new List<string>();
        var steps = 0;
        for (var i = transcript.Closed.Count - 1; i >= 0; i--)
        {
            steps += transcript.Closed[i].Message.Role is Role.Assistant ? 1 : 0;
            foreach (var part in transcript.Closed[i].Message.Parts)
            {
                switch (part)
                {
                    case ToolCallPart call when findTool(call.Name)?.Definition.Kind is ToolKind.Write && call.Arguments.Contains(name, StringComparison.Ordinal):
                        return result;
                    case ToolResultPart { IsError: false, Content: [TextPart shown] } when IsPointer(shown.Text):
                        pointers.Add(shown.Text);
                        break;
                    case ToolResultPart { IsError: false, Content: [TextPart shown] } earlier when shown.Text == words && findTool(earlier.Name)?.Definition.Kind is ToolKind.Read:
                        var pointer = Pointer(file.Path, earlier.Name, steps);
                        return pointers.Exists(shown => IsPointer(shown, file.Path)) ? result : result with { Content = [new TextPart(pointer)] };
                    default:
                        break;
                }
            }
        }

        return result;
    }

    /// <summary>Whether a result is such an answer.</summary>
    public static bool IsPointer(string result) => result.StartsWith(Beginning, StringComparison.Ordinal) && result.Contains(Middle, StringComparison.Ordinal);

    private static bool IsPointer(string result, string path) => result.StartsWith($"{Beginning}{path}{Middle}", StringComparison.Ordinal);

    // Not every protocol shows the model the ids of its calls.
    private static string Pointer(string path, string tool, int steps) =>
        $"{Beginning}{path}{Middle}{tool} of {Path.GetFileName(path)}, {steps} {(steps is 1 ? "step" : "steps")} ago. Go on with that one. If you do not find it, make the same call again: then it comes whole.";
}
