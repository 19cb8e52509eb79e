using Bridle.Recall.Sqlite;

namespace Bridle.Recall.Indexing;

/// <summary>
/// The tables of the index. A message's number says where it belongs: project, session in the order of indexing, line. Full text search gives and bounds such numbers without looking
/// anything else up, so that a search in one project reads nothing of another. How long each text is full text search need not keep: <see cref="WordsRow"/>.
/// </summary>
internal static class IndexSchema
{
    /// <summary>Changes whenever the tables, or what is made of a text before it is indexed, do; an index of another version is made anew.</summary>
    public const long Version = 3;

    // 56 together: the table of words has 7 bits more (WordsRow), and a row number has 63.
    private const int LineBits = 22;
    private const int SessionBits = 22;
    private const int ProjectBits = 12;

    /// <summary>The last line of a session that can be indexed.</summary>
    public const long MostLines = (1L << LineBits) - 1;

    public const long MostSessions = (1L << SessionBits) - 1;

    public const long MostProjects = (1L << ProjectBits) - 1;

    public static readonly string[] Tables =
    [
        "CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID",
        "CREATE TABLE project (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE)",
        """
        CREATE TABLE session (id INTEGER PRIMARY KEY, project INTEGER NOT NULL, name TEXT NOT NULL UNIQUE, folder TEXT NOT NULL, device INTEGER, inode INTEGER, size INTEGER, modified INTEGER,
          read_bytes INTEGER NOT NULL, read_lines INTEGER NOT NULL, sum INTEGER NOT NULL, title TEXT, began INTEGER, ended INTEGER, messages INTEGER NOT NULL,
          oldest INTEGER, newest INTEGER)
        """,
        "CREATE INDEX session_times ON session (project, id, oldest, newest, messages)",
        "CREATE TABLE message (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind INTEGER NOT NULL, text TEXT NOT NULL)",
        "CREATE VIRTUAL TABLE words USING fts5(text, content='', columnsize=0, tokenize='unicode61 remove_diacritics 2')",
        "CREATE VIRTUAL TABLE grams USING fts5(text, content='', detail=none, columnsize=0, tokenize='trigram')",
        "CREATE TABLE pending (id INTEGER PRIMARY KEY)",
        "CREATE TABLE vector (id INTEGER PRIMARY KEY, scale REAL NOT NULL, value BLOB NOT NULL)",
    ];

    /// <summary>More in memory before it is written: fewer and larger pieces to be joined later.</summary>
    public static readonly string[] Bulk =
    [
        "INSERT INTO words(words, rank) VALUES ('hashsize', 16777216)",
        "INSERT INTO grams(grams, rank) VALUES ('hashsize', 16777216)",
    ];

    public static readonly string[] Ordinary =
    [
        "INSERT INTO words(words, rank) VALUES ('hashsize', 1048576)",
        "INSERT INTO grams(grams, rank) VALUES ('hashsize', 1048576)",
    ];

    public static long Number(long project, long session, long line) => (((project << SessionBits) | session) << LineBits) | line;

    public static long Project(long number) => number >> (LineBits + SessionBits);

    public static long Session(long number) => (number >> LineBits) & MostSessions;

    public static long Line(long number) => number & MostLines;

    /// <summary>The first and last number that a project's messages can have.</summary>
    public static (long From, long To) OfProject(long project) => (Number(project, 0, 0), Number(project, MostSessions, MostLines));

    public static (long From, long To) OfSession(long project, long session) => (Number(project, session, 0), Number(project, session, MostLines));

    public static string? Meta(Database database, string key)
    {
        var statement = database.Prepare("SELECT value FROM meta WHERE key = ?").Bind(1, key);
        var value = statement.Next() ? statement.TextOrNull(0) : null;
        statement.Reset();
        return value;
    }

    public static void SetMeta(Database database, string key, string value) => database.Prepare("INSERT OR REPLACE INTO meta VALUES (?, ?)").Bind(1, key).Bind(2, value).Run();
}
