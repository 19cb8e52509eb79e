using System.Text.Json;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Tests.Journal;

/// <summary>Records for tests.</summary>
internal static class Samples
{
    private const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private static readonly VendorData s_vendor = new("anthropic/claude", JsonDocument.Parse("""{"signature":"EqQB+/=","text":"not editable"}""").RootElement.Clone());

    /// <summary>One of every type that can be appended, with every field set.</summary>
    public static IReadOnlyList<DurableEvent> EveryType { get; } =
    [
        new SessionStarted(1, "demo", "/home/ann/work", "0.1.0", "other", 12) { ImportedFrom = "codex", Original = Hash },
        new SessionRenamed("demo 2"),
        new SessionEdited([2, 5], 1, 2, "person") { Before = Hash },
        new LogRepaired(17) { Blob = Hash },
        new UserSpoke("m1", [new TextPart("Where is \"it\"?\nLook in C:\\x\tplease — 日本 😀 <b>&'</b>"), new ImagePart("image/png", Hash)]),
        new InboxDrained([new InboxMessage("m2", "also this"), new InboxMessage("m3", "and that")]),
        new ReminderAdded("stuck", "You did that three times."),
        new Compacted(4, "They looked for it.", "auto", "the bug")
        {
            How = "model", Trims = [new Trim(3, 800, 200, 2400)], TokensBefore = 90_000, TokensAfter = 20_000, Usage = new Usage(9_000, 0, 0, 400, 0), Cost = 0.02m, Model = "anthropic/small",
        },
        new ModelRequested("anthropic/claude", "anthropic", [new RequestPart("system", "prompt.md", Hash, 1200)], 4, 4096, ToolCalling.Native, 2) { History = Hash },
        new ModelReplied(new ModelReply(
            [
                new ReasoningPart("Hm.") { Vendor = s_vendor },
                new TextPart("I will look."),
                new ToolCallPart(new CallId("c1"), "Read", """{"path":"a.cs"}"""),
            ], StopReason.ToolUse, new Usage(100, 20, 3, 40, 10), "claude-4"), 0.0125m, 1830),
        new ReplyCut("connection lost", "I wi", new Usage(100, 0, 0, 2, 0), 0.001m) { EstimatedUsage = new Usage(100, 0, 0, 2, 0), EstimatedCost = 0.001m },
        new ModelFailed("rate_limit", 429, "Too many requests.", "Wait a minute.", 5),
        new ModelConsulted("review", "anthropic/small", new Usage(900, 0, 0, 12, 0), 0.0009m, 310) { Log = new string('a', 64) },
        new HookRan(new CallId("c1"), "PreToolUse", "guard.sh", Hash, "allow", "fine", """{"path":"b.cs"}"""),
        new CallJudged(new CallId("c1"), "ask", "It writes.", "user: ask Write"),
        new ApprovalRequested("a1", new CallId("c1"), "Write", """{"path":"a.cs"}""", Hash, Hash, "none", "It writes.", new DateTimeOffset(2026, 11, 21, 11, 10, 0, TimeSpan.Zero)),
        new ApprovalGiven("a1", "allow", "session", "person", "go on", """{"path":"c.cs"}"""),
        new QuestionAsked("q1", new CallId("c2"), "Which?", ["this", "that"]),
        new QuestionAnswered("q1", "that"),
        new ToolStarted(new CallId("c1"), "Write", Hash, ToolEffect.Once, "none"),
        new SnapshotTaken(new CallId("c1"), "/home/ann/work/a.cs", Hash, 420),
        new ToolReturned(new CallId("c1"), CallOutcome.TimedOut, [new TextPart("1: using System;"), new ImagePart("image/png", Hash)], 12)
        {
            Tool = "Write",
            Files = [new FileTouch("/home/ann/work/a.cs", Hash, true)],
            WorkingDirectory = "/home/ann/work/src",
            Spill = Hash,
            Diff = "-a\n+b",
            ExitCode = 124,
        },
        new ModeChanged("default", "plan", "person"),
        new ModelChanged("anthropic/claude", "ollama/qwen3:4b"),
        new RunStarted("turn", "ollama/qwen3:4b", "default", new RunLimits(50, 100_000, 1.5m, 600, 200), true) { Isolation = "bubblewrap", Acceptance = ["file a.md exists"] },
        new RunFinished(TurnOutcome.ModelFailed, new Usage(200, 20, 3, 42, 10), 0.0135m, 3, [new DeniedCall(new CallId("c9"), "Bash", "no rule")], "It failed.", "rate_limit"),
        new SealedFilesHashed([new SealedFile("tests/a.cs", Hash)]) { Unmatched = ["old/**"] },
        new AcceptanceChecked(2, false, [new CheckVerdict("file a.md exists", CheckOutcome.Met), new CheckVerdict("command 'make' succeeds", CheckOutcome.Unmet, "Exit code: 2")]) { Breaches = [new SealBreach("tests/a.cs", "modified", Hash)] },
        new SensorRan("build", "turn", SensorState.Red, [new SensorSignal(SignalSeverity.Block, "; expected") { File = "src/a.cs", Line = 5, Column = 9, Code = "CS1002", Advice = "Add it.", Detail = "one\ntwo" }], 2900)
        {
            Found = 120, Reason = "why",
        },
        new SensorFixed("lint", "command", "ruff check --fix a.py", "denied", "no rule"),
        new Delegated("d1", "helper", "Find it.", new RunLimits(Steps: 10)),
        new Reported("d1", "helper", "Found.", false, new Usage(1, 0, 0, 1, 0), 0.0001m),
        new SkillUsed("deploy", "/home/ann/work/.bridle/skills/deploy/SKILL.md", Hash, "person") { Arguments = "prod", Allowed = ["Read", "Bash(git:*)"], Refused = ["Write"] },
        new ModelStoodIn("anthropic/claude", "openai/gpt", "overloaded", "The vendor is overloaded."),
        new ToolsLoaded(["mcp__a__b", "c"]),
        new SessionTitled("Tides of Jupiter", "hook"),
        new Rewound("moon", 12, [new RewoundFile("/work/a.cs", true, Hash, 420, Hash[..32])]),
        new GrantRevoked("a1b2c3d4", "person"),
        new ImagesRefused("openai/gpt", [Hash], "The request was not accepted."),
    ];

