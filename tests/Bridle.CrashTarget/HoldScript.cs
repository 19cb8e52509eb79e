using Bridle.Journal;

namespace Bridle.CrashTarget;

/// <summary>Opens a session and keeps it open until standard input ends.</summary>
internal static class HoldScript
{
    public static int Run(string data, string state, string session)
    {
        try
        {
            var opened = new SessionStore(data, state).Open(session);
            Console.Out.WriteLine("open");
            Console.Out.Flush();
            Console.In.ReadToEnd();
            opened.Journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
            return 0;
        }
        catch (JournalLockedException failure)
        {
            Console.Out.WriteLine($"locked {failure.Message}");
            return 1;
        }
    }
}
