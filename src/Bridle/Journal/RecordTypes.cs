using Bridle.Events;

namespace Bridle.Journal;

/// <summary>
/// The names of the records in the log. The attributes of <see cref="DurableEvent"/> say the same, and a test holds both together; reading those means looking up each type by its name,
/// which every start of the program would pay for.
/// </summary>
internal static class RecordTypes
{
    private static readonly Dictionary<string, Type> s_types = new()
    {
        ["session_started"] = typeof(SessionStarted),
        ["session_renamed"] = typeof(SessionRenamed),
        ["session_edited"] = typeof(SessionEdited),
        ["log_repaired"] = typeof(LogRepaired),
        ["user_spoke"] = typeof(UserSpoke),
        ["inbox_drained"] = typeof(InboxDrained),
        ["reminder_added"] = typeof(ReminderAdded),
        ["compacted"] = typeof(Compacted),
        ["model_requested"] = typeof(ModelRequested),
        ["model_replied"] = typeof(ModelReplied),
        ["reply_cut"] = typeof(ReplyCut),
        ["model_failed"] = typeof(ModelFailed),
        ["model_consulted"] = typeof(ModelConsulted),
        ["model_stood_in"] = typeof(ModelStoodIn),
        ["images_refused"] = typeof(ImagesRefused),
        ["hook_ran"] = typeof(HookRan),
        ["call_judged"] = typeof(CallJudged),
        ["approval_requested"] = typeof(ApprovalRequested),
        ["approval_given"] = typeof(ApprovalGiven),
        ["question_asked"] = typeof(QuestionAsked),
        ["question_answered"] = typeof(QuestionAnswered),
        ["tool_started"] = typeof(ToolStarted),
        ["snapshot_taken"] = typeof(SnapshotTaken),
        ["tool_returned"] = typeof(ToolReturned),
        ["skill_used"] = typeof(SkillUsed),
        ["tools_loaded"] = typeof(ToolsLoaded),
        ["mode_changed"] = typeof(ModeChanged),
        ["model_changed"] = typeof(ModelChanged),
        ["run_started"] = typeof(RunStarted),
        ["run_finished"] = typeof(RunFinished),
        ["sealed_files_hashed"] = typeof(SealedFilesHashed),
        ["acceptance_checked"] = typeof(AcceptanceChecked),
        ["delegated"] = typeof(Delegated),
        ["reported"] = typeof(Reported),
        ["sensor_ran"] = typeof(SensorRan),
        ["sensor_fixed"] = typeof(SensorFixed),
        ["session_titled"] = typeof(SessionTitled),
        ["rewound"] = typeof(Rewound),
        ["grant_revoked"] = typeof(GrantRevoked),
    };

    private static readonly Dictionary<Type, string> s_names = s_types.ToDictionary(known => known.Value, known => known.Key);

    /// <summary>The names of the record types that this version knows.</summary>
    public static IReadOnlyCollection<string> Names => s_types.Keys;

    /// <summary>Null for a name that this version does not know.</summary>
    public static Type? Find(string name) => s_types.GetValueOrDefault(name);

    public static string NameOf(DurableEvent durableEvent) => durableEvent is UnknownEvent unknown ? unknown.Type : s_names[durableEvent.GetType()];
}
