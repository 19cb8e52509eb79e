using System.Text.Json;
using Bridle.Events;
using Bridle.Hosting.Providers;
using Bridle.Models;
using Bridle.Permissions;
using Bridle.Testing;
using Bridle.Tools;

namespace Bridle.Hosting.Tests;

/// <summary>What is explained about a call is what the gate of a session decides about it, where somebody is there to be asked and where nobody is.</summary>
public sealed class ExplainedAndJudgedTests(ITestOutputHelper output) : IDisposable
{
    private const int CallsInOne = 42;

    private static readonly string[] Programs = ["qone", "qtwo x", "git log -1", "git push", "ls", "ls src", "cat a.txt", "cat .env", "echo hi", "head -1 ~/.ssh/id_rsa", "env qone", "sh -c 'qtwo x'", "bash qone", "rm nothere", "(cd src; ls)", "$x", "cat *.txt", "cat /etc/hostname"];

    private static readonly string[] Paths = ["a.txt", "src/b.txt", ".env", "src", "/etc/hostname", "~/.ssh/id_rsa", "../outside.txt", "nothere.txt", ".bridle/settings.json"];

    private static readonly string[] Rules = ["Bash(qone:*)", "Bash(qtwo x)", "Bash(git:*)", "Bash(cat:*)", "Bash", "Read(a.txt)", "Read(.env)", "Read(src/**)", "Edit(a.txt)", "Edit(src/**)", "Write", "Grep", "Read(//etc/**)", "Git", "Git(commit:*)", "Bash(git commit:*)", "Bash(git rm:*)", "Edit(b.txt)", "WebFetch(domain:example.org)", "Bash(* x)"];

    private static readonly string[] GitWords = ["commit -m x", "reset --hard", "branch --list", "rm -f a.txt", "mv src/b.txt c.txt", "add -f .env", "add *.txt", "restore :/a.txt", "commit -m 'two words *'", "stash"];

    private static readonly string[] Modes = ["default", "default", "acceptEdits", "plan", "dontAsk", "bypass", "strict"];

    private readonly TemporaryFolder _folder = new();

