using System.Globalization;
using System.Text.Json;
using Bridle.Hosting.Assembly;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Hosting.Imports;

/// <summary>Reads transcripts of other programs. What they are is seen from what is in them unless it is said.</summary>
public static class TranscriptImport
{
    /// <summary>The programs whose transcripts can be read.</summary>
    public static IReadOnlyList<string> Programs { get; } = ["codex", "opencode", "claude"];

    /// <summary>The transcript as records, or why it is none.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="from">One of <see cref="Programs"/>, or null to find out.</param>
    /// <param name="blobs">Where its images go.</param>
    public static (ImportedSession? Session, string? Problem) Read(ReadOnlyMemory<byte> file, string? from, IBlobs blobs)
    {
        if (TryParse(file) is { } whole && (from is "opencode" || (from is null && OpencodeExport.Is(whole))))
        {
            return OpencodeExport.Is(whole)
                ? Built("opencode", blobs, builder => OpencodeExport.Take(builder, whole))
                : (null, "it is not what `opencode export` writes: an object with info and messages");
        }

        var (lines, broken) = Lines(file);
        var found = from ?? (lines.Any(CodexRollout.Is) ? "codex" : lines.Any(ClaudeTranscript.Is) ? "claude" : null);
        return found switch
        {
            "codex" when lines.Any(CodexRollout.Is) => Built(found, blobs, builder => lines.ForEach(line => CodexRollout.Take(builder, line)), broken),
            "claude" when lines.Any(ClaudeTranscript.Is) => Built(found, blobs, builder => ClaudeTranscript.Take(builder, lines), broken),
            null => (null, "it is no transcript of Codex, opencode or Claude Code. Files of plain messages are dropped into the sessions folder as they are"),
            _ => (null, $"it is no transcript of {found}"),
        };
    }

    /// <summary>
    /// Makes a session of a transcript. Gives its name, or why there is none. Throws <see cref="JournalException"/> when the name is taken or nothing can be written.
    /// </summary>
    /// <param name="store">Where sessions are.</param>
    /// <param name="files">What is known of secrets, which are taken out.</param>
    /// <param name="file">The bytes of the transcript.</param>
    /// <param name="name">The name; null for one of program and time.</param>
    /// <param name="from">One of <see cref="Programs"/>, or null to find out.</param>
    public static (string? Name, ImportedSession? Session, string? Problem) Import(SessionStore store, HostFiles files, ReadOnlyMemory<byte> file, string? name, string? from)
    {
        var (session, problem) = Read(file, from, store.Blobs);
        if (session is null)
        {
            return (null, null, problem);
        }

        var target = name ?? store.Unused($"{session.Program}-{session.Began.ToLocalTime().ToString("yyyy-MM-dd_HH-mm-ss", CultureInfo.InvariantCulture)}");
        store.Import(
            target, FolderOf(session, files), session.Program, file.Span,
            session.Records.ToList().ConvertAll(record => (record.At, record.Run, record.Event)), KnownSecrets.Redactor(files, null));
        return (target, session, null);
    }

    /// <summary>
    /// The folder in which the session will go on: the one the transcript names when a person trusts it, else where the person stands. Whoever wrote the file must not choose
    /// what the agent may change.
    /// </summary>
    public static string FolderOf(ImportedSession session, HostFiles files) =>
        session.Folder is { } named && Path.IsPathFullyQualified(named) && files.Trust.Store.IsTrusted(named) ? named : files.Environment.CurrentDirectory;

    private static (ImportedSession? Session, string? Problem) Built(string program, IBlobs blobs, Action<TranscriptBuilder> take, IEnumerable<int>? broken = null)
    {
        var builder = new TranscriptBuilder(program, blobs);
        take(builder);
        foreach (var line in broken ?? [])
        {
            builder.LeaveOut($"line {line}, which is no JSON");
        }

        var session = builder.Build();
        return session.Records.Count > 0 ? (session, null) : (null, "there is no conversation in it");
    }

    private static (List<JsonElement> Lines, List<int> Broken) Lines(ReadOnlyMemory<byte> file)
    {
        var (lines, broken, number) = (new List<JsonElement>(), new List<int>(), 0);
        while (file.Length > 0)
        {
            var end = file.Span.IndexOf((byte)'\n');
            var line = end < 0 ? file : file[..end];
            file = end < 0 ? default : file[(end + 1)..];
            number++;
            if (line.Span.Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }

            if (TryParse(line) is { ValueKind: JsonValueKind.Object } parsed)
            {
                lines.Add(parsed);
            }
            else
            {
                broken.Add(number);
            }
        }

        return (lines, broken);
    }

    private static JsonElement? TryParse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = SoundJson.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
