using System.Text;
using System.Text.Json;
using Bridle.Cli.Terminals;
using Bridle.Messages;
using Bridle.Permissions;

namespace Bridle.Cli.Chat;

/// <summary>What a person is shown before they decide: exactly what will run, with nothing left out and every hidden character made visible.</summary>
internal static class ApprovalText
{
    /// <summary>The whole question.</summary>
    public static string Of(ApprovalPrompt prompt, Styling style, int width = int.MaxValue)
    {
        var request = prompt.Request;
        var text = new StringBuilder();
        var head = style.Bold(style.Yellow($"? {VisibleText.Exactly(request.Tool)} asks to run")) + style.Dim($"  (isolation: {VisibleText.Exactly(request.Isolation)})");
        text.Append(WordWrap.Of(head, width, hang: 2)).Append('\n');
        foreach (var (name, value) in Fields(request.Input))
        {
            // With a diff the new text is in it, and twice would hide the one in the other.
            if (prompt.Diff is null || name is not ("content" or "old_string" or "new_string"))
            {
                text.Append(Field(name, value));
            }
        }

        if (prompt.Diff is { } diff)
        {
            text.Append(style.Diff(VisibleText.Exactly(diff.TrimEnd('\n')))).Append('\n');
        }

        text.Append(WordWrap.Of(style.Dim($"  Asked because: {VisibleText.Exactly(request.Reason)}"), width, hang: 2)).Append('\n');
        return prompt is { Grant: { } grant, Scopes.Count: > 1 } ? text.Append(WordWrap.Of($"  Beyond this call a yes keeps: allow {VisibleText.Exactly(grant)}{Reach(grant)}", width, hang: 2)).Append('\n').ToString() : text.ToString();
    }

    // What a rule covers beside what is shown.
    private static string Reach(string rule) =>
        rule.StartsWith("WebFetch(domain:", StringComparison.Ordinal) ? " (every https page of that host)"
        : rule.StartsWith("Edit(", StringComparison.Ordinal) ? " (every change of it)"
        : "";

    /// <summary>The fields of an input in their order, values that are not text as JSON.</summary>
    public static IReadOnlyList<(string Name, string Value)> Fields(string input)
    {
        try
        {
            using var document = SoundJson.Parse(input);
            return document.RootElement.ValueKind is JsonValueKind.Object
                ? [.. document.RootElement.EnumerateObject().Select(field => (field.Name, field.Value.ValueKind is JsonValueKind.String ? field.Value.GetString()! : field.Value.GetRawText()))]
                : [("input", input)];
        }
        catch (JsonException)
        {
            return [("input", input)];
        }
    }

    private static string Field(string name, string value)
    {
        var lines = VisibleText.Exactly(value).Split('\n');
        return lines.Length == 1 ? $"  {VisibleText.Exactly(name)}: {lines[0]}\n" : $"  {VisibleText.Exactly(name)}:\n{string.Concat(lines.Select(line => $"    {line}\n"))}";
    }
}
