using System.Globalization;
using Bridle.Hosting.Hooks;

namespace Bridle.Cli.Tests.Reference;

public sealed class HooksReferenceTests
{
    [Fact]
    public void Every_event_is_in_the_reference_with_what_it_takes_and_gives()
    {
        var rows = HookEvent.All.Select(one => (IReadOnlyList<string>)
        [
            $"`{one.Name}`", one.WaitsFor is { } part ? $"waits for {part}" : "happens", one.Matches ?? "none", one.Fields, one.Block,
            one.Output + (one.PlainTextIsContext ? "; plain text is told to the model" : "") + (one.HasEnvFile ? "; `CLAUDE_ENV_FILE`" : ""), one.Seconds.ToString("0.#", CultureInfo.InvariantCulture),
        ]);
        ReferencePage.Check("hooks.md", ("events", ReferencePage.Table(["Event", "State", "Matcher on", "Further input", "Exit code 2", "Output that counts", "Seconds"], rows)));
    }
}
