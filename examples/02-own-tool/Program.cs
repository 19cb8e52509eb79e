using Bridle.Hosting;
using Bridle.Testing;
using Example.OwnTool;

// A scripted model stands in for a real one, so that this runs anywhere: it calls the tool and then says what it saw.
var model = new ScriptedModel(
    ScriptedReply.Calls(("FindOrder", """{"number": 7}"""), ("FindOrder", """{"number": "8", "loud": "yes"}"""), ("FindOrder", """{"number": 9}""")),
    ScriptedReply.Text("I looked up three orders."));

var tool = new OrderTool(new Dictionary<int, string> { [7] = "a saddle", [8] = "two bridles" }).AsTool();
Console.WriteLine(tool.Definition.InputSchema);

var seen = new CollectingSink();
await using var agent = Agent.Create(model, ".", new() { Tools = [tool], Sinks = [seen] });
Console.WriteLine(await agent.AskAsync("What is in the orders 7, 8 and 9?"));
Console.Write(EventText.Of(seen.Events));
