using System.Collections.Concurrent;
using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>Starts every program inside bubblewrap. It waits, blocked, until its limits are set; then it begins.</summary>
internal sealed class BubblewrapProcesses(IProcesses inner, SandboxProfile profile) : IProcesses
{
    private const int Patience = 20_000;
    private static readonly ConcurrentDictionary<(bool UnixSockets, bool Kill), byte[]> s_filters = new();
    private readonly byte[] _filter = SystemCallTable.Here is { } table
        ? s_filters.GetOrAdd((profile.UnixSockets || profile.Network is SandboxNetwork.Proxy, profile.KillsOnRefusedCall), kind => SystemCallFilter.Compile(table, kind.UnixSockets, kind.Kill))
        : throw new ToolException("The sandbox could not be set up: there is no system call filter for this processor. Nothing was run.");

    public IRunningProcess Start(ProcessSpec spec)
    {
        var path = spec.Environment.GetValueOrDefault("PATH") ?? profile.Environment.GetValueOrDefault("PATH") ?? Environment.GetEnvironmentVariable("PATH");
        var program = ProgramLookup.Find(spec, path);
        MakePrivatePlaces();
        using var pipes = new LauncherPipes(_filter);
        var protection = Protection.Of(profile);
        var process = new ConfinedProcess(spec.OnOutput, protection);
        try
        {
            process.Count = ProcessCount.IsNeeded && profile.Limits.Processes is { } most ? ProcessCount.Of(most) : null;
            var launcher = BubblewrapCommand.For(spec, program, profile, protection, pipes.Handed);
            process.Follow(inner.Start(launcher with { OnOutput = process.Take, AtEnd = process.AtEnd, EndsWithUs = true, Around = process.Count is { } count ? count.Enter : null }));
            pipes.CloseTheirs();
            if (pipes.ReadChild(Patience) is not { } child)
            {
                throw Failed(process.WhyNotStarted());
            }

            process.First = LinuxProcessCalls.OpenProcess(child);

            // One that could not set itself up is gone by now and runs nothing: it is told by how it ended.
            if (ResourceLimits.Set(child, profile.Limits) is { } limit && !IsGone(child))
            {
                throw Failed($"the limit on {limit} cannot be set");
            }

            if (process.Count?.Hold(child) is false && !IsGone(child))
            {
                throw Failed("the number of its processes cannot be limited");
            }

            process.Begin(pipes.TakeStatus());
            return process;
        }
        catch (Exception)
        {
            // Before the pipes are closed, which would let it begin.
            process.Abandon();
            throw;
        }
    }

    private static bool IsGone(int id) => ProcessTable.Find(id) is not { IsEnded: false };

    private void MakePrivatePlaces()
    {
        try
        {
            if (!OperatingSystem.IsWindows() && profile.TemporaryFolder is { } folder && !Directory.Exists(folder))
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            if (profile.EmptyFile is { } empty && !File.Exists(empty))
            {
                File.WriteAllBytes(empty, []);
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Failed(refused.Message);
        }
    }

    private static ToolException Failed(string why) => new($"The sandbox could not be set up: {why.Trim().TrimEnd('.')}. Nothing was run.");
}
