using System.Text;
using System.Text.RegularExpressions;
using Bridle.Messages;
using Bridle.Tools.Files;
using Bridle.Workspaces;

namespace Bridle.Tools.Search;

/// <summary>
/// Searches files without ripgrep, with the same results. Text is what <c>Read</c> shows: a line that is not valid UTF-8 is matched as Latin-1.
/// </summary>
internal static class OwnSearch
{
    /// <summary>Lines longer than this are matched by their beginning.</summary>
    public const int MostLineBytes = 4 * 1024 * 1024;

    /// <summary>Gives the files with matches in order of their paths to <paramref name="report"/> until that says false.</summary>
    public static void Run(IFiles files, GrepQuery query, Func<FileHits, bool> report, CancellationToken cancellationToken)
    {
        var regex = query.Pattern.Compile();
        if (query.Root.Kind is FileKind.File)
        {
            if (InFile(files, query.Root, query, regex, cancellationToken) is { } hits)
            {
                report(hits);
            }

            return;
        }

        var walk = new TreeWalk(files) { EntersMade = query.EntersMade, WantsHiddenFile = relative => query.Glob?.TakesHidden(relative) == true };
        foreach (var found in walk.Below(query.Root, cancellationToken))
        {
            if (query.Glob?.Takes(found.Relative) != false && InFile(files, found.Path, query, regex, cancellationToken) is { } hits && !report(hits))
            {
                return;
            }
        }
    }

    /// <summary>The matches of one file; null when there are none, or it is binary or cannot be read.</summary>
    public static FileHits? InFile(IFiles files, ResolvedPath path, GrepQuery query, Regex regex, CancellationToken cancellationToken)
    {
        try
        {
            using var file = files.OpenRead(path);
            var hits = new FileHits(path.Real, query.MostKept);
            return ReadLines(Decoded(file), new LineMatcher(hits, regex, query.Context).Take, cancellationToken) && hits.Matches > 0 ? hits : null;
        }
        catch (ToolException)
        {
            return null;
        }
    }

    /// <summary>The content as UTF-8, without its mark.</summary>
    private static Stream Decoded(Stream file)
    {
        var head = new byte[3];
        var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var mark = FileText.Mark(head.AsSpan(0, length));
        var rest = new PrefixedStream(head.AsMemory(0, length)[(mark?.Length ?? 0)..], file);
        return mark?.Form switch
        {
            TextForm.Utf16Little => Encoding.CreateTranscodingStream(rest, Encoding.Unicode, Encoding.UTF8),
            TextForm.Utf16Big => Encoding.CreateTranscodingStream(rest, Encoding.BigEndianUnicode, Encoding.UTF8),
            _ => rest,
        };
    }

    /// <summary>Calls back for each line; false when there is a NUL byte.</summary>
    private static bool ReadLines(Stream stream, Action<ReadOnlySpan<byte>> take, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var (start, end) = (0, 0);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
            }

            if (end == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var count = stream.Read(buffer, end, buffer.Length - end);
            if (count == 0)
            {
                break;
            }

            if (buffer.AsSpan(end, count).Contains((byte)0))
            {
                return false;
            }

            end += count;
            for (int at; (at = buffer.AsSpan(start, end - start).IndexOf((byte)'\n')) >= 0; start += at + 1)
            {
                take(buffer.AsSpan(start, at));
            }

            // Of a line that never ends only the beginning is kept.
            end = end - start > MostLineBytes ? start + MostLineBytes : end;
        }

        if (end > start)
        {
            take(buffer.AsSpan(start, end - start));
        }

        return true;
    }

    private sealed class LineMatcher(FileHits hits, Regex regex, int context)
    {
        private readonly Queue<(int Number, byte[] Line)> _before = new();
        private char[] _chars = new char[1024];
        private int _number;
        private int _after;

        public void Take(ReadOnlySpan<byte> line)
        {
            _number++;
            if (line.Length >= MostLineBytes)
            {
                line = line[..MostLineBytes];
                line = line[..^FileText.IncompleteTail(line)];
            }

            line = line is [.., (byte)'\r'] ? line[..^1] : line;
            if (IsMatch(line))
            {
                while (_before.TryDequeue(out var earlier))
                {
                    hits.Add(earlier.Number, isMatch: false, earlier.Line);
                }

                hits.Add(_number, isMatch: true, line);
                _after = context;
            }
            else if (_after > 0)
            {
                _after--;
                hits.Add(_number, isMatch: false, line);
            }
            else if (context > 0)
            {
                _before.Enqueue((_number, line.ToArray()));
                if (_before.Count > context)
                {
                    _before.Dequeue();
                }
            }
        }

        private bool IsMatch(ReadOnlySpan<byte> line)
        {
            if (_chars.Length < line.Length)
            {
                _chars = new char[line.Length * 2];
            }

            var encoding = System.Text.Unicode.Utf8.IsValid(line) ? Encoding.UTF8 : Encoding.Latin1;
            return regex.IsMatch(_chars.AsSpan(0, encoding.GetChars(line, _chars)));
        }
    }
}
