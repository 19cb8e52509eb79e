using System.ComponentModel;
using Bridle.Messages;
using Bridle.Events;
using Bridle.Tools;

namespace Example.OwnTool;

/// <summary>What the model reads about it is in OrderTool.md; the schema and the binder are made from the parameters when this is compiled.</summary>
[Tool("FindOrder", ToolKind.Meta, Effect = ToolEffect.Repeatable, ParallelSafe = true)]
internal sealed class OrderTool(IReadOnlyDictionary<int, string> orders)
{
    public string RunAsync(
        [Description("Number of the order.")] int number,
        [Description("In upper case.")] bool loud = false)
    {
        if (!orders.TryGetValue(number, out var order))
        {
            // The model reads the text of a ToolException; of any other exception it only learns a number.
            throw new ToolException($"There is no order {number}. Known are {string.Join(", ", orders.Keys)}.");
        }

        return loud ? order.ToUpperInvariant() : order;
    }
}
