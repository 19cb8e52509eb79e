using System.ComponentModel;
using System.Diagnostics;
using Bridle.Messages;

namespace Bridle.Workspaces;

/// <summary>A process through .NET, for systems where <see cref="PosixSpawn"/> is not: no session of its own, and a tree as far as .NET sees it.</summary>
internal sealed class PortableProcess : IRunningProcess
{
    private static readonly TimeSpan s_grace = TimeSpan.FromMilliseconds(100);
    private readonly Process _process;
    private readonly Action<OutputChunk> _deliver;
    private readonly Lock _delivering = new();
    private bool _isOver;
    private Exception? _refused;

    private PortableProcess(Process process, Action<OutputChunk> deliver)
    {
        _process = process;
        _deliver = deliver;
        Id = process.Id;
        Exit = FollowAsync();
    }

    public int Id { get; }

    public Task<int> Exit { get; }

    public static PortableProcess Start(ProcessSpec spec, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(spec.Program)
        {
            WorkingDirectory = spec.WorkingDirectory,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in spec.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        if (!Directory.Exists(spec.WorkingDirectory))
        {
            throw new ToolException($"{spec.Program} was not started: the working directory {spec.WorkingDirectory} does not exist.");
        }

        try
        {
            var process = Process.Start(start) ?? throw new ToolException($"{spec.Program} could not be started.");
            if (spec.Feed is { } feed)
            {
                feed.Attach(bytes => TryWrite(process, bytes.Span), process.StandardInput.Close);
            }
            else
            {
                _ = GiveAsync(process, spec.Input ?? default);
            }

            return new PortableProcess(process, spec.OnOutput);
        }
        catch (Win32Exception problem)
        {
            throw new ToolException($"{spec.Program} could not be started: {problem.Message}. Check its name, or install it.", problem);
        }
    }

    public async Task KillAsync()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception problem) when (problem is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended meanwhile.
        }

        await Task.WhenAny(Exit, Task.Delay(TimeSpan.FromSeconds(2)));
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static bool TryWrite(Process process, ReadOnlySpan<byte> bytes)
    {
        try
        {
            process.StandardInput.BaseStream.Write(bytes);
            process.StandardInput.BaseStream.Flush();
            return true;
        }
        catch (Exception problem) when (problem is IOException or ObjectDisposedException or InvalidOperationException)
        {
            return false;
        }
    }

    private static async Task GiveAsync(Process process, ReadOnlyMemory<byte> input)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (Exception problem) when (problem is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It ended without reading all of it.
        }
    }

    private async Task<int> FollowAsync()
    {
        var output = CopyAsync(_process.StandardOutput.BaseStream, isError: false);
        var error = CopyAsync(_process.StandardError.BaseStream, isError: true);

        // WaitForExitAsync would wait for the pipes as well when they are read by events; here it is only the process.
        await _process.WaitForExitAsync();
        await Task.WhenAny(Task.WhenAll(output, error), Task.Delay(s_grace));
        lock (_delivering)
        {
            _isOver = true;
        }

        return _refused is null ? _process.ExitCode : throw _refused;
    }

    private async Task CopyAsync(Stream from, bool isError)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            for (var count = await from.ReadAsync(buffer); count > 0; count = await from.ReadAsync(buffer))
            {
                Deliver(buffer.AsSpan(0, count), isError);
            }
        }
        catch (Exception problem) when (problem is IOException or ObjectDisposedException)
        {
            // The pipe ended with the process.
        }
    }

    private void Deliver(ReadOnlySpan<byte> bytes, bool isError)
    {
        lock (_delivering)
        {
            if (_isOver || _refused is not null)
            {
                return;
            }

            try
            {
                _deliver(new OutputChunk(bytes.ToArray(), isError));
            }
            catch (Exception problem)
            {
                _refused = problem;
            }
        }
    }
}
