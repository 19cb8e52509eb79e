using System.Security.Cryptography;
using System.Text;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Tools.Files;
using Bridle.Tools.Search;
using Bridle.Tools.Shell;
using Bridle.Workspaces;

namespace Bridle.Tools.Tests;

/// <summary>A temporary folder with the real doors of this machine, and a session's memory for the tools.</summary>
internal sealed class Playground : IAsyncDisposable
{
    private readonly Dictionary<string, string> _seen = [];
    private readonly StringBuilder _progress = new();
    private readonly FolderBlobs _blobs;

    public Playground()
    {
        var top = Directory.CreateTempSubdirectory("bridle-tools-").FullName;
        Top = new LocalFiles(top).Root;
        Root = Path.Combine(Top, "work");
        Directory.CreateDirectory(Root);
        Workspace = new LocalWorkspace(Root);
        WorkingDirectory = Root;
        _blobs = new FolderBlobs(Path.Combine(Top, "blobs"));
    }

    public string Top { get; }

    public string Root { get; }

    public LocalWorkspace Workspace { get; }

    public string WorkingDirectory { get; set; }

    public BackgroundProcesses Background { get; } = new();

    public INetwork? Network { get; set; }

    public Func<IFiles, IFiles> Guard { get; set; } = files => files;

    public Func<string, IReadOnlyList<string>, string?> Answer { get; set; } = (_, _) => null;

    public string Progress => _progress.ToString();

    public IReadOnlyDictionary<string, string> Seen => _seen;

    public IBlobs Blobs => _blobs;

    public Func<IProcesses, IProcesses> Programs { get; set; } = programs => programs;

    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>What the scope says that tools gave last.</summary>
    public Dictionary<string, string> LastResults { get; } = [];

    /// <summary>What confines its calls, as the gate would say.</summary>
    public IsolationPlan? Plan { get; set; }

    public CallScope Scope => new()
    {
        LastResults = LastResults,
        Plan = Plan,
        Call = new CallId("c1"),
        WorkingDirectory = WorkingDirectory,
        Files = Guard(Workspace.Files),
        Processes = Programs(Workspace.Processes),
        Time = Time,
        Network = Network ?? Workspace.Network,
        Blobs = _blobs,
        Background = Background,
        SeenFiles = _seen,
        ShowProgress = text =>
        {
            lock (_progress)
            {
                _progress.Append(text);
            }
        },
        AskAsync = (question, options, _) => ValueTask.FromResult(Answer(question, options)),
    };

    public string Put(string name, string content) => Put(name, Encoding.UTF8.GetBytes(content));

    public string Put(string name, byte[] content)
    {
        var path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    public string Text(string name) => File.ReadAllText(Path.Combine(Root, name));

    public byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Root, name));

    public ValueTask<ToolResult> Read(string path, int? offset = null, int? limit = null) => Remember(() => new ReadTool().RunAsync(Scope, path, offset, limit));

    public ValueTask<ToolResult> Write(string path, string content) => Remember(() => new WriteTool().RunAsync(Scope, path, content));

    public ValueTask<ToolResult> Edit(string path, string old, string @new, bool all = false) => Remember(() => new EditTool().RunAsync(Scope, path, old, @new, all));

    public ValueTask<ToolResult> Bash(string command, int timeout = 60) => Remember(() => new BashTool().RunAsync(Scope, command, timeout));

    public ValueTask<ToolResult> Grep(
        string pattern, string? path = null, string? glob = null, GrepOutput output = GrepOutput.Content, bool ignoreCase = false, int context = 0, int max = 200, bool own = false) =>
        Remember(() => new GrepTool(mayUseRipgrep: !own).RunAsync(Scope, pattern, path, glob, output, ignoreCase, context, max));

    public ValueTask<ToolResult> Glob(string pattern, string? path = null) => Remember(() => new GlobTool().RunAsync(Scope, pattern, path));

    public ValueTask<ToolResult> Ls(string? path = null) => Remember(() => new LsTool().RunAsync(Scope, path));

    /// <summary>What the model is told when the call fails.</summary>
    public static async Task<string> Failure(ValueTask<ToolResult> call)
    {
        try
        {
            var result = await call;
            Assert.NotEqual(CallOutcome.Completed, result.Outcome);
            return result.Text;
        }
        catch (ToolException refused)
        {
            return refused.Message;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Background.DisposeAsync();
        Directory.Delete(Top, recursive: true);
    }

    /// <summary>Keeps what a session keeps between calls.</summary>
    private async ValueTask<ToolResult> Remember(Func<ValueTask<ToolResult>> call)
    {
        var result = await call();
        foreach (var file in result.Files)
        {
            _seen[file.Path] = file.Hash;
        }

        WorkingDirectory = result.WorkingDirectory ?? WorkingDirectory;
        return result;
    }

    private sealed class FolderBlobs(string folder) : IBlobs
    {
        public string Put(ReadOnlySpan<byte> bytes)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(PathOf(hash)!, bytes);
            return hash;
        }

        public byte[]? Get(string hash) => File.Exists(PathOf(hash)) ? File.ReadAllBytes(PathOf(hash)!) : null;

        public string? PathOf(string hash) => Path.Combine(folder, hash);
    }
}

/// <summary>A door that refuses to let some paths be read.</summary>
internal sealed class RefusingFiles(IFiles inner, Func<string, bool> refuses) : IFiles
{
    public Action BeforeList { get; init; } = () => { };

    public string Root => inner.Root;

    public ResolvedPath Resolve(string path, string workingDirectory) => inner.Resolve(path, workingDirectory);

    public FileEntry? Stat(ResolvedPath path) => inner.Stat(path);

    public Stream OpenRead(ResolvedPath path) => MayRead(path) ? inner.OpenRead(path) : throw new ToolException($"{path.Given} may not be read.");

    public void Write(ResolvedPath path, ReadOnlySpan<byte> content) => inner.Write(path, content);

    public IReadOnlyList<FileEntry> List(ResolvedPath directory)
    {
        BeforeList();
        return inner.List(directory);
    }

    public bool MayRead(ResolvedPath path) => !refuses(path.Real);
}

/// <summary>A door that starts something else than it was asked to, or nothing.</summary>
internal sealed class OtherPrograms(IProcesses inner, Func<ProcessSpec, ProcessSpec?> other) : IProcesses
{
    public IRunningProcess Start(ProcessSpec spec) => inner.Start(other(spec) ?? throw new ToolException($"{spec.Program} was not found."));
}

/// <summary>Time in which every wait is over at once.</summary>
internal sealed class HurriedTime : TimeProvider
{
    private readonly ManualResetEventSlim _isOver = new();

    /// <summary>Returns when a wait was over.</summary>
    public void WaitUntilOver() => _isOver.Wait();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(
        given =>
        {
            callback(given);
            _isOver.Set();
        },
        state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
}
