using System.Text.Json;
using Bridle.Messages;
using Bridle.Permissions;
using static Bridle.CrashTarget.Scenarios.Step;

namespace Bridle.CrashTarget.Scenarios;

/// <summary>
/// Twenty sessions that differ in order and kind. Each has at least three calls that must not run twice, calls side by side, an approval and an output that spills.
/// </summary>
internal static class AllScenarios
{
    private static readonly Turn[] OneTurn = [new("m1", "Do the work.")];

    public static IReadOnlyList<Scenario> List { get; } =
    [
        Plain("s01", "reads side by side between once calls", C("a"), Looks, C("b"), P("rent"), D("log")),
        Plain("s02", "an approval before anything else", P("rent"), C("a"), Looks, C("b"), D("log")),
        Plain("s03", "a spill before anything else", D("log"), C("a"), P("rent"), Looks, C("b")),
        Plain("s04", "a spill at the end", C("a"), C("b"), P("rent"), Looks, D("log")),
        Plain("s05", "all calls in one reply", Call(Count("a"), Look("x"), Look("y"), Pay("rent"), Dump("log"), Count("b"), Look("z"), Look("w"))),
        Plain("s06", "once calls side by side in one reply", Call(Count("a"), Count("b"), Pay("rent")), Looks, Call(Dump("log"), Count("c"))),
        Plain("s07", "replies that break off", C("a"), C("b") with { Cut = true }, Looks, P("rent") with { Cut = true }, D("log")),
        Plain("s08", "a message typed while the model works", C("a"), C("b") with { Steer = "Take the other road." }, Looks, P("rent"), D("log")),
        Plain("s09", "a question to the person", C("a"), Call(("AskUser", """{"question":"Which colour?","options":["red","blue"]}""")), P("rent"), Looks, D("log"), C("b")),
        Plain("s10", "a call that the person refuses", C("a"), P("a bribe"), Looks, P("rent"), D("log"), C("b")) with
        {
            Approve = prompt => prompt.Request.Input.Contains("bribe", StringComparison.Ordinal) ? new(false, Reason: "that is not how we work") : new(true),
        },
        new("s11", "a change of mode between two turns", [new("m1", "Look first."), new("m2", "Now change it.", "acceptEdits")],
        [
            C("a"), Looks, Say("Looked."), Call(Write("notes.txt", "One.\n")), P("rent"), D("log"), C("b"), Say("Changed."),
        ]),
        new("s12", "three turns", [new("m1", "First."), new("m2", "Second."), new("m3", "Third.")],
        [
            C("a"), Looks, Say("One."), P("rent"), D("log"), Say("Two."), C("b"), C("c"), Say("Three."),
        ]),
        Plain("s13", "edits of files, each approved", Call(Write("notes.txt", "One.\nTwo.\n")), Call(Edit("notes.txt", "Two.", "Three.")), C("a"), Looks, D("log"), Call(Edit("notes.txt", "One.", "Zero."))),
        Plain("s14", "shell commands, one in the background",
            Call(Bash("echo bash-1 >> ../effects")), Call(("Bash", """{"command":"echo bash-2 >> ../effects; sleep 1","run_in_background":true}""")), Looks, C("a"), D("log"), P("rent")),
        Plain("s15", "a plan that is approved", Looks, Call(("ExitPlanMode", """{"plan":"Count, pay, dump."}""")), C("a"), P("rent"), D("log"), C("b")) with { Mode = "plan" },
        Plain("s16", "answers at the output limit", C("a"), Looks, P("rent"), D("log"), C("b"), Say("Half of it, ", StopReason.MaxTokens)),
        Plain("s17", "calls that fail, and one of a tool that does not exist", C("a"), Call(("Fail", Text("the pump"))), Call(("Nonsense", "{}"), Count("b")), Looks, P("rent"), D("log")),
        Plain("s18", "an approval with a changed input", C("a"), P("too much"), Looks, D("log"), C("b")) with
        {
            Approve = prompt => new(true, EditedInput: prompt.Request.Tool == "Pay" ? Text("less") : null),
        },
        Plain("s19", "a yes for the whole session", C("a"), P("rent"), Looks, P("rent"), D("log"), P("rent")) with { Approve = _ => new(true, "session") },
        new("s20", "spills side by side, in two turns", [new("m1", "First."), new("m2", "Second.")],
        [
            Call(("Scan", Text("hills")), ("Scan", Text("woods")), Look("x")), C("a"), P("rent"), Say("One."), D("log"), Call(Count("b"), Count("c")), Looks, Say("Two."),
        ]),
    ];

    private static Step Looks => Call(Look("x"), Look("y"), Look("z"));

    public static Scenario Named(string name) => List.Single(scenario => scenario.Name == name);

    private static Scenario Plain(string name, string what, params Step[] steps) => new(name, what, OneTurn, [.. steps, Say("Done.")]);

    private static Step C(string text) => Call(Count(text));

    private static Step P(string text) => Call(Pay(text));

    private static Step D(string text) => Call(Dump(text));

    private static (string, string) Count(string text) => ("Count", Text(text));

    private static (string, string) Pay(string text) => ("Pay", Text(text));

    private static (string, string) Dump(string text) => ("Dump", Text(text));

    private static (string, string) Look(string text) => ("Look", Text(text));

    private static (string, string) Bash(string command) => ("Bash", $$"""{"command":"{{command}}"}""");

    private static (string, string) Write(string path, string content) => ("Write", $$"""{"file_path":"{{path}}","content":"{{JsonEncodedText.Encode(content)}}"}""");

    private static (string, string) Edit(string path, string before, string after) =>
        ("Edit", $$"""{"file_path":"{{path}}","old_string":"{{before}}","new_string":"{{after}}"}""");

    private static string Text(string text) => $$"""{"text":"{{text}}"}""";
}
