using System.Text.RegularExpressions;
using Bridle.Cli.Tests.Reference;
using Bridle.Hosting.Cases;

namespace Bridle.Cli.Tests.Commands;

/// <summary>Where each case of the attack corpus is judged: by exactly one class, by one named test, or by a part that does not exist yet and must pass it then.</summary>
public sealed class CorpusCoverageTests(ITestOutputHelper output)
{
    private const string Mcp = "MCP client and server";
    private const string Server = "server (HTTP, WebSocket)";
    private const string Page = "web page";
    private const string Fleet = "fleet (several agents)";
    private const string Editor = "chat (opens an editor)";

    // Classes that judge many cases, each with how it picks them.
    private static readonly (string Test, Func<JudgeCase, bool> Judges)[] Classes =
    [
        ("AttackCorpusTests.Every_case_gets_its_verdict", one => CaseJudge.WhySkipped(one) is null),
        ("SandboxCommandTests.Every_sandbox_case_of_the_corpus_is_refused_or_allowed_as_it_must_be", one => one.Class == "sandbox"),
        ("HookCorpusTests.Every_case_of_the_corpus_about_hooks_has_its_verdict", one => one.Tool == "Hook"),
        ("TrustCorpusTests.A_case_about_settings_and_trust_ends_as_the_corpus_says", one => TrustCorpusTests.Judges(one.Id)),
    ];

    // Cases whose state no data sets up: the test that proves each.
    private static readonly Dictionary<string, string> Tests = new()
    {
        ["A353"] = "EditToolTests.A_file_that_was_not_read_or_changed_since_is_not_edited",
        ["A459"] = "LocalNetworkTests.A_body_longer_than_the_limit_is_cut_and_told",
        ["A460"] = "LocalNetworkTests.A_packed_body_is_limited_by_what_it_unpacks_to",
        ["A561"] = "SecretTests.A_refusal_that_quotes_the_key_is_told_without_it",
        ["A610"] = "ResumeTests.A_once_call_that_started_and_has_no_answer_is_told_as_interrupted_and_never_runs_again",
        ["A611"] = "ResumeTests.A_repeatable_call_that_started_runs_again",
        ["A612"] = "ResumeTests.A_call_that_never_started_runs_once",
    };

    // Cases of parts that are not there yet.
    private static readonly Dictionary<string, string> Later = new[]
    {
        (Mcp, "A362 A411 A530 A531 A532 A533 A535 A536 A537 A539 A541 A546 A547"),
        (Server, "A358 A462 A466 A467 A469 A470 A472 A473 A474 A475 A477 A478 A479 A480 A483 A485 A487 A488 A491 A492 A494 A497 A499 A501 A502 A505 A506 A507 A509 A510 A512 A513 A602"),
        (Page, "A457"),
        (Fleet, "A553"),
        (Editor, "A391"),
    }.SelectMany(part => part.Item2.Split(' ').Select(id => (id, part.Item1))).ToDictionary();

    private static IReadOnlyList<JudgeCase> Corpus { get; } = JudgeCase.Read(File.ReadLines(Path.Combine(ReferencePage.Root, "tests", "Bridle.Tests", "Permissions", "attacks.jsonl")));

    [Fact]
    public void Each_case_is_judged_in_exactly_one_place_or_listed_with_the_part_that_must_pass_it()
    {
        var places = Corpus.Select(one => (one.Id, Places: PlacesOf(one).ToList())).ToList();

        Assert.Equal([], places.Where(one => one.Places.Count != 1).Select(one => $"{one.Id}: {(one.Places.Count == 0 ? "judged nowhere and not listed" : string.Join(" and ", one.Places))}"));
        Assert.Equal([], Tests.Keys.Concat(Later.Keys).Except(Corpus.Select(one => one.Id)));
        Assert.Equal(Corpus.Count, Corpus.Select(one => one.Id).Distinct().Count());

        output.WriteLine($"{Corpus.Count} cases: {Corpus.Count - Later.Count} judged, {Later.Count} listed for later parts");
        foreach (var place in places.GroupBy(one => one.Places[0]).OrderByDescending(place => place.Count()))
        {
            output.WriteLine($"| {place.Key} | {place.Count()} | {(place.Count() > 40 ? "" : string.Join(' ', place.Select(one => one.Id)))} |");
        }
    }

    [Fact]
    public void Each_test_that_is_named_exists()
    {
        var sources = Directory.EnumerateFiles(Path.Combine(ReferencePage.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories).ToLookup(Path.GetFileNameWithoutExtension);
        Assert.All(Tests.Values.Concat(Classes.Select(one => one.Test)), test =>
        {
            var parts = test.Split('.');
            var source = File.ReadAllText(Assert.Single(sources[parts[0]]));
            Assert.Matches($@"public (async Task|void|Task) {Regex.Escape(parts[1])}\(", source);
        });
    }

    private static IEnumerable<string> PlacesOf(JudgeCase one) =>
        [
            .. Classes.Where(judge => judge.Judges(one)).Select(judge => judge.Test),
            .. Tests.TryGetValue(one.Id, out var test) ? [test] : Array.Empty<string>(),
            .. Later.TryGetValue(one.Id, out var part) ? [$"later: {part}"] : Array.Empty<string>(),
        ];
}
