using Bridle.Context;
using Bridle.Hosting.Memory;
using Bridle.Journal;
using Bridle.Memory;
using Bridle.Tools;
using Bridle.Tools.Memory;

namespace Bridle.Hosting.Assembly;

/// <summary>The notes of a start: the book of them, its index in the prefix, the tools, and what is told when another session changes them.</summary>
internal sealed class MemoryAssembly : IToolSource
{
    private const string Kind = "memory";

    private readonly NoteBookOptions _options;
    private readonly int _mostBytes;
    private readonly MemoryIndex _index;
    private readonly string _source;

    private MemoryAssembly(NoteBook? book, MemoryPlaces? places, NoteBookOptions options, int mostBytes)
    {
        (Book, _options, _mostBytes) = (book, options, mostBytes);
        var (notes, warnings) = book?.Read() ?? ([], []);
        _index = MemoryIndex.Of(notes, options.Time.GetUtcNow(), mostBytes);
        Tools = book is null ? [] : new MemoryTools(book).Tools;
        Left =
        [
            .. warnings, .. places?.Waiting is { } waiting ? [waiting] : Array.Empty<string>(),
            .. _index.Left > 0 ? [$"The index of notes is cut: {_index.Left} of {_index.Count} are left out (memoryIndexBytes is {mostBytes}, {MemoryIndex.MostLines} lines at most). `bridle memory list` has all."] : Array.Empty<string>(),
        ];
        _source = SourceOf(_index, notes);
        Prompt = _index.Text.Length == 0 ? [] : [new(Kind, _source, options.Secrets.Redact(_index.Text))];
    }

    /// <summary>The notes; null when none are kept.</summary>
    public NoteBook? Book { get; }

    /// <summary>The index as a part of the prefix; none when there are no notes.</summary>
    public IReadOnlyList<PromptPart> Prompt { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Tool> Tools { get; }

    /// <summary>What is not shown and why, one line each.</summary>
    public IReadOnlyList<string> Left { get; }

    /// <summary>Tells what other sessions changed since the prefix was frozen.</summary>
    public IReadOnlyList<Guide> Guides => Book is null ? [] : [new(Kind, GuideTime.Start, (moment, _) => ValueTask.FromResult(Changed(moment))) { MostTokens = (_mostBytes / 2) + 200 }];

    /// <summary>The notes for work in a folder. Reads only.</summary>
    /// <param name="request">The request; one that keeps no files, or works on no folder of this machine, has no notes.</param>
    /// <param name="files">What was read for it.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="session">The session that writes.</param>
    /// <param name="secrets">What no note may hold; null for what is known without a provider.</param>
    public static MemoryAssembly Of(HarnessRequest request, HostFiles files, string folder, string session, SecretRedactor? secrets = null)
    {
        var options = new NoteBookOptions { Secrets = secrets ?? KnownSecrets.Redactor(files, null), Time = request.Time, Source = session };
        if (request.InMemory || request.Workspace is not null || files.Layers.Effective.AutoMemoryEnabled is false)
        {
            return new(null, null, options, 0);
        }

        var places = new MemoryPlaces(files, folder, request.Agent);
        return new(new NoteBook(places.Shelves, options), places, options, files.Layers.Effective.MemoryIndexBytes ?? MemoryIndex.DefaultBytes);
    }

    /// <summary>Removes the notes that hold no longer; what cannot be removed is said.</summary>
    public IReadOnlyList<string> Tidy()
    {
        try
        {
            _ = Book?.Tidy();
            return [];
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            return [$"Notes that hold no longer could not be removed: {broken.Message}"];
        }
    }

    private IReadOnlyList<GuideNote> Changed(GuideMoment moment)
    {
        var notes = Book!.Read().Notes;
        var now = MemoryIndex.Of(notes, null, _mostBytes);
        var frozen = moment.Transcript.LastRequest is { } last ? last.Parts.FirstOrDefault(part => part.Kind is Kind)?.Source ?? "" : Prompt.Count > 0 ? _source : "";
        var known = Prompt.Count > 0 ? _source : "";
        if (frozen == (now.Count > 0 ? SourceOf(now, notes) : ""))
        {
            return [];
        }

        // What the prefix says is known where it was made of the notes as they were when this process began; else all is said anew.
        var text = frozen == known ? MemoryIndex.Since(_index, notes, note => note.Source == _options.Source) : $"The notes changed since the conversation began. They are now:\n{(now.Text.Length > 0 ? now.Text : "(none)")}";
        return text is null ? [] : [new("the notes", _options.Secrets.Redact(text))];
    }

    private string SourceOf(MemoryIndex index, IReadOnlyList<ShelvedNote> notes) =>
        $"{index.Count} {(index.Count == 1 ? "note" : "notes")} in {string.Join(", ", (Book?.Shelves ?? []).Where(shelf => notes.Any(one => one.Scope == shelf.Scope)).Select(shelf => shelf.Store.Place))} ({index.Fingerprint})";
}
