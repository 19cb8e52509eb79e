using System.Text.RegularExpressions;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Journal;

/// <summary>Takes secrets out of records. An event without any comes back as the same instance.</summary>
internal sealed partial class EventRedactor(SecretRedactor redactor)
{
    public DurableEvent Redact(DurableEvent one) => one switch
    {
        UserSpoke spoke => spoke with { Parts = Parts(spoke.Parts) },
        InboxDrained inbox => inbox with { Messages = [.. inbox.Messages.Select(message => message with { Text = Text(message.Text) })] },
        ReminderAdded reminder => reminder with { Text = Text(reminder.Text) },
        Compacted compacted => compacted with { Summary = Text(compacted.Summary), Focus = Maybe(compacted.Focus) },
        ModelReplied replied => Reply(replied),
        ReplyCut cut => cut with { PartialText = Text(cut.PartialText), Reason = Text(cut.Reason) },
        ModelStoodIn stood => stood with { Message = Text(stood.Message) },
        ImagesRefused refused => refused with { Message = Text(refused.Message) },
        ModelFailed failed => failed with { Message = Text(failed.Message) },
        HookRan hook => hook with { Reason = Maybe(hook.Reason), UpdatedInput = Known(hook.UpdatedInput), StopReason = Maybe(hook.StopReason), Rules = Rules(hook.Rules) },
        CallJudged judged => judged with { Reason = Text(judged.Reason) },
        ApprovalRequested request => request with { Input = redactor.RedactKnown(request.Input), Reason = redactor.RedactKnown(request.Reason) },
        ApprovalGiven given => given with { Reason = Maybe(given.Reason), EditedInput = Known(given.EditedInput), Rule = Known(given.Rule), Grant = given.Grant is { } grant ? grant with { Pattern = Known(grant.Pattern) } : null, Rules = Rules(given.Rules) },
        SkillUsed used => used with { Arguments = Maybe(used.Arguments) },
        QuestionAsked asked => asked with { Question = Text(asked.Question), Options = [.. asked.Options.Select(Text)] },
        QuestionAnswered answered => answered with { Answer = Text(answered.Answer) },
        ToolReturned returned => returned with { Content = Parts(returned.Content), Diff = Maybe(returned.Diff) },
        RunFinished finished => finished with { Error = Maybe(finished.Error), Denied = [.. finished.Denied.Select(denied => denied with { Tool = Name(denied.Tool), Reason = Text(denied.Reason) })] },
        RunStarted { Acceptance: { } words } started => started with { Acceptance = [.. words.Select(Text)] },
        AcceptanceChecked done => done with { Checks = [.. done.Checks.Select(check => check with { Check = Text(check.Check), Reason = Maybe(check.Reason) })] },
        SensorRan ran => ran with { Signals = [.. ran.Signals.Select(Signal)], Reason = Maybe(ran.Reason) },
        SensorFixed tried => tried with { Target = Text(tried.Target), Reason = Maybe(tried.Reason) },
        Delegated delegated => delegated with { Task = Text(delegated.Task) },
        SessionTitled titled => titled with { Title = Text(titled.Title) },
        Reported reported => reported with { Text = Text(reported.Text) },
        _ => one,
    };

    private IReadOnlyList<HookRule>? Rules(IReadOnlyList<HookRule>? rules) =>
        rules is null || rules.All(rule => redactor.RedactKnown(rule.Rule) == rule.Rule) ? rules : [.. rules.Select(rule => rule with { Rule = redactor.RedactKnown(rule.Rule) })];

    private SensorSignal Signal(SensorSignal signal) => signal with { Message = Text(signal.Message), File = Maybe(signal.File), Code = Maybe(signal.Code), Advice = Maybe(signal.Advice), Detail = Maybe(signal.Detail) };

    private ModelReplied Reply(ModelReplied replied)
    {
        var parts = Parts(replied.Reply.Parts);
        return ReferenceEquals(parts, replied.Reply.Parts) ? replied : replied with { Reply = replied.Reply with { Parts = parts } };
    }

    private IReadOnlyList<MessagePart> Parts(IReadOnlyList<MessagePart> parts)
    {
        MessagePart[]? changed = null;
        for (var i = 0; i < parts.Count; i++)
        {
            var part = Part(parts[i]);
            if (!ReferenceEquals(part, parts[i]))
            {
                changed ??= [.. parts];
                changed[i] = part;
            }
        }

        return changed ?? parts;
    }

    private MessagePart Part(MessagePart part)
    {
        var redacted = part switch
        {
            TextPart text when Text(text.Text) is var clean && clean != text.Text => text with { Text = clean },
            ReasoningPart reasoning when Text(reasoning.Text) is var clean && clean != reasoning.Text => reasoning with { Text = clean },
            ToolCallPart call when (Name(call.Name), redactor.RedactKnown(call.Arguments)) is var (name, clean) && (name != call.Name || clean != call.Arguments) => call with { Name = name, Arguments = clean },
            ToolResultPart result when (Name(result.Name), Parts(result.Content)) is var (name, clean) && (name != result.Name || !ReferenceEquals(clean, result.Content)) => result with { Name = name, Content = clean },
            _ => part,
        };

        // A vendor's seal does not fit changed text, and may itself quote the secret.
        var seal = part.Vendor is { } vendor && redactor.RedactKnown(vendor.Data.GetRawText()) is var raw && raw != vendor.Data.GetRawText();
        return part.Vendor is not null && (seal || !ReferenceEquals(redacted, part)) ? redacted with { Vendor = null } : redacted;
    }

    // The model may call a tool that does not exist by any name. In the place of a secret stands what vendors take for a name: it is sent to them with the history.
    private string Name(string name) => redactor.Redact(name) is var clean && clean == name ? name : NotOfNames().Replace(clean, "_").TrimEnd('_');

    [GeneratedRegex("[^A-Za-z0-9_-]+")]
    private static partial Regex NotOfNames();

    private string Text(string text) => redactor.Redact(text);

    private string? Maybe(string? text) => text is null ? null : redactor.Redact(text);

    private string? Known(string? text) => text is null ? null : redactor.RedactKnown(text);
}
