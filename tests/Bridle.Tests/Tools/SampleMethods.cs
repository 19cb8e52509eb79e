using System.ComponentModel;
using Bridle.Tools;

namespace Bridle.Tests.Tools;

/// <summary>Tools made of methods.</summary>
internal sealed class SampleMethods(string place)
{
    [Tool("Forecast", ToolKind.Meta)]
    [Description("Says what the weather will be.")]
    public static string Forecast([Description("Which city.")] string city) => $"Sun in {city}";

    [Tool("Later", ToolKind.Meta)]
    [Description("Says it later.")]
    internal static async Task<string> LaterAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        return "later";
    }

    [Tool("Where", ToolKind.Meta)]
    [Description("Says where.")]
    public ValueTask<ToolResult> Where([Description("Loudly.")] bool loud = false) => new(ToolResult.Completed(loud ? place.ToUpperInvariant() : place));
}
