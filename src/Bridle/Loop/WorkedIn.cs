using Bridle.Permissions.Shell;

namespace Bridle.Loop;

/// <summary>
/// The folder that each command of a text works in, as far as <c>cd</c> says it: a change holds from there on, in a subshell, a pipeline or a substitution to its end, and in a
/// text that another program runs for that text. To be asked in the order of the text.
/// </summary>
internal sealed class WorkedIn(ShellScript script, string folder)
{
    private readonly List<Span> _own = ShellWalk.All(script.Body).SelectMany(OwnShells).ToList().ConvertAll(node => node.Span);
    private readonly List<(int From, int To, string Folder)> _changes = [];
    private int _at;

    /// <summary>Where a command works.</summary>
    public string At(FoundCommand command)
    {
        // What stands in another program's words has no place of its own in the text: it is where that program is.
        _at = command.Direct ? command.Words[0].Span.Start : _at;
        return At(_at);
    }

    /// <summary>Which folder it is at a place of the text.</summary>
    public string At(int place) => _changes.FindLast(change => change.From <= place && place < change.To) is { Folder: { } changed } ? changed : folder;

    /// <summary>Notes what a <c>cd</c> changed.</summary>
    public void Change(FoundCommand command, string into) =>
        _changes.Add((_at, command.Direct ? _own.Where(own => own.Start <= _at && _at < own.End).Select(own => own.End).DefaultIfEmpty(int.MaxValue).Min() : _at + 1, into));

    private static IEnumerable<ShellNode> OwnShells(ShellNode node) => node switch
    {
        Block { Subshell: true } or CommandSubstitution or ProcessSubstitution => [node],
        Pipeline { Commands: { Count: > 1 } commands } => commands,
        _ => [],
    };
}
