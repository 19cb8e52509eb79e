using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;

namespace Bridle.EndToEnd.Tests;

/// <summary>What a program left behind.</summary>
internal sealed record Ended(int Code, string Out, string Error)
{
    public override string ToString() => $"exit {Code}\n--- stdout\n{Out}\n--- stderr\n{Error}";
}

/// <summary>A fresh home and a fresh folder to work in, in which the real program runs as its own process.</summary>
internal sealed class Place : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bridle-e2e-");

    public Place()
    {
        Directory.CreateDirectory(Home);
        Directory.CreateDirectory(Work);
    }

    public string Home => Path.Combine(_folder.FullName, "home");

    public string Work => Path.Combine(_folder.FullName, "work");

    /// <summary>Variables for the program, beside PATH, HOME and where temporary files go. Nothing else of this process's environment is passed on.</summary>
    public Dictionary<string, string> Environment { get; } = new() { ["LANG"] = "C.UTF-8", ["NO_COLOR"] = "1" };

    /// <summary>A command that starts the program, such as a tracer with its arguments; empty to start the program itself.</summary>
    public IReadOnlyList<string> Under { get; init; } = [];

    /// <summary>The program as it was built with the tests.</summary>
    public static string Program { get; } = FindProgram();

    /// <summary>The session files, the oldest first.</summary>
    public IReadOnlyList<string> Sessions => Directory.Exists(Path.Combine(Home, ".local/share/bridle/sessions"))
        ? [.. Directory.EnumerateFiles(Path.Combine(Home, ".local/share/bridle/sessions"), "session_*.jsonl").Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Writes a file in the work folder.</summary>
    public string Write(string path, string content)
    {
        var file = Path.Combine(Work, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        return file;
    }

    public string Read(string path) => File.ReadAllText(Path.Combine(Work, path));

    /// <summary>Runs the program to its end, without a terminal and without input.</summary>
    public Task<Ended> RunAsync(params string[] arguments) => RunWithInputAsync("", arguments);

    public async Task<Ended> RunWithInputAsync(string input, params string[] arguments)
    {
        using var process = Start(arguments);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        return await EndAsync(process);
    }

    /// <summary>Starts the program; the caller waits for it by <see cref="EndAsync"/>.</summary>
    public Process Start(params string[] arguments) => StartProgram(Program, arguments);

    /// <summary>The same for another program.</summary>
    public Process StartProgram(string program, params string[] arguments)
    {
        var command = new List<string>([.. Under, program, .. arguments]);
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = Work,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        Surround(start);
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }

    /// <summary>Gives a process the environment of this place and nothing else.</summary>
    public void Surround(ProcessStartInfo start)
    {
        start.Environment.Clear();
        start.Environment["PATH"] = System.Environment.GetEnvironmentVariable("PATH");
        start.Environment["HOME"] = Home;
        foreach (var name in new[] { "DOTNET_ROOT", "TMPDIR" })
        {
            if (System.Environment.GetEnvironmentVariable(name) is { } here)
            {
                start.Environment[name] = here;
            }
        }

        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }
    }

    /// <summary>Waits for the end; a program that takes longer than a minute is ended and fails the test.</summary>
    public static async Task<Ended> EndAsync(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The program did not end within a minute.\n{await output}\n{await error}");
        }

        return new Ended(process.ExitCode, await output, await error);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string FindProgram([CallerFilePath] string source = "")
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "..", ".."));
        var program = Path.Combine(root, "artifacts", "bin", "Bridle.Cli", "debug", "Bridle.Cli");
        return File.Exists(program) ? program : throw new FileNotFoundException("The program is not built; the test project builds it.", program);
    }
}
