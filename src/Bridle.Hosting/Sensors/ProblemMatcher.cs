using System.Globalization;
using System.Text.RegularExpressions;
using Bridle.Events;
using Bridle.Sensors;

namespace Bridle.Hosting.Sensors;

/// <summary>
/// Finds signals in what a program printed. One pattern speaks of one line; of several each speaks of the line after the one before it, and the last of a looping matcher of any number
/// of lines. Groups named <c>message</c>, <c>file</c>, <c>line</c>, <c>column</c>, <c>severity</c> and <c>code</c> are what is taken.
/// </summary>
internal class ProblemMatcher(IReadOnlyList<Regex> patterns, bool loops = false)
{
    protected const int MostLine = 4_000;

    /// <summary>After how many signals a matcher stops; the model is shown the gravest twenty, so that this only bounds what is counted.</summary>
    public const int MostSignals = 20_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(250);

    /// <summary>A pattern as matchers use it: it gives up on a line that it is too slow for. Throws <see cref="ArgumentException"/> when it cannot be read.</summary>
    public static Regex Pattern(string text) => new(text, RegexOptions.CultureInvariant, s_patience);

    /// <summary>The signals in their order, each once, at most <see cref="MostSignals"/>.</summary>
    /// <param name="output">What was printed.</param>
    /// <param name="root">The folder from which paths are made relative.</param>
    /// <param name="unsaid">How grave is what does not say so itself.</param>
    public virtual IReadOnlyList<SensorSignal> Read(string output, string root, SignalSeverity unsaid)
    {
        var signals = new List<SensorSignal>();
        var seen = new HashSet<SensorSignal>();
        var lines = output.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length && signals.Count < MostSignals; i++)
        {
            var groups = new Dictionary<string, string>(StringComparer.Ordinal);
            var at = i;
            var step = 0;
            while (step < patterns.Count && at < lines.Length && Take(patterns[step], lines[at], groups))
            {
                (step, at) = (step + 1, at + 1);
            }

            if (step < patterns.Count)
            {
                continue;
            }

            do
            {
                if (Signal(groups, root, unsaid) is { } signal && seen.Add(signal))
                {
                    signals.Add(signal);
                }
            }
            while (loops && at < lines.Length && signals.Count < MostSignals && Take(patterns[^1], lines[at++], groups));
            i = loops ? at - 2 : at - 1;
        }

        return signals;
    }

    private static bool Take(Regex pattern, string line, Dictionary<string, string> groups)
    {
        if (line.Length > MostLine)
        {
            return false;
        }

        try
        {
            var match = pattern.Match(line);
            foreach (var group in match.Success ? match.Groups.Values.Where(group => group.Success && !char.IsAsciiDigit(group.Name[0])) : [])
            {
                groups[group.Name] = group.Value;
            }

            return match.Success;
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static SensorSignal? Signal(Dictionary<string, string> groups, string root, SignalSeverity unsaid)
    {
        string? Of(string name) => groups.GetValueOrDefault(name) is { Length: > 0 } value ? value.Trim() : null;
        int? Number(string name) => int.TryParse(Of(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
        return Of("message") is { } message
            ? new SensorSignal(SeverityOf(Of("severity")) ?? unsaid, message) { File = Of("file") is { } file ? Relative(file, root) : null, Line = Number("line"), Column = Number("column"), Code = Of("code") }
            : null;
    }

    /// <summary>How grave a tool's word is, or null for none that is known.</summary>
    public static SignalSeverity? SeverityOf(string? word) => word?.ToLowerInvariant() switch
    {
        "error" or "fatal" or "fatal error" or "failure" or "failed" or "err" or "critical" or "block" or "e" or "f" => SignalSeverity.Block,
        "warning" or "warn" or "w" => SignalSeverity.Warn,
        "info" or "information" or "note" or "hint" or "help" or "style" or "convention" or "refactor" or "c" or "r" or "i" => SignalSeverity.Hint,
        _ => null,
    };

    /// <summary>A path as the model names it: from the root where it lies below it.</summary>
    public static string Relative(string file, string root)
    {
        if (!Path.IsPathFullyQualified(file))
        {
            return file.StartsWith("./", StringComparison.Ordinal) ? file[2..] : file.Replace('\\', '/');
        }

        var relative = Path.GetRelativePath(root, file);
        return relative.StartsWith("..", StringComparison.Ordinal) ? file : relative.Replace('\\', '/');
    }
}
