using System.Text.Json;
using Bridle.Messages;

namespace Bridle.Hosting.Sandboxes;

/// <summary>One case of a file of cases: what is tried, under which policy, and what must come of it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Tool"><c>Bash</c> or <c>Http</c>.</param>
/// <param name="Input">A command, or what is asked of the proxy.</param>
/// <param name="Policy">The policy.</param>
/// <param name="Expected"><c>allow</c>, <c>deny</c> or <c>error</c>.</param>
/// <param name="AlsoOk">Verdicts that do as well.</param>
/// <param name="Setup">Files and links that must exist.</param>
public sealed record SandboxCase(string Id, string Tool, JsonElement Input, JsonElement Policy, string Expected, IReadOnlyList<string> AlsoOk, JsonElement? Setup)
{
    /// <summary>Whether the state it needs cannot be set up from data.</summary>
    public bool ByTest { get; init; }

    /// <summary>The sandbox cases of a file with one JSON object a line. Throws <see cref="FormatException"/> with the number of a line that is none.</summary>
    public static IReadOnlyList<SandboxCase> Read(IEnumerable<string> lines)
    {
        var cases = new List<SandboxCase>();
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            try
            {
                using var document = SoundJson.Parse(line);
                var root = document.RootElement.Clone();
                if (((string[])["class", "id", "tool", "input", "policy", "expected"]).FirstOrDefault(name => !root.TryGetProperty(name, out _)) is { } missing)
                {
                    throw new FormatException($"Line {number}: '{missing}' is missing.");
                }

                if (root.GetProperty("class").GetString() == "sandbox")
                {
                    cases.Add(new(
                        root.GetProperty("id").GetString()!, root.GetProperty("tool").GetString()!, root.GetProperty("input"), root.GetProperty("policy"), root.GetProperty("expected").GetString()!,
                        root.TryGetProperty("also_ok", out var also) ? [.. also.EnumerateArray().Select(one => one.GetString()!)] : [],
                        root.TryGetProperty("setup", out var setup) ? setup : null)
                    { ByTest = root.TryGetProperty("how", out var how) && how.GetString() == "test" });
                }
            }
            catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                throw new FormatException($"Line {number} is no case: {wrong.Message}");
            }
        }

        return cases;
    }
}

/// <summary>What came of a case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Got">The verdict; null when it could not be run here.</param>
/// <param name="Why">What decided, or why it could not be run.</param>
public sealed record SandboxCaseResult(SandboxCase Case, string? Got, string Why)
{
    /// <summary>Whether it is as it must be.</summary>
    public bool IsRight => Got == Case.Expected || (Got is not null && Case.AlsoOk.Contains(Got));
}
