using Bridle.Events;
using Bridle.Journal;
using Bridle.Runs;

namespace Bridle.Sessions;

/// <summary>Tells the model which permission mode binds it, when that is not what it was last told.</summary>
internal static class ModeReminder
{
    private const string Plan = "Plan mode is on: look around, change nothing. When the plan is ready, call ExitPlanMode with it; the person decides.";
    private const string NotPlan = "Plan mode is over: you may change files and run commands as permission allows.";

    public static async ValueTask AddAsync(Run run, string mode, CancellationToken cancellationToken)
    {
        if (mode is "plan" != run.Transcript.ToldPlanMode)
        {
            await run.RecordAsync(new ReminderAdded(mode is "plan" ? Reminders.PlanMode : Reminders.PlanModeOver, mode is "plan" ? Plan : NotPlan), Durability.Written, cancellationToken);
        }
    }
}
