using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Bridle.Events;
using Bridle.Permissions;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Benchmarks;

/// <summary>The gate's verdict about a command of 200 characters under 200 rules, its words resolved as paths in a real folder.</summary>
[MemoryDiagnoser]
[MinColumn]
public class GateVerdict
{
    private const string Command = "dotnet test tests/Bridle.Tests --no-build --verbosity quiet --logger console --filter FullyQualifiedName~Gate --results-directory artifacts/results --blame-hang-timeout 120s --settings tests/ci.runsettings";
    private const string Compound = "cd tests && for p in unit property; do dotnet test \"$p\" 2>/dev/null | grep -c Failed; done; dotnet test Bridle.Tests --no-build --verbosity quiet --filter Gate && git status --short | head -5 || echo none";
    private TemporaryFolder _folder = null!;
    private PermissionPolicy _policy = null!;
    private LocalFiles _files = null!;
    private ToolDefinition _tool = null!;
    private ToolInput _input = null!;
    private ToolInput _compound = null!;
    private CallToJudge _read = null!;
    private PermissionPolicy _guarding = null!;
    private PermissionsInForce _linked = null!;
    private ToolInput _history = null!;

    [GlobalSetup]
    public void Prepare()
    {
        if (Command.Length is < 195 or > 210 || Compound.Length is < 195 or > 210)
        {
            throw new InvalidOperationException($"The commands have {Command.Length} and {Compound.Length} characters.");
        }

        _folder = new();
        _files = new LocalFiles(_folder.Path);
        var source = new RuleSource(RuleLayer.User, "settings.json");
        var rules = Enumerable.Range(0, 200).Select(number => (number % 4) switch
        {
            0 => PermissionRule.Parse($"Bash(tool{number} run:*)", Verdict.Allow, source),
            1 => PermissionRule.Parse($"Read(src/part{number}/**)", Verdict.Allow, source),
            2 => PermissionRule.Parse($"Bash(danger{number}:*)", Verdict.Deny, source),
            _ => PermissionRule.Parse(number == 199 ? "Bash(dotnet test:*)" : $"Edit(docs/**/*{number}.md)", Verdict.Allow, source),
        }).Select(outcome => outcome.Rule!).ToList();
        _policy = new PermissionPolicy(new() { Root = _files.Root, Home = _folder.In("home"), Rules = rules, HarnessFolders = [_folder.In("data"), _folder.In("state")] });
        var json = JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["command"] = Command }, BenchmarkJson.Default.DictionaryStringString);
        _tool = new ToolDefinition("Bash", "", json, ToolKind.Execute, ToolEffect.Once, false);
        _input = new ToolInput(json, Command, [new CommandTarget(Command)]);
        _compound = new ToolInput(json, Compound, [new CommandTarget(Compound)]);
        _read = Read();
        PrepareHistory(json, source);
        Directory.CreateDirectory(_folder.In("src"));
        _linked = new(new() { Root = _files.Root, Home = _folder.In("home"), Rules = [.. Enumerable.Range(0, 200).Select(number => PermissionRule.Parse($"Edit(src/part{number}/deep/**)", Verdict.Deny, source).Rule!)] });
        if (Judge() is not Verdict.Allow)
        {
            throw new InvalidOperationException($"The last rule must decide, but the gate says: {_policy.Judge(Read())}.");
        }
    }

    [GlobalCleanup]
    public void Remove() => _folder.Dispose();

    [Benchmark]
    public Verdict Judge() => _policy.Judge(Read()).Verdict;

    /// <summary>The part of it that finds out what the command runs and what its words name on disk.</summary>
    [Benchmark]
    public CallToJudge ReadOnly() => Read();

    /// <summary>The part of it that asks the rules.</summary>
    [Benchmark]
    public Verdict JudgeOnly() => _policy.Judge(_read).Verdict;

    /// <summary>The same about a command of many parts, which is asked.</summary>
    [Benchmark]
    public Verdict JudgeCompound() => _policy.Judge(CallReader.Read(_tool, _compound, _files, _files.Root)).Verdict;

    /// <summary>A command that prints history, limited to eight files, under 100 rules that deny reading, in a repository with settings of its own.</summary>
    [Benchmark]
    public Verdict JudgeHistory() => _guarding.Judge(CallReader.Read(_tool, _history, _files, _files.Root)).Verdict;

    /// <summary>The part of it that finds out what the command runs and names.</summary>
    [Benchmark]
    public CallToJudge ReadHistory() => CallReader.Read(_tool, _history, _files, _files.Root);

    /// <summary>Once before each call of a session, beside the verdict: whether a place that one of 200 denying rules names leads elsewhere by now.</summary>
    [Benchmark]
    public PermissionPolicy LookAtLinks() => _linked.Renewed();

    private void PrepareHistory(JsonElement json, RuleSource source)
    {
        const string command = "git log -p -- a b c d e f g h";
        _history = new ToolInput(json, command, [new CommandTarget(command)]);
        Directory.CreateDirectory(_folder.In(".git"));
        File.WriteAllText(_folder.In(".git/config"), "[core]\n\trepositoryformatversion = 0\n[remote \"origin\"]\n\turl = https://example.org/x.git\n[log]\n\tdate = iso\n");
        foreach (var name in "abcdefgh")
        {
            File.WriteAllText(_folder.In($"{name}"), "x");
        }

        var rules = Enumerable.Range(0, 100).Select(number => PermissionRule.Parse(number % 2 == 0 ? $"Read(secret{number}/**)" : $"Read(**/*.key{number})", Verdict.Deny, source).Rule!)
            .Append(PermissionRule.Parse("Bash(git log:*)", Verdict.Allow, source).Rule!).ToList();
        _guarding = new PermissionPolicy(new() { Root = _files.Root, Home = _folder.In("home"), Rules = rules, HarnessFolders = [_folder.In("data"), _folder.In("state")] });
        if (JudgeHistory() is not Verdict.Allow)
        {
            throw new InvalidOperationException($"It names no file of the rules, but the gate says: {_guarding.Judge(CallReader.Read(_tool, _history, _files, _files.Root))}.");
        }
    }

    private CallToJudge Read() => CallReader.Read(_tool, _input, _files, _files.Root);
}
