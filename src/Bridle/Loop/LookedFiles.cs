using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Permissions.Shell;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Loop;

/// <summary>
/// The files of the workspace that a command showed, as far as its words and the names in its output say: what is told about files that are seen is told of them too. A hint
/// and nothing else: no edit and no permission relies on it.
/// </summary>
internal sealed class LookedFiles
{
    private const int Most = 20;
    private const int MostCommands = 50;
    private const int MostFound = 5;
    private const int MostLines = 400;
    private readonly ShellScript _script;
    private readonly CommandReading _reading;
    private readonly WorkedIn _folders;
    private readonly GlobWords _patterns;
    private readonly IFiles _files;
    private readonly List<string> _found = [];
    private readonly Stack<string> _pushed = new();

    private LookedFiles(string command, string folder, IFiles files)
    {
        _files = files;
        _script = ShellParser.Parse(command);
        _reading = CommandReading.Of(_script);
        _folders = new WorkedIn(_script, folder);
        _patterns = new GlobWords(files, files.Resolve, dots: false);
    }

    /// <summary>The result with them.</summary>
    public static ToolResult In(ToolResult result, ToolInvocation invocation) =>
        result is { ExitCode: { } code, Looked.Count: 0 } && invocation.Input?.Targets.OfType<CommandTarget>().FirstOrDefault() is { } target
            ? result with { Looked = Of(target.Command, code, result.Text, invocation.Scope.WorkingDirectory, invocation.Scope.Files) } : result;

    /// <summary>Their real paths: what a command showed that began in a folder, printed a text and ended with a code.</summary>
    public static IReadOnlyList<string> Of(string command, int exitCode, string shown, string folder, IFiles files)
    {
        var looked = new LookedFiles(command, folder, files);

        // A comparison that found something to show says 1.
        if (exitCode is 0 || (exitCode is 1 && looked._reading.Commands.LastOrDefault(one => one.Direct)?.Name is "diff" or "cmp"))
        {
            looked.Look(shown);
        }

        return looked._found;
    }

    private void Look(string shown)
    {
        var commands = _reading.Commands.Where(one => !one.IsExpanded).Take(MostCommands).ToList();
        foreach (var (at, one) in commands.Index())
        {
            var folder = _folders.At(one);
            if (one.Name is "cd" or "pushd" or "popd")
            {
                Go(one, folder);
            }
            else if (GitShown.Of(one) is { } git)
            {
                LookAtGit(git, folder, shown);
            }
            else if (FedFiles.Shows(one))
            {
                AddFound(one, folder);
            }
            else if (FedFiles.IsFed(one) && commands.Take(at).LastOrDefault(other => FedFiles.Of(other) is not null) is { } feeds)
            {
                AddFound(feeds, folder);
            }
            else if (ShownOperands.Of(one) is { } operands)
            {
                LookAt(operands, folder, ShownOperands.SearchesFolders(one) ? shown : null);
            }
        }

        foreach (var redirect in _reading.Redirects.Where(redirect => redirect.Reads))
        {
            Add(redirect.Target, _folders.At(redirect.Span.Start), Most);
        }
    }

    private void Go(FoundCommand one, string folder)
    {
        if (one.Name is "popd")
        {
            _folders.Change(one, _pushed.TryPop(out var before) ? before : folder);
        }
        else if (FolderChanges.TargetsOf(one).ToList() is [{ Length: > 0 } into] && Resolved(into, folder)?.Real is { } real)
        {
            if (one.Name is "pushd")
            {
                _pushed.Push(folder);
            }

            _folders.Change(one, real);
        }
    }

    private void LookAtGit(GitShown git, string folder, string shown)
    {
        var at = git.Folder.Length is 0 ? folder : Resolved(git.Folder, folder)?.Real ?? folder;
        LookAt(git.Operands, git.FromTop ? TopOf(at) : at, git.Searches ? shown : null);
    }

    // A search through folders shows what its output names; one may be given files and folders.
    private void LookAt(IEnumerable<ShellWord> operands, string folder, string? shown)
    {
        var (before, intoFolders) = (_found.Count, false);
        foreach (var word in operands.SelectMany(word => SaidOf(word, folder)))
        {
            Add(word, folder, Most);
            intoFolders |= shown is not null && Resolved(word.Text, folder) is { Kind: FileKind.Directory };
        }

        if (shown is not null && (intoFolders || _found.Count == before))
        {
            AddNamed(shown, folder);
        }
    }

