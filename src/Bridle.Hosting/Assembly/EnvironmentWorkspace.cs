using Bridle.Workspaces;

namespace Bridle.Hosting.Assembly;

/// <summary>A workspace whose programs also get the variables that the person's settings name.</summary>
internal sealed class EnvironmentWorkspace(IWorkspace inner, IReadOnlyDictionary<string, string> variables) : IWorkspace
{
    public IFiles Files => inner.Files;

    public IProcesses Processes { get; } = new WithVariables(inner.Processes, variables);

    public INetwork Network => inner.Network;

    private sealed class WithVariables(IProcesses inner, IReadOnlyDictionary<string, string> variables) : IProcesses
    {
        public IRunningProcess Start(ProcessSpec spec)
        {
            var all = new Dictionary<string, string>(variables);
            foreach (var (name, value) in spec.Environment)
            {
                all[name] = value;
            }

            return inner.Start(spec with { Environment = all });
        }
    }
}
