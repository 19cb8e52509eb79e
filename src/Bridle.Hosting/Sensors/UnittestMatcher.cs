using System.Globalization;
using System.Text.RegularExpressions;
using Bridle.Events;

namespace Bridle.Hosting.Sensors;

/// <summary>
/// Reads what Python's <c>unittest</c> prints: each test that failed has a head, a line of dashes and a traceback. Its place is the last frame inside the workspace that is no installed
/// package, which is where the test said no or where the code under test broke.
/// </summary>
internal sealed class UnittestMatcher() : ProblemMatcher([])
{
    /// <summary>Its name among the matchers.</summary>
    public const string Name = "$unittest";

    private static readonly Regex s_head = Pattern(@"^(?:FAIL|ERROR): (?<test>.+)$");
    private static readonly Regex s_frame = Pattern(@"^\s+File ""(?<file>[^""]+)"", line (?<line>\d+)");
    private static readonly Regex s_end = Pattern(@"^(?:={20,}|Ran \d+ tests?\b.*)$");

    /// <inheritdoc/>
    public override IReadOnlyList<SensorSignal> Read(string output, string root, SignalSeverity unsaid)
    {
        var signals = new List<SensorSignal>();
        SensorSignal? open = null;
        var (head, isThrown) = ("", false);
        foreach (var line in output.ReplaceLineEndings("\n").Split('\n').Where(line => line.Length <= MostLine).Append("Ran 0 tests"))
        {
            if (open is not null && Matches(s_end, line) is not null)
            {
                signals.Add(open);
                open = null;
            }

            if (signals.Count == MostSignals)
            {
                break;
            }

            if (open is null && Matches(s_head, line) is not null)
            {
                (open, head, isThrown) = (new SensorSignal(unsaid, line.Trim()), line.Trim(), false);
            }
            else if (open is not null && Matches(s_frame, line) is { } frame)
            {
                isThrown = true;
                open = InWorkspace(frame.Groups["file"].Value, root) is { } file
                    ? open with { File = file, Line = int.Parse(frame.Groups["line"].Value, NumberStyles.None, CultureInfo.InvariantCulture) } : open;
            }
            else if (open is not null && isThrown && line.Length > 0 && !char.IsWhiteSpace(line[0]) && line[0] is not '-')
            {
                // The first line behind the frames says what was thrown; what follows of it is its picture. Of several that led to each other the last counts.
                (open, isThrown) = (open with { Message = $"{head}: {line.TrimEnd()}" }, false);
            }
        }

        return signals;
    }

    private static Match? Matches(Regex pattern, string line)
    {
        try
        {
            return pattern.Match(line) is { Success: true } match ? match : null;
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private static string? InWorkspace(string file, string root)
    {
        var relative = Relative(file, root);
        return Path.IsPathFullyQualified(relative) || relative.StartsWith('<') || relative.Contains("site-packages/", StringComparison.Ordinal) ? null : relative;
    }
}
