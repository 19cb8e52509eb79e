using System.Diagnostics;

namespace Bridle.Tests.Journal;

/// <summary>Runs tests/Bridle.CrashTarget, plain or with system calls made to fail.</summary>
internal static class CrashTarget
{
    private static string Program { get; } = Find();

    /// <summary>Runs a script to its end and gives what it told.</summary>
    public static Outcome Run(TestFolder folder, string script, string session = "s")
    {
        return Finish(Start("dotnet", [Program, script, folder.Data, folder.State, session]));
    }

    /// <summary>Runs a script under strace. Calls are counted per thread; the scripts append on one.</summary>
    /// <param name="folder">Data and state.</param>
    /// <param name="script">Which script.</param>
    /// <param name="inject">Such as <c>fsync:error=EIO:when=3</c>.</param>
    public static Outcome RunInjected(TestFolder folder, string script, string inject)
    {
        RequireProgram("strace", "the Debian package strace");
        var trace = Path.Combine(folder.Root, "trace");
        var outcome = Finish(Start("strace",
            ["-f", "-qq", "-y", "-o", trace, "-e", $"trace={inject.Split(':')[0]}", "-e", $"inject={inject}", "dotnet", Program, script, folder.Data, folder.State, "s"]));
        return outcome with { Trace = File.ReadAllLines(trace) };
    }

    /// <summary>Plays a scenario in a process of its own.</summary>
    /// <param name="root">The folder of the scenario.</param>
    /// <param name="scenario">Which one.</param>
    /// <param name="options">Such as <c>kill=7</c>.</param>
    public static Outcome RunSession(string root, string scenario, params string[] options) => Finish(Start("dotnet", [Program, "session", root, scenario, .. options]));

    /// <summary>Plays a scenario and kills it after it has told so many lines and some microseconds; false when it came to its end first. The long proof may name a native program, which starts sooner.</summary>
    public static (bool Died, IReadOnlyList<string> Lines) RunSessionKilled(string root, string scenario, int afterLines, int microseconds)
    {
        string[] play = ["session", root, scenario];
        using var process = Environment.GetEnvironmentVariable("BRIDLE_CRASH_PROGRAM") is { Length: > 0 } native ? Start(native, play) : Start("dotnet", [Program, .. play]);
        var lines = new List<string>();
        while (lines.Count < afterLines && process.StandardOutput.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began).TotalMicroseconds < microseconds;)
        {
            Thread.SpinWait(50);
        }

        process.Kill();
        lines.AddRange(process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        process.WaitForExit();
        return (process.ExitCode is not 0, lines);
    }

    /// <summary>Plays a scenario under strace. It keeps to one thread, so that the Nth call is the same in every run.</summary>
    public static Outcome RunSessionInjected(string root, string scenario, string inject)
    {
        RequireProgram("strace", "the Debian package strace");
        var trace = $"{root}.trace";

        // Stopping at one system call alone makes it twice as fast, but then strace 6.1 sends no signals.
        string[] fast = inject.Contains("signal=", StringComparison.Ordinal) ? [] : ["--seccomp-bpf"];
        var outcome = Finish(Start("strace",
            ["-f", "-qq", "-y", .. fast, "-o", trace, "-e", $"trace={inject.Split(':')[0]}", "-e", $"inject={inject}", "dotnet", Program, "session", root, scenario]));
        return outcome with { Trace = File.ReadAllLines(trace) };
    }

    /// <summary>Runs a shell script in which <c>$RUN</c> stands for the program.</summary>
    public static Outcome RunShell(string shell, params string[] wrapper)
    {
        RequireProgram(wrapper[0], $"the program {wrapper[0]}");
        return Finish(Start(wrapper[0], [.. wrapper[1..], "sh", "-c", shell.Replace("$RUN", $"dotnet '{Program}'", StringComparison.Ordinal)]));
    }

    /// <summary>Starts a script that waits for the end of its input.</summary>
    public static Process StartHolding(TestFolder folder) => Start("dotnet", [Program, "hold", folder.Data, folder.State, "s"]);

    /// <summary>Starts one that runs a confined program in that workspace until its input ends. It tells one line when the program runs: <c>begun</c>, then the control groups that it made.</summary>
    public static Process StartConfined(string workspace) => Start("dotnet", [Program, "confined", workspace]);

    /// <summary>The same in a container.</summary>
    public static Process StartContained(string workspace, string engine, string image, string settings) => Start("dotnet", [Program, "contained", workspace, engine, image, settings]);

    private static Process Start(string file, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_TieredCompilation"] = "1";
        return Process.Start(start)!;
    }

    private static Outcome Finish(Process process)
    {
        using (process)
        {
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync();
            var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            AwaitEnd(process);
            return new Outcome(process.ExitCode, lines, errors.Result);
        }
    }

    // Nobody has the output any more, so that all that ran is dying. strace sometimes misses that the last thread it followed was killed, and waits for it for ever: it sleeps
    // then although nothing that it follows lives, for a second and not for the moment between two deaths.
    private static void AwaitEnd(Process process)
    {
        var (isTracer, began, asleep) = (process.StartInfo.FileName is "strace", Stopwatch.GetTimestamp(), 0);
        while (!process.WaitForExit(TimeSpan.FromMilliseconds(50)))
        {
            asleep = isTracer && StateOf($"/proc/{process.Id}/stat") is 'S' && !Followed(process.Id).Any() ? asleep + 1 : 0;
            if (asleep > 20 || Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(20))
            {
                process.Kill();
                process.WaitForExit();
            }
        }
    }

    // The threads of a process's children that have not ended.
    private static IEnumerable<string> Followed(int id)
    {
        try
        {
            return [.. File.ReadAllText($"/proc/{id}/task/{id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .SelectMany(child => Directory.EnumerateDirectories($"/proc/{child}/task")).Where(thread => StateOf($"{thread}/stat") is not ('Z' or 'X'))];
        }
        catch (IOException)
        {
            // One of them ended while it was looked at.
            return ["?"];
        }
    }

    private static char StateOf(string stat)
    {
        try
        {
            var text = File.ReadAllText(stat);
            return text[text.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return 'X';
        }
    }

    private static void RequireProgram(string name, string what)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, name)));
        Assert.True(found, $"This test needs {what}. Install it and run the test again; ./test does so where it may.");
    }

    private static string Find()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var program = Path.Combine(here.Parent!.Parent!.FullName, "Bridle.CrashTarget", here.Name, "Bridle.CrashTarget.dll");
        Assert.True(File.Exists(program), $"{program} is not built.");
        return program;
    }

    /// <summary>What a run of the program told.</summary>
    internal sealed record Outcome(int ExitCode, IReadOnlyList<string> Lines, string Errors)
    {
        public IReadOnlyList<string> Trace { get; init; } = [];

        /// <summary>The numbers of the records that were acknowledged, in their order.</summary>
        public IEnumerable<long> Acknowledged => Lines.Where(line => line.StartsWith("ack ", StringComparison.Ordinal)).Select(line => long.Parse(line.Split(' ')[1]));

        public string? Refused => Lines.FirstOrDefault(line => line.StartsWith("refused ", StringComparison.Ordinal));
    }
}
