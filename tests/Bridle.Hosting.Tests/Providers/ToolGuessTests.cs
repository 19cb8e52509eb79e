using Bridle.Hosting.Providers;
using Bridle.Models;

namespace Bridle.Hosting.Tests.Providers;

public sealed class ToolGuessTests
{
    [Theory]
    [InlineData("qwen2.5-coder:7b", Known.Unknown, "yes?")]
    [InlineData("llama3.1", Known.Unknown, "yes?")]
    [InlineData("Meta-Llama-3-8B", Known.Unknown, "yes?")]
    [InlineData("open-mixtral-8x7b", Known.Unknown, "yes?")]
    [InlineData("mistral", Known.Unknown, "yes?")]
    [InlineData("command-r-plus", Known.Unknown, "yes?")]
    [InlineData("firefunction-v2", Known.Unknown, "yes?")]
    [InlineData("NousResearch/Hermes-3", Known.Unknown, "yes?")]
    [InlineData("functionary-small", Known.Unknown, "yes?")]
    [InlineData("gorilla-openfunctions", Known.Unknown, "yes?")]
    [InlineData("gpt-oss:20b", Known.Unknown, "unknown")]
    [InlineData("gemma2", Known.Unknown, "unknown")]
    [InlineData("llama2", Known.Unknown, "unknown")]
    [InlineData("qwen2.5-coder:7b", Known.No, "no")]
    [InlineData("gemma2", Known.Yes, "yes")]
    public void A_name_seeds_the_guess_only_where_nobody_said(string name, Known said, string shown) =>
        Assert.Equal(shown, ToolGuess.Shown(new ModelInfo("local", name, "openai") { Tools = said }));
}
