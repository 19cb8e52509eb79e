using System.Text;
using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Tools.Search;

/// <summary>Writes down what a search found, within bounds, leaving out what may not be read.</summary>
internal sealed class GrepReport(IFiles files, string workingDirectory, GrepOutput output, int maxResults, int context)
{
    private const int MostChars = 30_000;

    private const int MostShown = 5;

    private readonly StringBuilder _text = new();
    private readonly List<string> _shown = [];
    private int _results;
    private int _matches;
    private bool _cut;

    /// <summary>Takes what was found in a file; false when nothing more fits.</summary>
    public bool Add(FileHits hits)
    {
        if (!CanBeRead(hits.Path))
        {
            return true;
        }

        if (_results >= maxResults || _text.Length >= MostChars)
        {
            _cut = true;
            return false;
        }

        var name = ShownPath.Of(hits.Path, workingDirectory);
        switch (output)
        {
            case GrepOutput.Files:
                _text.Append(name).Append('\n');
                _results++;
                break;
            case GrepOutput.Count:
                _text.Append(name).Append(':').Append(hits.Matches).Append('\n');
                _matches += hits.Matches;
                _results++;
                break;
            default:
                Note(hits.Path);
                AddLines(hits, name);
                break;
        }

        return !_cut;
    }

    /// <summary>The first few files of which lines are shown, by real path.</summary>
    public IReadOnlyList<string> Shown => _shown;

    /// <summary>The whole text for the model.</summary>
    public string Text(string pattern, SearchEnd end)
    {
        if (_results == 0)
        {
            return end is SearchEnd.TimedOut ? "The search ran out of time before it found anything. Name a smaller path or a glob." : $"No matches for {pattern}.";
        }

        if (_cut)
        {
            _text.Append(_results >= maxResults
                ? $"[The first {_results} results; there are more. Narrow the pattern, path or glob, or raise max_results.]\n"
                : $"[Cut after {_results} results: the output is long. Narrow the pattern, path or glob.]\n");
        }
        else if (output is GrepOutput.Count)
        {
            _text.Append($"{_matches} in {_results} {(_results == 1 ? "file" : "files")}\n");
        }

        return _text.Append(end is SearchEnd.TimedOut ? "[The search ran out of time; there may be more.]\n" : "").ToString().TrimEnd('\n');
    }

    private void Note(string path)
    {
        if (_shown.Count < MostShown && files.Resolve(path, workingDirectory) is { InsideRoot: true } file && !_shown.Contains(file.Real))
        {
            _shown.Add(file.Real);
        }
    }

    /// <summary>
    /// ripgrep opens files by itself; what it says is shown only of files that the door would have opened too: none that is held back, and none
    /// with a line break or its like in its path, which the door opens for nobody. (Ls and Glob show that there is one.)
    /// </summary>
    private bool CanBeRead(string path)
    {
        try
        {
            var resolved = files.Resolve(path, workingDirectory);
            if (!files.MayRead(resolved))
            {
                return false;
            }

            files.OpenRead(resolved).Dispose();
            return true;
        }
        catch (ToolException)
        {
            return false;
        }
    }

    private void AddLines(FileHits hits, string name)
    {
        var previous = int.MinValue;
        var lastMatch = 0;
        foreach (var line in hits.Lines)
        {
            var full = _results >= maxResults || _text.Length >= MostChars;
            if (full && (line.IsMatch || line.Number > lastMatch + context))
            {
                _cut = true;
                break;
            }

            if (context > 0 && line.Number != previous + 1 && _text.Length > 0)
            {
                _text.Append("--\n");
            }

            var text = line.Text.Length == line.Length ? line.Text : $"{line.Text}… [cut: {line.Length} characters]";
            _text.Append(name).Append(line.IsMatch ? ':' : '-').Append(line.Number).Append(line.IsMatch ? ": " : "- ").Append(text).Append('\n');
            previous = line.Number;
            if (line.IsMatch)
            {
                _results++;
                lastMatch = line.Number;
            }
        }

        _cut |= hits.Matches > hits.Lines.Count(line => line.IsMatch);
    }
}

/// <summary>How a path is shown: relative to the working directory when it lies below, else absolute.</summary>
internal static class ShownPath
{
    public static string Of(string path, string workingDirectory)
    {
        var folder = workingDirectory.TrimEnd('/') + "/";
        return Name(path.StartsWith(folder, StringComparison.Ordinal) && path.Length > folder.Length ? path[folder.Length..] : path);
    }

    /// <summary>A name in one line: one with a line break in it must not look like two.</summary>
    public static string Name(string name) =>
        name.Any(char.IsControl) ? string.Concat(name.Select(one => one switch { '\n' => "\\n", '\t' => "\\t", '\r' => "\\r", _ when char.IsControl(one) => $"\\x{(int)one:x2}", _ => one.ToString() })) : name;
}
