using System.Globalization;
using System.Text;
using Bridle.Events;

namespace Bridle.Sensors;

/// <summary>Signals in words for the model and for people. What a program printed is data: cut, on one line each, and without control characters.</summary>
public static class SignalText
{
    private const int MostShown = 20;
    private const int MostMessage = 400;
    private const int MostNote = 12_000;

    /// <summary>One signal, such as <c>src/A.cs:5:9: error CS0103: …</c>.</summary>
    public static string Of(SensorSignal signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        var place = signal.File is null ? "" : Line(signal.File, 300) + (signal.Line is { } line ? string.Create(CultureInfo.InvariantCulture, $":{line}{(signal.Column is { } column ? $":{column}" : "")}") : "") + ": ";
        var code = signal.Code is { Length: > 0 } ? " " + Line(signal.Code, 60) : "";
        return $"{place}{Word(signal.Severity)}{code}: {Line(signal.Message, MostMessage)}";
    }

    /// <summary>What one sensor found, for the model; empty when there is nothing to say.</summary>
    internal static string Note(Sensor sensor, SensorSight sight)
    {
        var text = new StringBuilder();
        var signals = sight.Reading.Findings.Select(finding => finding.Signal).ToList();
        text.Append(sight.State switch
        {
            SensorState.Failed => $"The sensor '{sensor.Name}' could not look: {Line(sight.Reading.Failure ?? "", MostMessage)}",
            SensorState.Red => $"The sensor '{sensor.Name}'{WhatOf(sensor)} is red: {Count(signals, sight.Reading.IsAtLeast)}.",
            _ when signals.Count > 0 => $"The sensor '{sensor.Name}'{WhatOf(sensor)} is green, with {Count(signals, sight.Reading.IsAtLeast)}.",
            _ => $"The sensor '{sensor.Name}' is green now.",
        });
        foreach (var signal in signals.Take(MostShown))
        {
            text.Append('\n').Append(Of(signal));
            foreach (var line in signal.Detail?.Split('\n') ?? [])
            {
                text.Append("\n  | ").Append(Line(line, MostMessage));
            }

            if ((signal.Advice ?? sensor.Advice) is { } advice)
            {
                text.Append("\n  What to do: ").Append(Line(advice, MostMessage));
            }
        }

        if (signals.Count > MostShown)
        {
            text.Append('\n').Append(More(signals.Count - MostShown, sight.Reading.IsAtLeast));
        }

        if (sight.Reading.FilesLeftOut is > 0 and var files)
        {
            text.Append('\n').Append(LeftOut(files));
        }

        foreach (var words in sight.Fixes)
        {
            text.Append('\n').Append(words);
        }

        return text.Length <= MostNote ? text.ToString() : text.ToString(0, MostNote) + "\n[cut here]";
    }

    /// <summary>The text on one line, without control characters, cut.</summary>
    public static string Line(string text, int most)
    {
        ArgumentNullException.ThrowIfNull(text);
        var line = new StringBuilder(Math.Min(text.Length, most));
        foreach (var c in text.Trim())
        {
            var shown = char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') ? ' ' : c;
            if (shown is not ' ' || line.Length > 0 && line[^1] is not ' ')
            {
                line.Append(shown);
            }
        }

        return line.Length <= most ? line.ToString() : line.ToString(0, char.IsHighSurrogate(line[most - 1]) ? most - 1 : most) + "…";
    }

    /// <summary>How many of each a sensor found, such as <c>2 errors, 1 warning</c>; what the record does not hold is counted too.</summary>
    public static string Count(SensorRan ran)
    {
        ArgumentNullException.ThrowIfNull(ran);
        return ran is { Found: { } found, Errors: { } errors, Warnings: { } warnings } ? Words(errors, warnings, found - errors - warnings, ran.AtLeast is true)
            : ran.Found is { } all ? $"{all} signals, of the first {ran.Signals.Count} {Count(ran.Signals, isAtLeast: false)}"
            : Count(ran.Signals, isAtLeast: false);
    }

    /// <summary>What a record does not hold of what was found, such as <c>(and 40 more)</c>; empty where it holds all.</summary>
    public static string Rest(SensorRan ran)
    {
        ArgumentNullException.ThrowIfNull(ran);
        return ran.Found - ran.Signals.Count is > 0 and var more ? More(more, ran.AtLeast is true) : "";
    }

    /// <summary>That changed files were not looked at, in a sentence.</summary>
    public static string LeftOut(int files) => $"{SensorCalls.Count(files, "more changed file")} {(files is 1 ? "was" : "were")} not looked at: there are more than it takes at once.";

    private static string More(int count, bool isAtLeast) => $"(and {(isAtLeast ? "at least " : "")}{count} more)";

    private static string Count(IReadOnlyCollection<SensorSignal> signals, bool isAtLeast)
    {
        int Of(SignalSeverity severity) => signals.Count(signal => signal.Severity == severity);
        return Words(Of(SignalSeverity.Block), Of(SignalSeverity.Warn), Of(SignalSeverity.Hint), isAtLeast);
    }

    private static string Words(int errors, int warnings, int hints, bool isAtLeast)
    {
        var parts = new[] { (errors, SignalSeverity.Block), (warnings, SignalSeverity.Warn), (hints, SignalSeverity.Hint) }.Where(one => one.Item1 > 0).Select(one => SensorCalls.Count(one.Item1, Word(one.Item2)));
        return $"{(isAtLeast ? "at least " : "")}{string.Join(", ", parts)}{(isAtLeast ? " (counting stopped there)" : "")}";
    }

    /// <summary>A severity as tools name it.</summary>
    public static string Word(SignalSeverity severity) => severity switch { SignalSeverity.Block => "error", SignalSeverity.Warn => "warning", _ => "hint" };

    private static string WhatOf(Sensor sensor) => sensor.What.Length == 0 ? "" : $" ({Line(sensor.What, 200)})";
}
