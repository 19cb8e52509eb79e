using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Workspaces;

namespace Bridle.Tools;

/// <summary>What one call may reach: the doors the gate confined for it, and what the session remembers for it.</summary>
public sealed class CallScope
{
    /// <summary>The call.</summary>
    public required CallId Call { get; init; }

    /// <summary>Where relative paths start: the shell's working directory, kept between calls.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>The door to files, refusing what permission refuses.</summary>
    public required IFiles Files { get; init; }

    /// <summary>The door to processes.</summary>
    public required IProcesses Processes { get; init; }

    /// <summary>The door to the network.</summary>
    public required INetwork Network { get; init; }

    /// <summary>Where large output goes.</summary>
    public required IBlobs Blobs { get; init; }

    /// <summary>The background processes of the session.</summary>
    public required BackgroundProcesses Background { get; init; }

    /// <summary>The hash each file had when the model last read or wrote it, by real path.</summary>
    public required IReadOnlyDictionary<string, string> SeenFiles { get; init; }

    /// <summary>Shows live output. Cheap; may be called often and concurrently.</summary>
    public required Action<string> ShowProgress { get; init; }

    /// <summary>Asks the person a question with suggested answers (may be empty). Null when nobody answers.</summary>
    public required Func<string, IReadOnlyList<string>, CancellationToken, ValueTask<string?>> AskAsync { get; init; }

    /// <summary>The text of the last completed call of each tool in this conversation, by the tool's name.</summary>
    public IReadOnlyDictionary<string, string> LastResults { get; init; } = new Dictionary<string, string>();

    /// <summary>What confines the call, or null where nobody planned it.</summary>
    public IsolationPlan? Plan { get; init; }

    /// <summary>How a model is asked beside the conversation, within the limits of the run that makes the call; null where no limit would hold it.</summary>
    public AskingBeside? Beside { get; init; }

    /// <summary>Time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
