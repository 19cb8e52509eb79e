using Bridle.Hosting;
using Bridle.Models;
using Bridle.Models.Rehearsal;

// With a key in the environment a real model answers; without one the built-in rehearsal model works by rules.
var key = Environment.GetEnvironmentVariable("ANTHROPIC_API_KEY");
IModel model = key is null ? new RehearsalModel() : Model.For(ModelApi.Anthropic, new("https://api.anthropic.com"), "claude-sonnet-4-20250514", key);

await using var agent = Agent.Create(model, folder: ".");
Console.WriteLine(await agent.AskAsync(args is [var question] ? question : "Which files mention TODO, and what does each want?"));
