using Bridle.Cli.Terminals.Editing;

namespace Bridle.Cli.Chat.Live;

/// <summary>What typed words may become: commands after a slash at the beginning, files of the workspace after an at sign.</summary>
/// <param name="commands">The table of commands.</param>
/// <param name="list">The files of the workspace, without what git ignores, by their paths from its root. May take long; called on a thread of its own.</param>
/// <param name="changed">Called when the files are known.</param>
/// <param name="time">How old a list may be is told by it.</param>
internal sealed class ChatSuggestions(ChatCommands commands, Func<CancellationToken, IReadOnlyList<string>> list, Action changed, TimeProvider time)
{
    private const int Most = 50;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private volatile IReadOnlyList<string>? _files;
    private long _listed;
    private int _listing;

    /// <summary>What the end of the text may become, or null.</summary>
    public Suggestions? For(string text)
    {
        if (text.StartsWith('/') && !text.Contains('\n'))
        {
            return Commands(text);
        }

        var word = text.LastIndexOfAny([' ', '\n', '\t']) + 1;
        return word < text.Length && text[word] == '@' ? Files(text[(word + 1)..], word) : null;
    }

    private Suggestions? Commands(string text)
    {
        var names = commands.All.Where(row => row.Name.StartsWith(text, StringComparison.Ordinal)).Select(row => new Suggestion(row.Name, row.Description, row.Arguments.Length == 0)).Concat(Skills(text)).ToList();
        return names.Count > 0 ? new(0, names, TakesEnter: true) : new(0, [.. commands.Complete(text).Take(Most).Select(line => new Suggestion(line, Complete: true))], TakesEnter: false);
    }

    // Whether a skill wants something after its name only its author knows.
    private IEnumerable<Suggestion> Skills(string text) => commands.ForPerson().Select(skill => (Name: $"/{skill.Name}", skill)).Where(one => one.Name.StartsWith(text, StringComparison.Ordinal))
        .Select(one => new Suggestion(one.Name, one.skill.ArgumentHint is { } hint ? $"{hint}  {one.skill.Description}" : one.skill.Description, one.skill.ArgumentHint is null));

    private Suggestions? Files(string typed, int word)
    {
        if (_files is null || time.GetElapsedTime(_listed) > Fresh)
        {
            List();
        }

        var found = (_files ?? []).Select(file => new { File = file, Rank = Rank(file, typed) }).Where(one => one.Rank is not null).OrderBy(one => one.Rank).ThenBy(one => one.File.Length).Take(Most);
        return new(word, [.. found.Select(one => new Suggestion(one.File.Contains(' ') ? $"@\"{one.File}\"" : $"@{one.File}"))], TakesEnter: true);
    }

    private void List()
    {
        if (Interlocked.Exchange(ref _listing, 1) is 0)
        {
            _ = Task.Run(() =>
            {
                try
                {
                    (_files, _listed) = (list(CancellationToken.None), time.GetTimestamp());
                }
                finally
                {
                    Volatile.Write(ref _listing, 0);
                }

                changed();
            });
        }
    }

    // The beginning of the path, of the name, a piece of the path, its letters in order.
    private static int? Rank(string file, string typed)
    {
        var name = file[(file.LastIndexOf('/') + 1)..];
        return file.StartsWith(typed, StringComparison.OrdinalIgnoreCase) ? 0
            : name.StartsWith(typed, StringComparison.OrdinalIgnoreCase) ? 1
            : file.Contains(typed, StringComparison.OrdinalIgnoreCase) ? 2
            : typed.Length > 1 && InOrder(file, typed) ? 3 : null;
    }

    private static bool InOrder(string file, string typed)
    {
        var at = 0;
        foreach (var letter in file)
        {
            at += at < typed.Length && char.ToLowerInvariant(letter) == char.ToLowerInvariant(typed[at]) ? 1 : 0;
        }

        return at == typed.Length;
    }
}
