using Bridle.Messages;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Tests.Loop;

/// <summary>A world with nothing in it: a root, and doors that do not open.</summary>
internal sealed class EmptyWorld : IWorkspace, IFiles, IProcesses, INetwork
{
    public IFiles Files => this;

    public IProcesses Processes => this;

    public INetwork Network => this;

    public string Root => "/ws";

    public ResolvedPath Resolve(string path, string workingDirectory) => new(path, path, path, true, FileKind.Missing);

    public FileEntry? Stat(ResolvedPath path) => null;

    public Stream OpenRead(ResolvedPath path) => throw new ToolException("There is nothing here.");

    public void Write(ResolvedPath path, ReadOnlySpan<byte> content) => throw new ToolException("There is nothing here.");

    public IReadOnlyList<FileEntry> List(ResolvedPath directory) => [];

    public bool MayRead(ResolvedPath path) => true;

    public IRunningProcess Start(ProcessSpec spec) => throw new ToolException("There is nothing here.");

    public Task<FetchedPage> FetchAsync(Uri address, FetchLimits limits, CancellationToken cancellationToken) => throw new ToolException("There is nothing here.");
}
