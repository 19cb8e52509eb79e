using System.Collections.Concurrent;
using Bridle.Workspaces;

namespace Bridle.Sandboxing;

/// <summary>
/// What ends a container with the Bridle that started it, also when that is killed: the engine's client dies with us, the container would not. Take one before the
/// container is made and dispose it when it is gone. On Linux; elsewhere it only gives a name. Safe to use concurrently.
/// </summary>
public sealed class ContainerLeash : IDisposable
{
    // $1: the engine. Reads which containers there are, and after our end removes those that are left; one may just be coming into being, so more than once.
    private const string Script = """
        trap '' HUP INT TERM
        names=
        while read -r what name; do
          case $what in
            +) names="$names $name" ;;
            -) kept=; for one in $names; do [ "$one" = "$name" ] || kept="$kept $one"; done; names=$kept ;;
          esac
        done
        [ -n "$names" ] || exit 0
        for again in 1 1 2 3 0; do
          for one in $names; do "$1" rm -f "$one" > /dev/null 2>&1; done
          sleep $again
        done
        """;

    private static readonly ConcurrentDictionary<string, Engine> s_engines = new(StringComparer.Ordinal);
    private readonly Engine? _engine;

    private ContainerLeash(Engine? engine) => _engine = engine;

    /// <summary>The name that the container must get.</summary>
    public string Name { get; } = ContainerName.Make();

    /// <summary>For a container that is about to be made. <paramref name="variables"/> are what the engine needs to be found and to run.</summary>
    public static ContainerLeash Take(string engine, IReadOnlyDictionary<string, string> variables)
    {
        var key = string.Join('\0', variables.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}={one.Value}").Prepend(engine));
        var leash = new ContainerLeash(LinuxCalls.Known && PosixSpawn.IsPresent ? s_engines.GetOrAdd(key, _ => new(engine, variables)) : null);
        leash._engine?.Add(leash.Name);
        return leash;
    }

    /// <summary>The container is gone.</summary>
    public void Dispose() => _engine?.Remove(Name);

    private sealed class Engine
    {
        private readonly HashSet<string> _names = new(StringComparer.Ordinal);
        private readonly WatchingShell _shell;

        public Engine(string engine, IReadOnlyDictionary<string, string> variables)
        {
            var environment = new ChildEnvironment(Environment.GetEnvironmentVariables(), []).For(new ProcessSpec(engine, [], "/") { Environment = variables, OnOutput = _ => { } });
            _shell = new(Script, [engine], environment.Select(one => $"{one.Key}={one.Value}"));
        }

        public void Add(string name)
        {
            lock (_names)
            {
                _names.Add(name);
                if (SpawningThread.Run(() => _shell.Ensure(out var isNew) && isNew))
                {
                    // A predecessor was killed: this one knows of none yet.
                    foreach (var one in _names)
                    {
                        _shell.Tell($"+ {one}");
                    }
                }
                else
                {
                    _shell.Tell($"+ {name}");
                }
            }
        }

        public void Remove(string name)
        {
            lock (_names)
            {
                if (_names.Remove(name))
                {
                    _shell.Tell($"- {name}");
                }
            }
        }
    }
}