    private string Work => Path.Combine(_folder.Path, "work");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_verdict_that_is_explained_is_the_one_of_the_gate_in_both_views()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("BRIDLE_SEED"), out var given) ? given : Random.Shared.Next();
        var random = new Random(seed);
        var seen = new Dictionary<Verdict, int>();
        foreach (var (file, text) in (ReadOnlySpan<(string, string)>)[("work/a.txt", "a"), ("work/src/b.txt", "b"), ("work/.env", "K=v"), ("outside.txt", "o")])
        {
            _folder.Write(file, text);
        }

        for (var round = 0; round < 6; round++)
        {
            _folder.Write(".config/bridle/settings.json", Settings(random));
            var headless = round % 2 == 1;
            var calls = Enumerable.Range(0, CallsInOne).Select(_ => Call(random)).ToList();
            var request = new HarnessRequest(_folder.Environment(("PATH", Environment.GetEnvironmentVariable("PATH")!)), Work)
            {
                ConfinedUnasked = headless, Mode = round == 0 ? "default" : Modes[random.Next(Modes.Length)], Sandboxes = [new PretendSandbox()], FindLocalServers = _ => Task.FromResult<IReadOnlyList<LocalServerFound>>([]),
            };
            var (found, problem) = PermissionOverview.Read(request);
            Assert.True(found is not null, $"BRIDLE_SEED={seed}, round {round}: {problem}");
            var overview = found with { Headless = headless };
            var explained = calls.Select(call => overview.Explain(overview.CallOf(call.Text).Call!).Judgement).ToList();
            var gate = await JudgedAsync(request, calls, headless);
            for (var i = 0; i < calls.Count; i++)
            {
                Assert.True(gate[i] == explained[i].Verdict, $"BRIDLE_SEED={seed}, round {round}, mode {request.Mode}: {calls[i].Text} is explained as {explained[i].Verdict} ({explained[i].Reason}) and was {gate[i]}.");
                seen[gate[i]] = seen.GetValueOrDefault(gate[i]) + 1;
            }
        }

        output.WriteLine(string.Join(", ", seen.Select(one => $"{one.Value} {one.Key}")));
        Assert.True(seen.Values.Sum() >= 200 && seen.Count == 3, $"BRIDLE_SEED={seed}: not every verdict came up.");
    }

    [Fact]
    public async Task A_folder_that_is_reached_by_a_link_is_judged_as_written_and_as_it_is_in_both()
    {
        var link = Path.Combine(_folder.Path, "link");
        _folder.Write("work/src/b.txt", "b");
        _folder.Write("work/a.txt", "a");
        Directory.CreateSymbolicLink(link, Work);
        List<(string Text, string Tool, string Json)> calls = [("Read(src/b.txt)", "Read", """{"file_path":"src/b.txt"}"""), ("Bash(cat src/b.txt)", "Bash", """{"command":"cat src/b.txt"}"""), ("Read(a.txt)", "Read", """{"file_path":"a.txt"}""")];
        foreach (var denied in (string[])[link, Work])
        {
            var request = new HarnessRequest(_folder.Environment(("PATH", Environment.GetEnvironmentVariable("PATH")!)), link)
            {
                Mode = "bypass", Deny = [$"Read(/{denied}/src/**)"], Sandboxes = [new PretendSandbox()], FindLocalServers = _ => Task.FromResult<IReadOnlyList<LocalServerFound>>([]),
            };
            var overview = PermissionOverview.Read(request).Overview!;
            var explained = calls.ConvertAll(call => overview.Explain(overview.CallOf(call.Text).Call!).Judgement.Verdict);
            Assert.Equal([Verdict.Deny, Verdict.Deny, Verdict.Allow], explained);
            Assert.Equal(await JudgedAsync(request, calls, headless: false), explained);
        }
    }

    [Theory]
    [InlineData("Git(reset --hard)", Verdict.Ask, "Git(reset --hard)")]
    [InlineData("Git(git mv a.txt b.txt)", Verdict.Ask, "Git(mv a.txt b.txt)")]
    public void A_call_of_a_tool_for_no_file_is_explained_as_what_it_is(string text, Verdict verdict, string suggested)
    {
        _folder.Write("work/a.txt", "a");
        var overview = PermissionOverview.Read(new HarnessRequest(_folder.Environment(), Work) { Mode = "acceptEdits", Sandboxes = [new PretendSandbox()] }).Overview!;
        var why = overview.Explain(overview.CallOf(text).Call!);
        Assert.Equal(verdict, why.Judgement.Verdict);
        Assert.Equal([suggested], why.Suggested);
        Assert.Null(overview.CallOf("Git(reset; ls)").Call);
    }

    // Where somebody is there: what was judged before the question. Where nobody is: whether it started in the end.
    private static async Task<List<Verdict>> JudgedAsync(HarnessRequest request, List<(string Text, string Tool, string Json)> calls, bool headless)
    {
        var sink = new CollectingSink();
        var model = new ScriptedModel(ScriptedReply.Calls([.. calls.Select(call => (call.Tool, call.Json))]), ScriptedReply.Text("done"));
        var start = await Composition.StartAsync(request with { Model = model, Sinks = [sink], Approver = headless ? null : TestApprover.No() }, TestContext.Current.CancellationToken);
        await using var harness = Assert.IsType<HarnessStarted>(start).Harness;
        await harness.Session.RunAsync("task", TestContext.Current.CancellationToken);
        var records = sink.Events.OfType<Recorded>().Select(one => one.Event).ToList();
        var order = records.OfType<ModelReplied>().First().Reply.Calls.Select(call => call.Id).ToList();
        var started = records.OfType<ToolStarted>().Select(one => one.Call).ToHashSet();
        var judged = records.OfType<CallJudged>().GroupBy(one => one.Call).ToDictionary(group => group.Key, group => Enum.Parse<Verdict>(group.First().Verdict, ignoreCase: true));
        return [.. order.Select(id => headless ? started.Contains(id) ? Verdict.Allow : Verdict.Deny : judged[id])];
    }

    private static string Settings(Random random)
    {
        string List() => string.Join(", ", Enumerable.Range(0, random.Next(4)).Select(_ => $"\"{Rules[random.Next(Rules.Length)]}\""));
        var autoAllow = random.Next(3) switch { 0 => """, "sandbox": { "autoAllow": true }""", 1 => """, "sandbox": { "enabled": false }""", _ => "" };
        return $$"""{ "permissions": { "allow": [{{List()}}], "ask": [{{List()}}], "deny": [{{List()}}] }{{autoAllow}} }""";
    }

    private static string GitInput(IReadOnlyList<string> words) => $$"""{"verb":"{{words[0]}}","arguments":[{{string.Join(',', words.Skip(1).Select(word => $"\"{word}\""))}}]}""";

    private static (string Text, string Tool, string Json) Call(Random random)
    {
        var path = Paths[random.Next(Paths.Length)];
        var command = Programs[random.Next(Programs.Length)];
        for (var i = random.Next(3); i > 0; i--)
        {
            command += new[] { " && ", "; ", " | ", " > a.txt; ", " 2>/dev/null || " }[random.Next(5)] + Programs[random.Next(Programs.Length)];
        }

        var git = GitWords[random.Next(GitWords.Length)];
        return random.Next(11) switch
        {
            0 => ($"Read({path})", "Read", $$"""{"file_path":"{{path}}"}"""),
            1 => ($"Write({path})", "Write", $$"""{"file_path":"{{path}}","content":"{}"}"""),
            2 => ($"Ls({path})", "Ls", $$"""{"path":"{{path}}"}"""),
            9 or 10 => ($"Git({git.Replace("*.txt", "'*.txt'", StringComparison.Ordinal)})", "Git", GitInput(Bridle.Permissions.GitCalls.WordsOf(git.Replace("*.txt", "'*.txt'", StringComparison.Ordinal))!)),
            3 => ("WebFetch(http://127.0.0.1:1/)", "WebFetch", """{"url":"http://127.0.0.1:1/"}"""),
            _ => ($"Bash({command})", "Bash", $$"""{"command":"{{JsonEncodedText.Encode(command)}}"}"""),
        };
    }
}