    /// <summary>A short session: what a person would make with one question and one call.</summary>
    public static IReadOnlyList<(string Run, DurableEvent Event)> Turn { get; } =
    [
        ("1", new UserSpoke("m1", [new TextPart("Where is it?")])),
        ("1", new RunStarted("turn", "x/y", "default", new RunLimits())),
        ("1", new ModelRequested("x/y", "openai", [], 2, null, ToolCalling.Native)),
        ("1", new ModelReplied(new ModelReply([new TextPart("Looking."), new ToolCallPart(new CallId("c1"), "Grep", "{}")], StopReason.ToolUse, null, null), null, 5)),
        ("1", new ToolStarted(new CallId("c1"), "Grep", "00", ToolEffect.Repeatable, "none")),
        ("1", new ToolReturned(new CallId("c1"), CallOutcome.Completed, [new TextPart("a.cs:1")], 3)),
        ("1", new ModelRequested("x/y", "openai", [], 7, null, ToolCalling.Native)),
        ("1", new ModelReplied(new ModelReply([new TextPart("In a.cs.")], StopReason.EndTurn, null, null), null, 5)),
        ("1", new RunFinished(TurnOutcome.Completed, Usage.None, null, 2, [])),
    ];

    /// <summary>Makes a session with the turn in it and closes it. Gives its path; it has ten records.</summary>
    public static async Task<string> WriteAsync(TestFolder folder, string name = "s", bool withSeal = false)
    {
        var opened = folder.Store.Create(folder.Root, name);
        foreach (var (run, durableEvent) in Turn)
        {
            await opened.Journal.AppendAsync(new RunId(run), durableEvent, Durability.Written, CancellationToken.None);
        }

        await opened.Journal.DisposeAsync();
        if (!withSeal)
        {
            folder.ForgetSeals();
        }

        return folder.Store.PathOf(name);
    }
}
