using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Cli.Output;

/// <summary>Shows a person what a turn does, and takes the program's own lines in between.</summary>
internal interface IShownTurn : IEventSink
{
    /// <summary>Whether the text of the last reply has been shown already.</summary>
    bool ShownLast { get; }

    /// <summary>What questions have shown of the changes that follow.</summary>
    AskedChanges Asked { get; }

    /// <summary>Calls that an earlier start left open, so that their answers say what they are the answers to.</summary>
    void Expect(IEnumerable<ToolCallPart> calls);

    /// <summary>Says a line of the program's own.</summary>
    void Say(string line);

    /// <summary>Ends the line of the answer if it has not ended.</summary>
    void EndLine();

    /// <summary>The turn is over, and no record says so.</summary>
    void Abandon();

    /// <summary>A message was typed while the turn runs and waits for its next step, or a command for its end.</summary>
    void Queued(string text, bool afterTurn);
}
