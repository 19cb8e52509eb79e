using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Tools;

/// <summary>One call on its way through the pipeline. Stages fill it in; each property says which stage sets it.</summary>
public sealed class ToolInvocation
{
    private const int MostInput = 1_000;

    /// <summary>What the model asked for.</summary>
    public required ToolCallPart Call { get; init; }

    /// <summary>The doors and memory as the run has them; the enforce stage replaces it by the confined one.</summary>
    public required CallScope Scope { get; set; }

    /// <summary>Appends a record in the name of the run that makes the call.</summary>
    public required Func<DurableEvent, Durability, CancellationToken, ValueTask> RecordAsync { get; init; }

    /// <summary>The tool. Set by bind.</summary>
    public Tool? Tool { get; set; }

    /// <summary>The bound input. Set by bind, and again when a hook or an approver changed it.</summary>
    public ToolInput? Input { get; set; }

    /// <summary>What will confine the call. Set by plan isolation.</summary>
    public IsolationPlan Plan { get; set; } = IsolationPlan.None("off", "nothing was planned");

    /// <summary>What will confine the call, in words for a person and the log.</summary>
    public string Isolation => Plan.Text;

    /// <summary>What permission said. Set by permission.</summary>
    public Judgement? Judgement { get; set; }

    /// <summary>
    /// The files of the call as they were when it was judged, resolved. What the call opens is compared with these, and never with what its words lead to later: a link can be turned in
    /// between. Set by permission, and again whenever the call is judged anew.
    /// </summary>
    public IReadOnlyList<JudgedPath> JudgedPaths { get; set; } = [];

    /// <summary>What the hooks before said: a hook's allow may skip a question, never a deny. Set by hooks.</summary>
    public Verdict? HookVerdict { get; set; }

    /// <summary>
    /// Who stands for the call when nobody's hook does, in words such as <c>your settings</c>; null for a call of the model. As a hook's allow it skips a question, never a deny
    /// and never a firm one.
    /// </summary>
    public string? VouchedBy { get; init; }

    /// <summary>How stages may ask models beside the call; null where no limit would hold that, and then they ask nobody.</summary>
    public AskingModels? Asking { get; init; }

    /// <summary>Whether a person refused the call. Set by approval.</summary>
    public bool PersonSaidNo { get; set; }

    /// <summary>The input that a person put in the place of the model's, as it ran, or null. Set by approval.</summary>
    public string? PersonsInput { get; set; }

    /// <summary>Why no further step of the turn should follow, when a hook said so. Set by hooks and approval.</summary>
    public string? StopReason { get; set; }

    /// <summary>When the call passed the gate, as a timestamp of the scope's time. Set just before the tool runs.</summary>
    public long? StartedAt { get; set; }

    /// <summary>What the tool gave, before anybody after it had a say. Set by limit.</summary>
    internal ToolResult? CameOfIt { get; set; }

    /// <summary>The result with a line before it that says what ran when a person changed the call: the model knows only what it asked for.</summary>
    internal ToolResult Tell(ToolResult result)
    {
        if (PersonsInput is not { } input)
        {
            return result;
        }

        var line = $"The person changed this call before it ran. What ran is {Call.Name} {(input.Length > MostInput ? input[..MostInput] + "…" : input)}";
        return result with { Content = result.Content.FirstOrDefault() is TextPart first ? [new TextPart($"{line}\n{first.Text}"), .. result.Content.Skip(1)] : [new TextPart(line), .. result.Content] };
    }
}

/// <summary>A verdict about a call; deny beats ask beats allow.</summary>
public enum Verdict
{
    /// <summary>Runs.</summary>
    Allow,

    /// <summary>A person decides.</summary>
    Ask,

    /// <summary>Does not run.</summary>
    Deny,
}

/// <summary>A verdict with its reason in words and the rule that decided, if one did.</summary>
public sealed record Judgement(Verdict Verdict, string Reason, string? Rule = null)
{
    /// <summary>A question that no hook may skip: an ask rule, a sensitive or protected file, a critical removal.</summary>
    public bool Firm { get; init; }

    /// <summary>
    /// Null where a rule, a mode or somebody allowed the call. Else it runs only because it is confined, with no network but the registries of these families of
    /// <see cref="PackageFetching"/>, and with none at all where there are none.
    /// </summary>
    public IReadOnlyList<string>? Reach { get; init; }

    /// <summary>The call may run where what may be a secret looks empty to it, as it does to every call that nobody was asked about.</summary>
    public bool HidesSecrets { get; init; }
}
