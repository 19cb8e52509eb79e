using Bridle.Permissions.Shell;

namespace Bridle.Tests.Permissions.Shell;

/// <summary>Real bash says what a text runs; the parser must have found at least that.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ShellOracleTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_parser_finds_every_program_and_file_that_bash_touches()
    {
        // Some two hundred texts and as many changed ones; for an hour when the fuzzers are told so.
        var time = new FuzzTime(output);
        var generator = new ShellGenerator(time.Random);
        var (resolved, ran, all) = (0, 0, 0);
        do
        {
            var texts = Enumerable.Range(0, 200).Select(_ => generator.Make()).ToList();
            texts.AddRange(texts.ToArray().Select(generator.Mutate).Select(Renamed));
            using var oracle = new BashOracle();
            var touched = await oracle.RunAsync(texts);
            var missed = new List<string>();
            foreach (var text in texts)
            {
                var reading = CommandReading.Of(ShellParser.Parse(text.Text));
                resolved += reading.Unresolved is null ? 1 : 0;
                missed.AddRange(Missed(reading, text, touched, ref ran).Select(name => $"{name} in <<{text.Text}>>"));
            }

            all += texts.Count;
            Assert.True(missed.Count == 0, $"BRIDLE_SEED={time.Seed}\n{string.Join("\n----\n", missed.OrderBy(one => one.Length))}");
        }
        while (IsLong && time.Next());

        output.WriteLine($"{all} texts, {resolved} resolved, {ran} programs and files were touched");
        Assert.True(ran > all / 2 && resolved > all / 4, $"{ran} were touched, {resolved} of {all} texts were resolved: the test says little.");
    }

    [Fact]
    public async Task Every_example_of_an_evaluated_text_runs_its_program_in_bash_and_is_heard()
    {
        static string NameOf(int at) => "qexam" + (char)('a' + (at / 26 / 26)) + (char)('a' + (at / 26 % 26)) + (char)('a' + (at % 26));
        var texts = EvaluatedExamples.Running.Select((line, at) => new GeneratedText(line.Replace("%P", NameOf(at), StringComparison.Ordinal), [NameOf(at)], [])).ToList();

        // As many that are put together, each by itself: in the long run every way into a variable meets every way out of it.
        var time = new FuzzTime(output);
        texts.AddRange(Enumerable.Range(0, 150).Select(at => new GeneratedText(EvaluatedTexts.Make(time.Random, NameOf(1_000 + at)), [NameOf(1_000 + at)], [])));
        using var oracle = new BashOracle();
        var touched = await oracle.RunAsync(texts);
        var ran = 0;
        var missed = new List<string>();
        foreach (var text in texts)
        {
            missed.AddRange(Missed(CommandReading.Of(ShellParser.Parse(text.Text)), text, touched, ref ran).Select(_ => text.Text));
        }

        Assert.True(missed.Count == 0, $"BRIDLE_SEED={time.Seed}\n{string.Join("\n----\n", missed)}");
        var silent = texts.Where(text => !touched.Contains(text.Programs[0])).Select(text => text.Text).ToList();
        output.WriteLine($"{ran} of {texts.Count} ran their program; not: {string.Join(" | ", silent)}");
        Assert.True(ran > texts.Count * 2 / 3, string.Join('\n', silent));
    }

    [Fact]
    public async Task The_parser_takes_what_bash_takes()
    {
        var time = new FuzzTime(output);
        var generator = new ShellGenerator(time.Random);
        var sound = Enumerable.Range(0, 300).Select(_ => generator.Make()).ToList();
        var changed = sound.Select(generator.Mutate).ToList();
        using var oracle = new BashOracle();
        var accepts = await oracle.AcceptsAsync([.. sound, .. changed]);
        var wrong = new List<string>();
        for (var i = 0; i < sound.Count; i++)
        {
            var problem = ShellParser.Parse(sound[i].Text).Problem;
            if (accepts[i] && problem is not null && !DeliberateRefusals.All.Any(reason => problem.StartsWith(reason, StringComparison.Ordinal)))
            {
                wrong.Add($"{problem}: <<{sound[i].Text}>>");
            }
        }

        var both = changed.Select((text, at) => (Ours: ShellParser.Parse(text.Text).Problem is null, Bash: accepts[sound.Count + at], text.Text)).ToList();
        output.WriteLine($"bash takes {accepts.Take(sound.Count).Count(one => one)} of {sound.Count} texts and {both.Count(one => one.Bash)} of as many changed ones; "
            + $"we refuse {both.Count(one => one.Bash && !one.Ours)} of those and take {both.Count(one => !one.Bash && one.Ours)} others");
        Assert.True(wrong.Count == 0, $"BRIDLE_SEED={time.Seed}\n{string.Join("\n----\n", wrong.OrderBy(one => one.Length))}");
        Assert.True(both.Count(one => one.Bash == one.Ours) > changed.Count * 8 / 10, string.Join("\n----\n", both.Where(one => one.Bash != one.Ours).Select(one => $"{one.Bash}: {one.Text}")));
    }

    private static bool IsLong => double.TryParse(Environment.GetEnvironmentVariable("BRIDLE_FUZZ_SECONDS"), out var seconds) && seconds > 100;

    // A changed text may read what it would have run, so a name counts wherever it was found; the oracle runs at the top of its own machine, where '/x' is x.
    private static List<string> Missed(CommandReading reading, GeneratedText text, HashSet<string> touched, ref int ran)
    {
        var found = reading.Commands.Select(command => command.Name).Concat(reading.Redirects.Select(redirect => redirect.Target.Text.TrimStart('/'))).ToHashSet();
        var computed = reading.Redirects.Any(redirect => redirect.Target.Value is null || (redirect.Target.Marks & WordMarks.Glob) != 0);
        var names = text.Programs.Concat(text.Files).Where(touched.Contains).ToList();
        ran += names.Count;
        return [.. names.Where(name => reading.Unresolved is null && !found.Contains(name) && !(computed && text.Files.Contains(name)))];
    }

    // The changed text runs beside the one it was made of, so its names must be others.
    private static GeneratedText Renamed(GeneratedText one)
    {
        string Turn(string name) => name[0] + string.Concat(name[1..].Select(letter => (char)('a' + ((letter - 'a' + 13) % 26))));
        var text = one.Programs.Concat(one.Files).Aggregate(one.Text, (text, name) => text.Replace(name, Turn(name)).Replace(name[1..], Turn(name)[1..]));
        return new GeneratedText(text, [.. one.Programs.Select(Turn)], [.. one.Files.Select(Turn)]);
    }
}
