namespace Bridle.Permissions.Shell;

/// <summary>Reads commands once more as they are when their braces are expanded and their variables replaced, as far as the text tells: <c>git {push,origin}</c>, <c>x=push; git $x</c>.</summary>
internal sealed partial class CommandReading
{
    private readonly List<(string Name, ShellWord? Value)> _grown = [];

    /// <summary>What the text sets its variables to; null where no word depends on it.</summary>
    public KnownVariables? Known { get; private set; }

    /// <summary>The commands that stand in <see cref="Commands"/> as what they become, too.</summary>
    public HashSet<FoundCommand> Expanded { get; } = new(ReferenceEqualityComparer.Instance);

    // A value that is put behind another, or into an array, is no value of its own.
    private void NoteGrown(Assignment assignment)
    {
        if (assignment.Appends || assignment.Subscript is not null)
        {
            _grown.Add((assignment.Name, null));
        }
    }

    private void Expand(ShellScript script)
    {
        var computed = Commands.Where(command => command.Words.Any(word => !word.Plain)).ToList();
        if (computed.Count == 0)
        {
            return;
        }

        Known = new(script, Commands, _values.All.Concat(_grown));
        foreach (var command in computed)
        {
            if (WordAlternatives.Of(command.Words, Known) is not { } alternatives || _inner + alternatives.Count > MaxInner)
            {
                continue;
            }

            Expanded.Add(command);
            foreach (var words in alternatives)
            {
                Words.AddRange(words.Where(word => word.Plain && !command.Words.Any(own => ReferenceEquals(own, word))));
                TakeInner([new InnerCommand.Words(words)], [.. command.Wrappers, "the shell"], 0);
            }
        }
    }
}
