using System.Text.Json;
using Bridle.Hosting.Guides;

namespace Bridle.Hosting.Tests.Guides;

public sealed class GuideReadingTests
{
    [Theory]
    [InlineData("""{}""", "'guides' must be a list")]
    [InlineData("""["x"]""", "'guides[0]' must be an object with a 'name'")]
    [InlineData("""[{ "text": "x" }]""", "must be an object with a 'name'")]
    [InlineData("""[{ "name": "a:b", "text": "x" }]""", "must be an object with a 'name'")]
    [InlineData("""[{ "name": "a" }]""", "must have exactly one of")]
    [InlineData("""[{ "name": "a", "text": "x", "prompt": "y" }]""", "must have exactly one of")]
    [InlineData("""[{ "name": "a", "command": " " }]""", "has no text in 'command'")]
    [InlineData("""[{ "name": "a", "text": 3 }]""", "has no text in 'text'")]
    [InlineData("""[{ "name": "a", "text": "x", "maxToken": 3 }]""", "has 'maxToken', which means nothing in a guide. Did you mean 'maxTokens'?")]
    [InlineData("""[{ "name": "a", "text": "x", "maxTokens": 3 }]""", "must have a whole number from 100 to 20000 in 'maxTokens'")]
    [InlineData("""[{ "name": "a", "text": "x", "timeout": 3 }]""", "has 'timeout', which means something beside 'command' only")]
    [InlineData("""[{ "name": "a", "command": "x", "timeout": 0 }]""", "must have a whole number from 1 to 600 in 'timeout'")]
    [InlineData("""[{ "name": "a", "text": "x", "at": "end" }]""", "must have 'start' or 'step' in 'at'")]
    [InlineData("""[{ "name": "a", "text": "x", "when": "never" }]""", "in 'when'")]
    [InlineData("""[{ "name": "a", "text": "x", "when": {} }]""", "in 'when'")]
    [InlineData("""[{ "name": "a", "text": "x", "when": { "files": [] } }]""", "in 'when'")]
    [InlineData("""[{ "name": "a", "text": "x", "when": { "task": "*" } }]""", "has '*' in 'when.task'")]
    [InlineData("""[{ "name": "a", "text": "x", "when": { "files": "a[" } }]""", "has the pattern 'a[' in 'when.files'")]
    [InlineData("""[{ "name": "a", "text": "x", "enabled": "no" }]""", "must have true or false in 'enabled'")]
    [InlineData("""[{ "name": "a", "text": "x" }, { "name": "a", "text": "y" }]""", "'guides[1]' has the name 'a', as one before it")]
    public void What_cannot_be_meant_is_told_with_its_place(string json, string words)
    {
        using var setting = JsonDocument.Parse(json);
        Assert.Contains(words, Assert.Single(GuideReading.Read(setting.RootElement).Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deploy", "Deploy it!", true)]
    [InlineData("deploy", "undeploy", false)]
    [InlineData("deploy", "deployment", false)]
    [InlineData("deploy*", "deployment", true)]
    [InlineData("go  live", "go\nlive now", true)]
    [InlineData("c++", "in C++ please", true)]
    [InlineData("付", "支付", true)]
    [InlineData(".*", "anything", false)]
    [InlineData("größe", "Die GRÖSSE und die GRÖßE", true)]
    public void Words_of_a_task_are_whole_words_unless_a_star_says_otherwise(string words, string task, bool fits) => Assert.Equal(fits, new DeclaredGuide("a", GuideKind.Text, "x", "") { Tasks = [words] }.Fits(task));
}
