using Bridle.Workspaces;

namespace Bridle.Hosting.Trust;

/// <summary>Starts programs that run as the person does, outside any confinement. They are looked for, and look for others, only where <see cref="PersonsPath"/> says.</summary>
internal sealed class PersonsPrograms(IProcesses inner, PersonsPath path) : IProcesses
{
    public IRunningProcess Start(ProcessSpec spec)
    {
        if (OperatingSystem.IsWindows() || (spec.Environment.GetValueOrDefault(PersonsPath.Name) ?? Environment.GetEnvironmentVariable(PersonsPath.Name)) is not { } all)
        {
            return inner.Start(spec);
        }

        var kept = path.Of(all);
        return inner.Start(kept == all ? spec : spec with { Environment = new Dictionary<string, string>(spec.Environment) { [PersonsPath.Name] = kept } });
    }
}
