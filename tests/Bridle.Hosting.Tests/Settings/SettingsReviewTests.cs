using System.Text;
using Bridle.Hosting.Settings;

namespace Bridle.Hosting.Tests.Settings;

public sealed class SettingsReviewTests
{
    private static string[] Review(string json) => [.. SettingsReview.Of(Encoding.UTF8.GetBytes(json), "f").Select(finding => $"{finding.Line}: {finding.Text}")];

    [Fact]
    public void Every_problem_is_found_with_its_line()
    {
        Assert.Equal(
            [
                "2: 'modle' is not a setting and has no effect. Did you mean 'model'?",
                "4: 'maxSteps' must be a whole number.",
                "5: 'maxCost' is -1, but must not be below zero.",
                "8: 'permissions.alow' is not a setting and has no effect. Did you mean 'permissions.allow'?",
                "9: 'permissions.defaultMode' is 'yolo', but must be one of plan, dontAsk, default, acceptEdits, bypass.",
                "13: 'providers.x.api' is 'soap', but must be one of openai, openai-responses, anthropic, gemini, ollama.",
            ],
            Review("""
                {
                  "modle": "a/b",
                  // a word in between
                  "maxSteps": "many",
                  "maxCost": -1,
                  "tools": "native",
                  "permissions": {
                    "alow": [],
                    "defaultMode": "yolo",
                    "deny": ["Bash(rm:*)", "Read(x)"]
                  },
                  "providers": { "x": {
                    "api": "soap" } },
                }
                """));
    }

    [Fact]
    public void A_rule_that_cannot_be_understood_is_found_in_its_line_of_the_list()
    {
        var found = Assert.Single(Review("{ \"permissions\": { \"deny\": [\n\"Bash(ls)\",\n\"Bash(unclosed\"\n] } }"));
        Assert.StartsWith("3: ", found);
    }

    [Theory]
    [InlineData("{ \"model\": \"a\",\n oops }", "2: ")]
    [InlineData("[]", "1: Settings are a JSON object")]
    [InlineData("{ \"env\": { \"A\": 1 } }", "1: 'env.A' must be text in quotes.")]
    [InlineData("{ \"permissions\": { \"allow\": \"Bash\" } }", "1: 'permissions.allow' must be a list of texts in quotes.")]
    [InlineData("{ \"providers\": [] }", "1: 'providers' must be an object: { … }.")]
    [InlineData("{ \"permissions\": [ { \"tool\": \"Bash\" } ] }", "1: The permission {\"tool\":\"Bash\"} lacks a tool or a decision and is skipped.")]
    public void What_is_no_settings_file_is_said(string json, string finding) => Assert.StartsWith(finding, Assert.Single(Review(json)));

    [Fact]
    public void A_file_without_problems_has_none() => Assert.Empty(Review("""{ "model": "a/b", "hooks": { "Stop": [] }, "env": { "A": "1" }, "permissions": [ { "tool": "Bash", "decision": "deny" } ] }"""));
}
