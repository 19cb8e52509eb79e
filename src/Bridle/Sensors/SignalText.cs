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
            SensorState.Red => $"The sensor '{sensor.Name}'{WhatOf(sensor)} is red: {Count(signals)}.",
            _ when signals.Count > 0 => $"The sensor '{sensor.Name}'{WhatOf(sensor)} is green, with {Count(signals)}.",
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
            text.Append(CultureInfo.InvariantCulture, $"\n(and {signals.Count - MostShown} more)");
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

    /// <summary>How many of each, such as <c>2 errors, 1 warning</c>.</summary>
    public static string Count(IReadOnlyCollection<SensorSignal> signals)
    {
        ArgumentNullException.ThrowIfNull(signals);
        var parts = from severity in new[] { SignalSeverity.Block, SignalSeverity.Warn, SignalSeverity.Hint }
                    let count = signals.Count(signal => signal.Severity == severity)
                    where count > 0
                    select SensorCalls.Count(count, Word(severity));
        return string.Join(", ", parts);
    }

    /// <summary>A severity as tools name it.</summary>
    public static string Word(SignalSeverity severity) => severity switch { SignalSeverity.Block => "error", SignalSeverity.Warn => "warning", _ => "hint" };

    private static string WhatOf(Sensor sensor) => sensor.What.Length == 0 ? "" : $" ({Line(sensor.What, 200)})";
}
