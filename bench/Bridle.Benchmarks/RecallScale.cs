using System.Diagnostics;
using System.Globalization;
using System.Text;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Recall;
using Bridle.Recall.Sqlite;

namespace Bridle.Benchmarks;

/// <summary>What bench/recall.sh measures the search over past sessions on: many messages of a vocabulary in which few words are common and most are rare (Zipf).</summary>
internal static class RecallScale
{
    private const int InSession = 200;
    private const int Words = 60_000;
    private const string Consonants = "bcdfghklmnprstvz";
    private const string Vowels = "aeiou";

    /// <summary>Writes the sessions. Every fiftieth message is Chinese, every fifth the output of a tool.</summary>
    public static async Task MakeAsync(string data, string state, int messages)
    {
        var store = new SessionStore(data, state);
        var random = new Random(1);
        var (vocabulary, sums) = Vocabulary();
        for (var made = 0; made < messages; made += InSession)
        {
            await using var journal = store.Create("/project", $"s{made / InSession:000000}").Journal;
            for (var i = 0; i < Math.Min(InSession, messages - made); i++)
            {
                await journal.AppendAsync(Conversation.Run, Message(i, Text(random, vocabulary, sums)), Durability.Written, CancellationToken.None);
            }
        }

        foreach (var session in store.List())
        {
            File.SetLastWriteTimeUtc(session.Path, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-5));
        }
    }

    /// <summary>Makes the index anew and says how long that took.</summary>
    public static async Task BuildAsync(string data, string state)
    {
        var began = Stopwatch.GetTimestamp();
        var status = await Index(data, state).RebuildAsync(CancellationToken.None);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} {status.Messages} {status.Bytes}{(status.Problem is null ? "" : $" {status.Problem}")}"));
    }

    /// <summary>Writes the rows of the index for <c>sqlite3</c> to take in as they are.</summary>
    public static void Dump(string data, string state, string file)
    {
        using var database = Open(data, state);
        using var rows = new StreamWriter(file, false, new UTF8Encoding(false));
        var all = database.Prepare("SELECT id, at, kind, text FROM message ORDER BY id");
        while (all.Next())
        {
            rows.Write(string.Create(CultureInfo.InvariantCulture, $"{all.Integer(0)}\t{all.Integer(1)}\t{all.Integer(2)}\t{all.Text(3)}\n"));
        }
    }

    /// <summary>Searches and prints how long each kind of query took.</summary>
    public static async Task QueryAsync(string data, string state, int count)
    {
        var (random, index) = (new Random(2), Index(data, state));
        var (rare, common, total) = Pick(data, state, random, count);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{total} messages; {rare.Count} words with at most 1 % of them, {common.Count} with more"));
        Console.WriteLine($"{"query",-34} {"p50 ms",8} {"p95 ms",8} {"max ms",8} {"p95 CPU",8} {"bounded",8}");
        string One(IReadOnlyList<string> words) => words[random.Next(words.Count)];
        for (var i = 0; i < 30; i++)
        {
            // The program itself becomes warm first.
            await index.SearchAsync(new($"{One(rare)} OR {One(rare)}", "/project") { Refresh = false }, CancellationToken.None);
        }

        await MeasureAsync("one word, at most 1 % of all", () => One(rare));
        await MeasureAsync("two words, each at most 1 %", () => $"{One(rare)} {One(rare)}");
        await MeasureAsync("either of two, each at most 1 %", () => $"{One(rare)} OR {One(rare)}");
        await MeasureAsync("a word at most 1 % and a common one", () => $"{One(rare)} {One(common)}");
        await MeasureAsync("a phrase", () => $"\"{One(rare)} {One(common)}\"");
        await MeasureAsync("a piece of a word", () => One(rare) is { Length: > 4 } word ? word[1..^1] : "zzqx");
        await MeasureAsync("two Chinese characters", () => Han(random, 2));
        await MeasureAsync("one word, more than 1 %", () => One(common));
        await MeasureAsync("two words, each more than 1 %", () => $"{One(common)} {One(common)}");
        await MeasureAsync("either of two, each more than 1 %", () => $"{One(common)} OR {One(common)}");
        await MeasureAsync("the same, with role: and since:", () => $"{One(common)} OR {One(common)} role:user since:2020-01-01");

        var began = Stopwatch.GetTimestamp();
        await index.RefreshAsync(CancellationToken.None);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"looking what is new in {index.Status().Sessions} sessions, when nothing is: {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms"));

        async Task MeasureAsync(string name, Func<string> next)
        {
            var (times, work, bounded) = (new List<double>(), new List<double>(), 0);
            using var process = Process.GetCurrentProcess();
            for (var i = 0; i < count; i++)
            {
                var query = next();
                process.Refresh();
                var (start, used) = (Stopwatch.GetTimestamp(), process.TotalProcessorTime);
                var answer = await index.SearchAsync(new(query, "/project") { Refresh = false }, CancellationToken.None);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                process.Refresh();
                work.Add((process.TotalProcessorTime - used).TotalMilliseconds);
                bounded += answer.Bounded ? 1 : 0;
                if (answer.Problem is { } problem)
                {
                    throw new InvalidOperationException($"{query}: {problem}");
                }
            }

            times.Sort();
            work.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-34} {times[count / 2],8:0.0} {times[(int)(count * 0.95)],8:0.0} {times[^1],8:0.0} {work[(int)(count * 0.95)],8:0.0} {bounded * 100 / count,6} %"));
        }
    }

    // As they stand in texts, so that a word is the likelier the more often it is used.
    private static (List<string> Rare, List<string> Common, long Total) Pick(string data, string state, Random random, int count)
    {
        using var database = Open(data, state);
        var (rare, common, total) = (new List<string>(), new List<string>(), database.Number("SELECT count(*) FROM message")!.Value);
        var (vocabulary, sums) = Vocabulary();
        for (var tries = 0; tries < 200_000 && (rare.Count < count || common.Count < Math.Min(50, count)); tries++)
        {
            var word = Word(random, vocabulary, sums);
            var all = database.Prepare("SELECT count(*) FROM words WHERE words MATCH ?").Bind(1, $"\"{word}\"");
            var hits = all.Next() ? all.Integer(0) : 0;
            var into = hits <= total / 100 ? rare : common;
            if (hits > 0 && into.Count < count && (into == rare || !into.Contains(word)))
            {
                into.Add(word);
            }
        }

        return (rare, common, total);
    }

    private static SessionIndex Index(string data, string state) => new(new RecallOptions(Path.Combine(data, "recall"), new SessionStore(data, state)));

    private static Database Open(string data, string state)
    {
        _ = SqliteLibrary.WhyNot(null) is { } missing ? throw new InvalidOperationException(missing) : state;
        return Database.Open(Directory.EnumerateFiles(Path.Combine(data, "recall"), "index-*.db").Single(), create: false, TimeSpan.FromSeconds(5));
    }

    private static DurableEvent Message(int i, string text) => (i % 5) switch
    {
        0 => new UserSpoke($"m{i}", [new TextPart(text)]),
        4 => new ToolReturned(new CallId($"c{i}"), CallOutcome.Completed, [new TextPart(text)], 1) { Tool = "Bash" },
        _ => new ModelReplied(new ModelReply([new TextPart(text)], StopReason.EndTurn, null, null), null, 1),
    };

    private static string Text(Random random, string[] vocabulary, double[] sums)
    {
        if (random.Next(50) is 0)
        {
            return $"{Han(random, random.Next(4, 40))}，{Han(random, random.Next(4, 20))}。";
        }

        var length = random.Next(5) switch { 0 => 5, 1 => 10, 2 => 20, 3 => 30, _ => 60 };
        return string.Join(' ', Enumerable.Range(0, length).Select(_ => Word(random, vocabulary, sums)));
    }

    private static string Han(Random random, int length) => string.Concat(Enumerable.Range(0, length).Select(_ => (char)('一' + (int)(3000 * Math.Pow(random.NextDouble(), 2)))));

    private static string Word(Random random, string[] vocabulary, double[] sums)
    {
        var at = Array.BinarySearch(sums, random.NextDouble() * sums[^1]);
        return vocabulary[Math.Min(at < 0 ? ~at : at, vocabulary.Length - 1)];
    }

    private static (string[] Words, double[] Sums) Vocabulary()
    {
        var random = new Random(3);
        var words = new HashSet<string>();
        while (words.Count < Words)
        {
            var syllables = words.Count < 200 ? 1 + random.Next(2) : 2 + random.Next(3);
            words.Add(string.Concat(Enumerable.Range(0, syllables).Select(_ => $"{Consonants[random.Next(Consonants.Length)]}{Vowels[random.Next(Vowels.Length)]}")) + (random.Next(3) is 0 ? "n" : ""));
        }

        var sums = new double[Words];
        for (var i = 0; i < Words; i++)
        {
            sums[i] = (i is 0 ? 0 : sums[i - 1]) + (1 / (i + 2.7));
        }

        return ([.. words], sums);
    }
}
