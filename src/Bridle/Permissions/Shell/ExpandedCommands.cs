namespace Bridle.Permissions.Shell;

/// <summary>The commands of a text as they are when their braces are expanded and their variables replaced, as far as the text tells: <c>git {push,origin}</c>, <c>x=push; git $x</c>.</summary>
internal sealed class ExpandedCommands
{
    // More words than these stay as they are written: what they become is only known when they run.
    private const int MostWords = 20_000;

    private readonly List<(string Name, ShellWord? Value)> _grown = [];
    private readonly HashSet<FoundCommand> _originals = new(ReferenceEqualityComparer.Instance);

    /// <summary>What the text sets its variables to; null where no word depends on it.</summary>
    public KnownVariables? Known { get; private set; }

    /// <summary>Whether the command is there as all that it may become, too.</summary>
    public bool Have(FoundCommand command) => _originals.Contains(command);

    /// <summary>A value that is put behind another, or into an array, is no value of its own.</summary>
    public void Note(Assignment assignment)
    {
        if (assignment.Appends || assignment.Subscript is not null)
        {
            _grown.Add((assignment.Name, null));
        }
    }

    /// <summary>Each command that may become others, with the words of one of them, at most so many.</summary>
    public List<(FoundCommand Command, IReadOnlyList<ShellWord> Words)> Of(ShellScript script, IReadOnlyList<FoundCommand> commands, VariableValues values, int most)
    {
        var found = new List<(FoundCommand, IReadOnlyList<ShellWord>)>();
        var left = MostWords;
        foreach (var command in commands.Where(command => command.Words.Any(word => !word.Plain)))
        {
            Known ??= new(script, commands, values.All.Concat(_grown));
            if (WordAlternatives.Of(command.Words, Known, left) is { } alternatives && found.Count + alternatives.Count <= most)
            {
                left -= alternatives.Sum(words => words.Count);
                _originals.Add(command);
                found.AddRange(alternatives.Select(words => (command, words)));
            }
        }

        return found;
    }
}
