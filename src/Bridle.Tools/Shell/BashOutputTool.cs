using System.ComponentModel;
using System.Text.RegularExpressions;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Tools.Search;

namespace Bridle.Tools.Shell;

/// <summary>Shows new output of a background process.</summary>
[Tool("BashOutput", ToolKind.Meta, Effect = ToolEffect.Repeatable, Work = ToolWork.Session)]
public sealed class BashOutputTool
{
    /// <summary>Takes what is new.</summary>
    public ValueTask<ToolResult> RunAsync(
        CallScope scope,
        [Description("Id that Bash gave.")] string bashId,
        [Description("Regular expression: show only lines that match.")] string? filter = null,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var process = BackgroundShells.Find(scope, bashId);
        var regex = string.IsNullOrEmpty(filter) ? null : SearchPattern.Parse(filter, ignoreCase: false).Compile();

        // The state is read first: what a process wrote before its end is then in the output that is taken.
        var exitCode = process.ExitCode;
        var output = process.TakeNew();
        var kept = new KeptOutput();
        kept.Append(Lines(TerminalText.Of(output.Text), regex));
        if (output.Dropped > 0)
        {
            kept.Skip(output.Dropped);
            kept.Append(Lines(TerminalText.Of(output.After), regex));
        }

        var (text, spill) = kept.Show(scope.Blobs);
        var state = exitCode is { } code ? $"[{process.Id} has ended with exit code {code}.]" : $"[{process.Id} is running, for {process.Runs.TotalSeconds:0.0} s now.]";
        return ValueTask.FromResult(new ToolResult(CallOutcome.Completed, [new TextPart($"{state}\n{text}")]) { Spill = spill, ExitCode = exitCode });
    }

    private static string Lines(string text, Regex? filter) =>
        filter is null ? text : string.Join('\n', text.Split('\n').Where(line => filter.IsMatch(line)));
}
