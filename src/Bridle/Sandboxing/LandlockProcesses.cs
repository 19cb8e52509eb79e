using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>Starts every program on a thread that Landlock and the system call filter restrict. A shell waits, restricted, until the limits are set, and becomes the program then.</summary>
internal sealed class LandlockProcesses(IProcesses inner, SandboxProfile profile) : IProcesses
{
    // Ends without the program when nobody lets it go.
    private const string Waiting = "read -r go <&3 && exec 3<&- && unset go && exec \"$0\" \"$@\"";

    private readonly byte[] _filter = SystemCallTable.Here is { } table
        ? SystemCallFilter.Compile(table, profile.UnixSockets, profile.KillsOnRefusedCall, network: profile.Network is SandboxNetwork.Everything)
        : throw Failed("there is no system call filter for this processor");

    public IRunningProcess Start(ProcessSpec spec)
    {
        var path = spec.Environment.GetValueOrDefault("PATH") ?? profile.Environment.GetValueOrDefault("PATH") ?? Environment.GetEnvironmentVariable("PATH");
        var program = ProgramLookup.Find(spec, path);
        var temporary = new LandlockFolder(profile.TemporaryFolder);
        var rules = -1;
        var (read, write) = (-1, -1);
        LandlockThread? thread = null;
        IRunningProcess? process = null;
        try
        {
            OwnFolders.Make(profile);
            rules = LandlockRules.Of(profile, temporary.Path).Make(cutsNetwork: profile.Network is not SandboxNetwork.Everything);
            if (rules < 0 || LinuxProcessCalls.MakePipe(out read, out write) != 0)
            {
                throw Failed("the kernel refused the rules");
            }

            thread = new LandlockThread(rules, _filter);
            var watch = LandlockWatch.Before(profile);
            process = StartOn(thread, spec, program, temporary.Path, read);
            var confined = new LandlockProcess(process, thread, temporary, watch, spec.OnOutput) { Count = Limit(process.Id) };
            return LinuxProcessCalls.WriteAll(write, "\n"u8) ? confined.Follow() : throw Failed("the program ended before it began");
        }
        catch (Exception)
        {
            process?.KillAsync().GetAwaiter().GetResult();
            thread?.End();
            temporary.Dispose();
            throw;
        }
        finally
        {
            foreach (var descriptor in new[] { rules, read, write }.Where(one => one >= 0))
            {
                _ = LinuxProcessCalls.Close(descriptor);
            }
        }
    }

    private IRunningProcess StartOn(LandlockThread thread, ProcessSpec spec, string program, string temporary, int read)
    {
        try
        {
            var process = inner.Start(spec with
            {
                Program = "/bin/sh",
                Arguments = ["-c", Waiting, program, .. spec.Arguments],
                Environment = Variables(spec, temporary),
                Handed = [read],
                StartedBy = thread.Run,
            });
            return thread.HasStarted ? process : throw Failed("programs are started here in a way that cannot be confined", process);
        }
        catch (ToolException) when (thread.Problem is { } problem)
        {
            throw Failed(problem);
        }
    }

    // The kernel counts all that a person runs, so its own limit on processes would be one on the person.
    private ProcessCount? Limit(int id) =>
        ResourceLimits.Set(id, profile.Limits with { Processes = null }) is { } limit ? throw Failed($"the limit on {limit} cannot be set")
        : profile.Limits.Processes is { } most ? Counted(id, most) : null;

    private static ProcessCount? Counted(int id, long most)
    {
        var count = ProcessCount.Of(most);
        if (count?.Hold(id) is not false)
        {
            return count;
        }

        count.Dispose();
        return null;
    }

    private Dictionary<string, string> Variables(ProcessSpec spec, string temporary)
    {
        var all = new Dictionary<string, string>();
        foreach (var name in profile.PassedVariables)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                all[name] = value;
            }
        }

        all["TMPDIR"] = temporary;
        foreach (var (name, value) in profile.Environment.Concat(spec.Environment))
        {
            all[name] = value;
        }

        return all;
    }

    private static ToolException Failed(string why, IRunningProcess? started = null)
    {
        started?.KillAsync().GetAwaiter().GetResult();
        return new($"The sandbox could not be set up: {why.Trim().TrimEnd('.')}. Nothing was run.");
    }
}