    private void AddFound(FoundCommand finder, string folder)
    {
        var (where, named) = FedFiles.Of(finder)!.Value;
        var most = _found.Count + MostFound;
        foreach (var word in where.SelectMany(word => SaidOf(word, folder)).DefaultIfEmpty(ShellWord.Bare(default, ".")))
        {
            Add(word, folder, most);
            foreach (var file in (word.Marks & WordMarks.Dynamic) == 0 && Resolved(word.Text, folder) is { Kind: FileKind.Directory, InsideRoot: true } inner ? FedFiles.In(inner, named, _files).Take(MostFound) : [])
            {
                Add(file, folder, most);
            }
        }
    }

    private string TopOf(string folder)
    {
        for (var above = folder; above is not null && Resolved(".", above) is { InsideRoot: true }; above = Path.GetDirectoryName(above))
        {
            if (Resolved(".git", above) is { Kind: not FileKind.Missing })
            {
                return above;
            }
        }

        return _files.Root;
    }

    // 'for f in a.cs b.cs; do cat "$f"; done' shows what the loop goes through, 'f=a.cs; cat "$f"' what the variable holds, and $PWD is where the command works.
    private IEnumerable<ShellWord> SaidOf(ShellWord word, string folder)
    {
        if (word is { Text: "", Marks: not WordMarks.None } && ShellWalk.All(word).OfType<ParameterPart>().ToList() is [{ Operator: "", Prefix: "", Subscript: null, Name: var name }]
            && ShellWalk.All(_script.Body).OfType<ForCommand>().Where(loop => loop.Name == name).SelectMany(loop => loop.Words ?? []).ToList() is { Count: > 0 } gone)
        {
            return gone;
        }

        return [(word.Marks & WordMarks.Dynamic) == 0 ? word : new ShellWord(word.Span, [.. word.Parts.SelectMany(part => KnownIn(part, folder))])];
    }

    private IEnumerable<WordPart> KnownIn(WordPart part, string folder) => part switch
    {
        DoubleQuotedPart quoted => [quoted with { Parts = [.. quoted.Parts.SelectMany(inner => KnownIn(inner, folder))] }],
        ParameterPart { Operator: "", Prefix: "", Subscript: null, Name: var name } when Known(name, folder) is { } value => [new LiteralPart(part.Span, value, QuoteStyle.Single)],
        _ => [part],
    };

    private string? Known(string name, string folder) => name is "PWD" ? folder
        : ShellWalk.All(_script.Body).OfType<Assignment>().Where(one => one.Name == name).ToList() is [{ Appends: false, Subscript: null, Value: { Plain: true, Text: var text } }] ? text
        : null;

    // Each line that a search prints begins with the name of its file.
    private void AddNamed(string shown, string folder)
    {
        var most = _found.Count + MostFound;
        string? last = null;
        foreach (var line in shown.Split('\n').Take(MostLines))
        {
            if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && line[..colon] is var name && name != last)
            {
                Add(name, folder, most);
                last = name;
            }
        }
    }

    private void Add(ShellWord word, string folder, int most)
    {
        if (GlobWords.IsPattern(word))
        {
            foreach (var match in _found.Count < most ? _patterns.Matches(word.Text, folder).Take(Most) : [])
            {
                Add(match, folder, most);
            }
        }
        else if ((word.Marks & WordMarks.Dynamic) == 0)
        {
            Add(word.Text, folder, most);
        }
    }

    private void Add(string word, string folder, int most)
    {
        if (_found.Count < most && _found.Count < Most && Resolved(word, folder) is { Kind: FileKind.File, InsideRoot: true } file && !_found.Contains(file.Real))
        {
            _found.Add(file.Real);
        }
    }

    private ResolvedPath? Resolved(string word, string folder)
    {
        try
        {
            return word.Length is 0 or > 4096 || word.Contains('\0') ? null : _files.Resolve(word, folder);
        }
        catch (ToolException)
        {
            return null;
        }
    }
}
