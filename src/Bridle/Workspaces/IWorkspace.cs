namespace Bridle.Workspaces;

/// <summary>The world a session works on, as three doors. Tools reach it only through what the gate hands them.</summary>
public interface IWorkspace
{
    /// <summary>Files.</summary>
    IFiles Files { get; }

    /// <summary>Processes.</summary>
    IProcesses Processes { get; }

    /// <summary>Network.</summary>
    INetwork Network { get; }
}
