using System.Text.Json;
using Bridle.Messages;

namespace Bridle.Hosting.Cases;

/// <summary>One line of a file of cases: a call, the policy in force, and the verdicts that are right.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Class">What kind of attack or control it is.</param>
/// <param name="Tool">The tool that is called.</param>
/// <param name="Line">The whole case as it was written.</param>
/// <param name="Right">The verdicts that are right: <c>allow</c>, <c>ask</c>, <c>deny</c>, <c>error</c>; the expected one first.</param>
public sealed record JudgeCase(string Id, string Class, string Tool, JsonElement Line, IReadOnlyList<string> Right)
{
    private static readonly string[] Verdicts = ["allow", "ask", "deny", "error"];

    /// <summary>What the tool is given: an object, or the command alone.</summary>
    public JsonElement Input => Line.GetProperty("input") is { ValueKind: JsonValueKind.Object } input && input.TryGetProperty("resulting_call", out var resulting) ? resulting : Line.GetProperty("input");

    /// <summary>The policy as it was written.</summary>
    public JsonElement Policy => Line.GetProperty("policy");

    /// <summary>Whether the case must stay allowed.</summary>
    public bool IsControl => Right[0] == "allow";

    /// <summary>Reads a file of cases, one JSON object a line; empty lines are passed over. Throws <see cref="FormatException"/> naming the first line that is no case.</summary>
    public static IReadOnlyList<JudgeCase> Read(IEnumerable<string> lines)
    {
        var cases = new List<JudgeCase>();
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (line.Trim().Length > 0)
            {
                cases.Add(Parse(line, number));
            }
        }

        return cases;
    }

    private static JudgeCase Parse(string line, int number)
    {
        try
        {
            using var document = SoundJson.Parse(line);
            var root = document.RootElement.Clone();
            string Text(string name) => root.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : throw new FormatException($"Line {number}: '{name}' is missing or is no text.");
            foreach (var name in (string[])["input", "policy"])
            {
                if (!root.TryGetProperty(name, out _))
                {
                    throw new FormatException($"Line {number}: '{name}' is missing.");
                }
            }

            var right = new List<string> { Text("expected") };
            right.AddRange(root.TryGetProperty("also_ok", out var also) ? also.EnumerateArray().Select(one => one.GetString()!) : []);
            return right.FirstOrDefault(one => !Verdicts.Contains(one)) is { } unknown
                ? throw new FormatException($"Line {number}: '{unknown}' is no verdict; write one of {string.Join(", ", Verdicts)}.")
                : new(Text("id"), Text("class"), Text("tool"), root, right);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw new FormatException($"Line {number} is no case: {wrong.Message}");
        }
    }
}
