using System.Runtime.CompilerServices;

namespace Bridle.Tests;

/// <summary>Compares text with the file <c>Class.Test.approved.txt</c> beside the test's source.</summary>
internal static class Approved
{
    /// <summary>Fails unless the text is the approved one; what came is then written beside it as <c>.received.txt</c>, to be looked at and renamed.</summary>
    public static void Matches(string text, [CallerFilePath] string source = "", [CallerMemberName] string test = "")
    {
        var stem = Path.Combine(Path.GetDirectoryName(source)!, $"{Path.GetFileNameWithoutExtension(source)}.{test}");
        var approved = $"{stem}.approved.txt";
        var received = $"{stem}.received.txt";
        text = text.ReplaceLineEndings("\n");
        if (!text.EndsWith('\n'))
        {
            text += "\n";
        }

        var expected = File.Exists(approved) ? File.ReadAllText(approved).ReplaceLineEndings("\n") : "";
        if (text == expected)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, text);
        Assert.Fail($"The text differs from {approved} {FirstDifference(expected, text)}. If {received} is right, put it in its place.");
    }

    private static string FirstDifference(string expected, string text)
    {
        var left = expected.Split('\n');
        var right = text.Split('\n');
        var line = 0;
        while (line < left.Length && line < right.Length && left[line] == right[line])
        {
            line++;
        }

        return $"in line {line + 1}:\n  approved: {left.ElementAtOrDefault(line)}\n  received: {right.ElementAtOrDefault(line)}\n";
    }
}
