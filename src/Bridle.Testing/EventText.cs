using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Testing;

/// <summary>Writes a stream of events as text, one line each, without times and hashes, for tests that approve the whole stream.</summary>
public static class EventText
{
    /// <summary>All lines, each ended by a newline.</summary>
    public static string Of(IEnumerable<SessionEvent> events) => string.Concat(events.Select(one => Of(one) + "\n"));

    /// <summary>One line.</summary>
    public static string Of(SessionEvent sessionEvent) => sessionEvent switch
    {
        Recorded recorded => $"{recorded.N,3} [{recorded.Run}] {Durable(recorded.Event)}",
        Shown shown => $"  ~ [{shown.Run}] {Transient(shown.Event)}",
        _ => sessionEvent.ToString(),
    };

    private static string Durable(DurableEvent durable) => durable switch
    {
        SessionStarted one => $"session_started {one.Name}",
        UserSpoke one => $"user_spoke {Parts(one.Parts)}",
        InboxDrained one => $"inbox_drained {string.Join(" | ", one.Messages.Select(message => Quote(message.Text)))}",
        ReminderAdded one => $"reminder_added {one.Source} {Quote(one.Text)}",
        ModelRequested one => $"model_requested {one.Model} up_to={one.UpTo} tools={one.Tools} max={one.MaxOutputTokens} attempt={one.Attempt}",
        ModelReplied one => $"model_replied {one.Reply.Stop} {Parts(one.Reply.Parts)} cost={one.Cost?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "unknown"}",
        ReplyCut one => $"reply_cut {Quote(one.Reason)} {Quote(one.PartialText)}",
        ImagesRefused one => $"images_refused {one.Model} {one.Images.Count} {Quote(one.Message)}",
        ModelStoodIn one => $"model_stood_in {one.From} -> {one.To} {one.Why} {Quote(one.Message)}",
        ModelFailed one => $"model_failed {one.Kind} {Quote(one.Message)} attempts={one.Attempts}",
        ModelConsulted one => $"model_consulted {one.Purpose} {one.Model} cost={one.Cost?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "unknown"}",
        HookRan one => $"hook_ran {one.Event} {one.Hook} {one.Verdict} {Quote(one.Reason ?? "")}",
        CallJudged one => $"call_judged {one.Call} {one.Verdict} {Quote(one.Reason)}{(one.Rule is null ? "" : $" by {one.Rule}")}",
        ApprovalRequested one => $"approval_requested {one.Call} {one.Tool} {one.Input} isolation={Quote(one.Isolation)} {Quote(one.Reason)}",
        ApprovalGiven one => $"approval_given {one.Verdict} {one.Scope} by {one.By} {Quote(one.Reason ?? "")}{(one.EditedInput is null ? "" : $" edited {one.EditedInput}")}",
        QuestionAsked one => $"question_asked {one.Call} {Quote(one.Question)} [{string.Join(", ", one.Options)}]",
        QuestionAnswered one => $"question_answered {Quote(one.Answer)}",
        ToolStarted one => $"tool_started {one.Call} {one.Tool} {one.Effect} isolation={Quote(one.Isolation)}",
        SnapshotTaken one => $"snapshot_taken {one.Call} {(one.Blob is null ? "absent" : "present")}",
        Rewound one => $"rewound from {one.From} files={one.Files.Count}",
        ToolReturned one => $"tool_returned {one.Call} {one.Outcome} {Parts(one.Content)}{(one.WorkingDirectory is null ? "" : " cwd changed")}{(one.ExitCode is { } code ? $" exit={code}" : "")}{(one.Spill is null ? "" : " spilled")}",
        SkillUsed one => $"skill_used {one.Name} by {one.By}{(one.Arguments is null ? "" : $" with {Quote(one.Arguments)}")}{(one.Allowed is null ? "" : $" allowed=[{string.Join(", ", one.Allowed)}]")}{(one.Refused is null ? "" : $" refused=[{string.Join(", ", one.Refused)}]")}",
        ToolsLoaded one => $"tools_loaded [{string.Join(", ", one.Names)}]",
        GrantRevoked one => $"grant_revoked {one.Id} by {one.By}",
        ModeChanged one => $"mode_changed {one.From} -> {one.To} by {one.By}",
        ModelChanged one => $"model_changed {one.From} -> {one.To}",
        RunStarted one => $"run_started {one.Kind} {one.Model} {one.Mode}",
        SealedFilesHashed one => $"sealed_files_hashed {string.Join(", ", one.Files.Select(file => file.Path))}",
        AcceptanceChecked one => $"acceptance_checked {one.Round} {(one.Accepted ? "accepted" : "not accepted")} {string.Join(" | ", one.Checks.Select(check => $"{check.Outcome} {Quote(check.Check)}{(check.Reason is null ? "" : $" {Quote(check.Reason)}")}"))}",
        RunFinished one => $"run_finished {one.Outcome} steps={one.Steps} tokens={one.Usage.Total} denied={one.Denied.Count}{(one.Error is null ? "" : $" {Quote(one.Error)}")}",
        _ => durable.GetType().Name,
    };

    private static string Transient(TransientEvent transient) => transient switch
    {
        TextStreamed one => $"text {Quote(one.Text)}",
        ReasoningStreamed one => $"reasoning {Quote(one.Text)}",
        CallStreamed one => $"call {one.Tool}",
        ReplyWithdrawn one => $"withdrawn {Quote(one.Reason)}",
        RetryWaiting one => $"retry {one.Attempt} of {one.Of} {Quote(one.Reason)}",
        ToolProgressed one => $"progress {one.Call} {Quote(one.Text)}",
        NoticeShown one => $"notice {Quote(one.Text)}",
        _ => transient.ToString(),
    };

    private static string Parts(IReadOnlyList<MessagePart> parts) => string.Join(" + ", parts.Select(part => part switch
    {
        TextPart text => Quote(text.Text),
        ReasoningPart reasoning => $"reasoning {Quote(reasoning.Text)}",
        ToolCallPart call => $"{call.Id} {call.Name} {call.Arguments}",
        ImagePart image => $"image {image.MediaType}",
        _ => part.ToString(),
    }));

    private static string Quote(string text) => $"\"{text.Replace("\\", @"\\").Replace("\n", "\\n").Replace("\"", "\\\"")}\"";
}
