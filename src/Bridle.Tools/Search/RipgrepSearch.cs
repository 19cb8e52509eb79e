using System.Text;
using System.Text.RegularExpressions;
using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Tools.Search;

/// <summary>
/// Searches files by ripgrep. Its output is taken apart as it comes; it is ended as soon as enough was found. Bytes that are no UTF-8 match
/// nothing to it, though <c>Read</c> shows them as Latin-1: files that hold such a line, or a very long one, are searched by <see cref="OwnSearch"/>.
/// </summary>
internal sealed class RipgrepSearch
{
    /// <summary>What is longer is cut; only the places of matches stand so far behind.</summary>
    private const int MostLineBytes = 8 * 1024 * 1024;
    private const string FileType = "bridle";

    /// <summary>
    /// Fits a line that is not valid UTF-8: a byte that never stands in it, one that continues nothing, a sequence that ends too early, is
    /// followed by one byte too many, or says what may not be said (too long a form, half a surrogate pair, beyond the last character).
    /// </summary>
    private const string NotUtf8 =
        @"(?-u:[\xC0\xC1\xF5-\xFF]|(?:^|[\x00-\x7F])[\x80-\xBF]|[\xC2-\xDF](?:[^\x80-\xBF]|$|[\x80-\xBF]{2})"
        + @"|\xE0(?:[^\xA0-\xBF]|$)|\xED(?:[^\x80-\x9F]|$)|[\xE1-\xEC\xEE\xEF](?:[^\x80-\xBF]|$)|[\xE0-\xEF][\x80-\xBF](?:[^\x80-\xBF]|$|[\x80-\xBF]{2})"
        + @"|\xF0(?:[^\x90-\xBF]|$)|\xF4(?:[^\x80-\x8F]|$)|[\xF1-\xF3](?:[^\x80-\xBF]|$)|[\xF0-\xF4][\x80-\xBF]{1,2}(?:[^\x80-\xBF]|$)|[\xF0-\xF4][\x80-\xBF]{4})";

    private readonly IFiles _files;
    private readonly GrepQuery _query;
    private readonly Func<FileHits, bool> _report;
    private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MemoryStream _line = new();
    private readonly StringBuilder _errors = new();
    private readonly CancellationTokenSource _over = new();
    private readonly Lazy<Regex> _regex;
    private FileHits? _current;
    private bool _isForOwn;
    private bool _began;

    private RipgrepSearch(IFiles files, GrepQuery query, Func<FileHits, bool> report)
    {
        _files = files;
        _regex = new(query.Pattern.Compile);
        _query = query;
        _report = report;
    }

    /// <summary>Gives the files with matches in order of their paths to <paramref name="report"/> until that says false.</summary>
    public static async ValueTask<SearchEnd> RunAsync(
        CallScope scope, string folder, GrepQuery query, TimeSpan limit, Func<FileHits, bool> report, CancellationToken cancellationToken)
    {
        var search = new RipgrepSearch(scope.Files, query, report);
        using var over = search._over;
        IRunningProcess process;
        try
        {
            process = scope.Processes.Start(new ProcessSpec("rg", search.Arguments(), folder) { OnOutput = search.Take });
        }
        catch (ToolException)
        {
            return SearchEnd.NoEngine;
        }

        await using (process)
        {
            try
            {
                await Task.WhenAny(process.Exit, search._enough.Task).WaitAsync(limit, scope.Time, cancellationToken);
            }
            catch (TimeoutException)
            {
                return SearchEnd.TimedOut;
            }
            finally
            {
                // A long file that is being looked at is left where it is.
                await search._over.CancelAsync();
            }

            if (search._enough.Task.IsCompleted)
            {
                await search._enough.Task;
                return SearchEnd.Done;
            }

            return search.End(await process.Exit);
        }
    }

    private List<string> Arguments()
    {
        var arguments = new List<string>
        {
            "--no-config", "--json", "--sort", "path", "--no-messages", "--no-mmap", "--crlf", "--no-require-git", "--no-ignore-global", "--no-follow",
            "--no-search-zip", "--no-pre", "--glob", "!.git", "--context", _query.Context.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        arguments.AddRange(_query.EntersMade ? [] : TreeWalk.Made.SelectMany(name => new[] { "--glob", $"!{name}/" }));
        if (_query.Glob?.ForRipgrep is { } names)
        {
            arguments.AddRange(["--type-add", $"{FileType}:{names}", "--type", FileType]);
        }

        // It comes first: flags of the other pattern, such as (?x), would reach into it.
        arguments.AddRange(_query.Pattern.IsPlainAscii ? [] : ["-e", NotUtf8]);
        arguments.AddRange([_query.Pattern.IgnoreCase ? "--ignore-case" : "--case-sensitive", "-e", _query.Pattern.ForRipgrep, "--", _query.Root.Real]);
        return arguments;
    }

    private SearchEnd End(int exitCode)
    {
        var errors = _errors.ToString();
        if (exitCode < 2 || errors.Trim().Length == 0 || _began)
        {
            return SearchEnd.Done;
        }

        return errors.Contains("regex parse error", StringComparison.Ordinal) || errors.Contains("regex", StringComparison.OrdinalIgnoreCase)
            ? throw SearchPattern.Invalid(errors.Length > 1000 ? errors[..1000] : errors)
            : SearchEnd.NoEngine;
    }

    private void Take(OutputChunk chunk)
    {
        if (_enough.Task.IsCompleted)
        {
            return;
        }

        if (chunk.IsError)
        {
            _errors.Append(_errors.Length < 4000 ? Encoding.UTF8.GetString(chunk.Bytes.Span) : "");
            return;
        }

        try
        {
            Take(chunk.Bytes.Span);
        }
        catch (Exception failure)
        {
            // The process door must not see it; whoever waits for the search does.
            _enough.TrySetException(failure);
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !_enough.Task.IsCompleted)
        {
            var end = bytes.IndexOf((byte)'\n');
            var part = end < 0 ? bytes : bytes[..end];
            _line.Write(part[..(int)Math.Min(part.Length, MostLineBytes - _line.Length)]);
            if (end < 0)
            {
                return;
            }

            Take(RipgrepMessage.Read(_line.GetBuffer().AsSpan(0, (int)_line.Length)));
            _line.SetLength(0);
            bytes = bytes[(end + 1)..];
        }
    }

    private void Take(RipgrepMessage message)
    {
        switch (message.Type)
        {
            case "begin":
                (_began, _isForOwn) = (true, false);
                var path = Encoding.UTF8.GetString(message.Path);
                _current = Takes(path) ? new FileHits(path, _query.MostKept) : null;
                break;
            case "match" or "context":
                _isForOwn |= !message.IsPlain;
                if (!_isForOwn)
                {
                    _current?.Add(message.LineNumber, message.Type == "match", message.Text);
                }

                break;
            case "end":
                // A file with a NUL byte is binary, wherever it stands.
                var found = _isForOwn && !message.IsBinary ? FoundByOwn(_current) : _current;
                if (found is { Matches: > 0 } hits && !message.IsBinary && !_report(hits))
                {
                    _enough.TrySetResult();
                }

                _current = null;
                break;
        }
    }

    private FileHits? FoundByOwn(FileHits? file)
    {
        try
        {
            return file is null ? null : OwnSearch.InFile(_files, _files.Resolve(file.Path, _files.Root), _query, _regex.Value, _over.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private bool Takes(string path) => _query.Root.Kind is FileKind.File || _query.Glob?.Takes(path[(_query.Root.Real.TrimEnd('/').Length + 1)..]) != false;
}
