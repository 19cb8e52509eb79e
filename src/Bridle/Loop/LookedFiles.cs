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
        foreach (var one in _reading.Commands.Take(MostCommands))
        {
            var folder = _folders.At(one);
            if (one.Name is "cd" or "pushd")
            {
                if (FolderChanges.TargetsOf(one).ToList() is [{ Length: > 0 } into] && Resolved(into, folder)?.Real is { } real)
                {
                    _folders.Change(one, real);
                }
            }
            else if (ShownOperands.Of(one) is { } operands)
            {
                var before = _found.Count;
                foreach (var word in operands.SelectMany(SaidOf))
                {
                    Add(word, folder, Most);
                }

                if (_found.Count == before && ShownOperands.SearchesFolders(one))
                {
                    AddNamed(shown, folder);
                }
            }
        }

        foreach (var redirect in _reading.Redirects.Where(redirect => redirect.Reads))
        {
            Add(redirect.Target, _folders.At(redirect.Span.Start), Most);
        }
    }

    // 'for f in a.cs b.cs; do cat "$f"; done' shows what the loop goes through.
    private IEnumerable<ShellWord> SaidOf(ShellWord word) =>
        word is { Text: "", Marks: not WordMarks.None } && ShellWalk.All(word).OfType<ParameterPart>().ToList() is [{ Operator: "", Prefix: "", Subscript: null, Name: var name }]
            ? ShellWalk.All(_script.Body).OfType<ForCommand>().Where(loop => loop.Name == name).SelectMany(loop => loop.Words ?? [])
            : [word];

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
