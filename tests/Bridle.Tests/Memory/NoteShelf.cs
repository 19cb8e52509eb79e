using Bridle.Journal;
using Bridle.Memory;

namespace Bridle.Tests.Memory;

/// <summary>Shelves of notes in a folder of their own, by either store, and a clock that the test moves.</summary>
internal sealed class NoteShelf : IDisposable
{
    public const string Markdown = "markdown";
    public const string JsonLines = "jsonl";

    private readonly string _kind;
    // Where there is one, a file system in memory: syncs on a shared disk take long and show nothing more.
    private readonly DirectoryInfo _folder = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"bridle-notes-{Guid.NewGuid():n}"));

    public NoteShelf(string kind = Markdown) => _kind = kind;

    public MovedClock Clock { get; } = new();

    public string Root => _folder.FullName;

    /// <summary>Where the notes of the project are: a folder, or a file.</summary>
    public string Place => Path.Combine(Root, _kind is Markdown ? "project" : "project.jsonl");

    /// <summary>A new book over the same places, as another session would have.</summary>
    public NoteBook Book(string? session = "s1", SecretRedactor? secrets = null, int most = 500) => new(
        [new(MemoryScope.Project, Store("project")), new(MemoryScope.Agent, Store("agent")), new(MemoryScope.User, Store("user")), new(MemoryScope.Team, Store("team")) { ByPersonOnly = true }],
        new NoteBookOptions { Secrets = secrets ?? SecretRedactor.ShapesOnly, Time = Clock, Source = session, MostNotes = most });

    public IMemoryStore Store(string name) => _kind is Markdown ? new MarkdownMemory(Path.Combine(Root, name)) : new JsonLinesMemory(Path.Combine(Root, $"{name}.jsonl"));

    /// <summary>Puts something into the project's place as a person would.</summary>
    public void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.Combine(Root, "project"));
        File.WriteAllText(Path.Combine(Root, "project", file), text);
    }

    /// <summary>Every file below, by its path from the top.</summary>
    public IReadOnlyList<string> Files => [.. Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Root, file)).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public void Dispose() => _folder.Delete(recursive: true);

    internal sealed class MovedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
