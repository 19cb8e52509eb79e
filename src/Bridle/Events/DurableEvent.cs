using System.Text.Json.Serialization;

namespace Bridle.Events;

/// <summary>
/// One record of the log, in the past tense. The catalogue with the state that each record leaves and what resuming
/// does there is docs/reference/log.md. Type names and field names are a file format: they are never changed silently.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(SessionStarted), "session_started")]
[JsonDerivedType(typeof(SessionRenamed), "session_renamed")]
[JsonDerivedType(typeof(SessionEdited), "session_edited")]
[JsonDerivedType(typeof(LogRepaired), "log_repaired")]
[JsonDerivedType(typeof(UserSpoke), "user_spoke")]
[JsonDerivedType(typeof(InboxDrained), "inbox_drained")]
[JsonDerivedType(typeof(ReminderAdded), "reminder_added")]
[JsonDerivedType(typeof(Compacted), "compacted")]
[JsonDerivedType(typeof(ModelRequested), "model_requested")]
[JsonDerivedType(typeof(ModelReplied), "model_replied")]
[JsonDerivedType(typeof(ReplyCut), "reply_cut")]
[JsonDerivedType(typeof(ModelFailed), "model_failed")]
[JsonDerivedType(typeof(ModelConsulted), "model_consulted")]
[JsonDerivedType(typeof(ModelStoodIn), "model_stood_in")]
[JsonDerivedType(typeof(ImagesRefused), "images_refused")]
[JsonDerivedType(typeof(HookRan), "hook_ran")]
[JsonDerivedType(typeof(CallJudged), "call_judged")]
[JsonDerivedType(typeof(ApprovalRequested), "approval_requested")]
[JsonDerivedType(typeof(ApprovalGiven), "approval_given")]
[JsonDerivedType(typeof(QuestionAsked), "question_asked")]
[JsonDerivedType(typeof(QuestionAnswered), "question_answered")]
[JsonDerivedType(typeof(ToolStarted), "tool_started")]
[JsonDerivedType(typeof(SnapshotTaken), "snapshot_taken")]
[JsonDerivedType(typeof(ToolReturned), "tool_returned")]
[JsonDerivedType(typeof(SkillUsed), "skill_used")]
[JsonDerivedType(typeof(ToolsLoaded), "tools_loaded")]
[JsonDerivedType(typeof(ModeChanged), "mode_changed")]
[JsonDerivedType(typeof(ModelChanged), "model_changed")]
[JsonDerivedType(typeof(RunStarted), "run_started")]
[JsonDerivedType(typeof(RunFinished), "run_finished")]
[JsonDerivedType(typeof(SealedFilesHashed), "sealed_files_hashed")]
[JsonDerivedType(typeof(AcceptanceChecked), "acceptance_checked")]
[JsonDerivedType(typeof(Delegated), "delegated")]
[JsonDerivedType(typeof(Reported), "reported")]
[JsonDerivedType(typeof(SensorRan), "sensor_ran")]
[JsonDerivedType(typeof(SensorFixed), "sensor_fixed")]
[JsonDerivedType(typeof(SessionTitled), "session_titled")]
[JsonDerivedType(typeof(Rewound), "rewound")]
[JsonDerivedType(typeof(GrantRevoked), "grant_revoked")]
[JsonDerivedType(typeof(UnknownEvent), "unknown")]
public abstract record DurableEvent;

/// <summary>A record whose type this version does not know. Kept as it stands in the file and skipped by every fold; never appended.</summary>
public sealed record UnknownEvent([property: JsonIgnore] string Type, string Json) : DurableEvent;
