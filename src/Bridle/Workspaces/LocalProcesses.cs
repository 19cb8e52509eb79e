using System.Collections;
using Bridle.Messages;

namespace Bridle.Workspaces;

/// <summary>
/// The processes of this machine. Each gets PATH, HOME, LANG, LC_*, TZ, USER, LOGNAME, SHELL, TMPDIR and XDG_CONFIG_HOME from our environment, the variables
/// that were named to the constructor, and for work without a person <c>TERM=dumb</c>, <c>PAGER=cat</c>, <c>GIT_PAGER=cat</c>,
/// <c>GIT_TERMINAL_PROMPT=0</c> and <c>DEBIAN_FRONTEND=noninteractive</c>; nothing else, unless the spec says so.
/// On Linux this makes the whole program adopt the orphans of what it started (a child subreaper), so that none can get away. Safe to use concurrently.
/// </summary>
public sealed class LocalProcesses : IProcesses
{
    private static readonly Lazy<bool> s_prepared = new(() =>
    {
        ProcessTree.Prepare();
        return true;
    });

    private readonly ChildEnvironment _environment;
    private readonly bool _spawns;

    /// <summary>With the names of further variables of ours that programs get.</summary>
    public LocalProcesses(IEnumerable<string>? environmentNames = null)
        : this(Environment.GetEnvironmentVariables(), environmentNames ?? [], PosixSpawn.IsPresent)
    {
    }

    internal LocalProcesses(IDictionary ours, IEnumerable<string> environmentNames, bool spawns)
    {
        _environment = new ChildEnvironment(ours, environmentNames);
        _spawns = spawns;
    }

    /// <summary>
    /// Kills whatever this program started, at once and without asking, for the moment before it ends without waiting for anything. Takes a second at most.
    /// On Linux only; elsewhere the terminal's own signal has to do.
    /// </summary>
    public static void KillAll()
    {
        if (s_prepared.IsValueCreated)
        {
            ProcessTree.KillAll();
        }
    }

    /// <inheritdoc/>
    public IRunningProcess Start(ProcessSpec spec)
    {
        var environment = _environment.For(spec);
        return _spawns ? Spawn(spec, environment) : PortableProcess.Start(spec, environment);
    }

    private static SpawnedProcess Spawn(ProcessSpec spec, Dictionary<string, string> environment)
    {
        _ = s_prepared.Value;
        var program = ProgramLookup.Find(spec, environment.GetValueOrDefault("PATH"));
        var tree = new ProcessTree();
        environment[ChildEnvironment.CallVariable] = tree.CallId;
        var pipes = new List<int>(6);
        var failed = Pipes(pipes, spec is { Input: null, Feed: null } ? 2 : 3);
        if (failed != 0)
        {
            CloseAll(pipes);
            throw Failed(spec, failed);
        }

        var (inRead, inWrite) = pipes.Count > 4 ? (pipes[4], pipes[5]) : (-1, -1);
        var variables = environment.Select(one => $"{one.Key}={one.Value}").ToList();
        var id = 0;
        int Begin() => tree.Start(() =>
        {
            using var around = spec.Around?.Invoke();
            return (PosixSpawn.Start(program, spec, variables, (inRead, pipes[1], pipes[3]), out id), id);
        });
        int Watched()
        {
            _ = spec.EndsWithUs || DeathWatch.Ensure();
            return spec.StartedBy is null ? Begin() : 0;
        }

        // The watch itself starts on the common thread, whatever restricts the one of the program.
        var error = SpawningThread.Run(Watched);
        error = error == 0 && spec.StartedBy is { } other ? other(Begin) : error;
        CloseAll([pipes[1], pipes[3], inRead]);
        if (error != 0)
        {
            CloseAll([pipes[0], pipes[2], inWrite]);
            throw Failed(spec, error);
        }

        return new SpawnedProcess(id, (inWrite, pipes[0], pipes[2]), tree, spec);
    }

    /// <summary>Makes pipes, each a read end and a write end; the error number, or 0.</summary>
    private static int Pipes(List<int> ends, int count)
    {
        for (var made = 0; made < count; made++)
        {
            var error = LinuxProcessCalls.MakePipe(out var read, out var write);
            if (error != 0)
            {
                return error;
            }

            ends.AddRange([read, write]);
        }

        return 0;
    }

    private static void CloseAll(IReadOnlyList<int> descriptors)
    {
        foreach (var descriptor in descriptors.Where(one => one >= 0))
        {
            _ = LinuxProcessCalls.Close(descriptor);
        }
    }

    private static ToolException Failed(ProcessSpec spec, int error) => new(error switch
    {
        ErrorNumber.TooManyArguments => $"{spec.Program} was not started: its arguments are too long for the system. Pass them in a file.",
        ErrorNumber.NotExecutable => $"{spec.Program} was not started: it is not a program of this machine. If it is a script, give it a first line such as #!/bin/sh or start it through its interpreter.",
        ErrorNumber.NoEntry => $"{spec.Program} was not started: the interpreter in its first line, or a folder on the way, does not exist.",
        ErrorNumber.AccessDenied => $"{spec.Program} was not started: the working directory {spec.WorkingDirectory} may not be entered, or the program not executed.",
        _ => $"{spec.Program} was not started: {ErrorNumber.Text(error)} (error {error}).",
    });
}
