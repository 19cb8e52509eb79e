using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Hosting.Assembly;

/// <summary>What hooks answered before a restart.</summary>
internal static class RecordedHooks
{
    /// <summary>The last answer of a hook about the same event, call and input, or null.</summary>
    public static HookRan? Find(IEnumerable<Recorded> before, string name, CallId call, string hook, string hash) =>
        before.Select(record => record.Event).OfType<HookRan>().LastOrDefault(ran => ran.Call == call && ran.Event == name && ran.Hook == hook && ran.InputHash == hash);
}
