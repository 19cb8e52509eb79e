using Bridle.Cli.Commands;
using Bridle.Cli.Terminals;
using Bridle.Cli.Tests.Terminals.Screens;
using Bridle.Hosting;
using Bridle.Hosting.DryRuns;
using Bridle.Hosting.Providers;
using Bridle.Models;

namespace Bridle.Cli.Tests;

/// <summary>The program in a home of its own, with strings for a terminal.</summary>
internal sealed class CliStage : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bridle-cli-");

    public CliStage()
    {
        Directory.CreateDirectory(Home);
        Directory.CreateDirectory(Work);
    }

    public string Home => Path.Combine(_folder.FullName, "home");

    public string Work => Path.Combine(_folder.FullName, "work");

    public Dictionary<string, string> Variables { get; } = new() { ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "" };

    public WatchedWriter Out { get; } = new();

    public WatchedWriter Error { get; } = new();

    public string Input { get; set; } = "";

    /// <summary>In place of <see cref="Input"/>: lines that come while the program runs.</summary>
    public TextReader? LiveInput { get; set; }

    /// <summary>Settings keys that are read as if no file had them.</summary>
    public HashSet<string> Ignored { get; } = [];

    /// <summary>Answers in place of everything that picks a model.</summary>
    public IModel? Model { get; set; }

    /// <summary>Changes what reaches the harness, for what no command line can say: time, a person, a sandbox that does not work.</summary>
    public Func<HarnessRequest, HarnessRequest> Adjust { get; set; } = request => request;

    /// <summary>Makes standard output, error and input terminals.</summary>
    public bool Terminal { get; set; }

    public bool Color { get; set; }

    public int Width { get; set; } = 80;

    public Func<IKeys>? Keys { get; set; }

    /// <summary>A terminal that understands cursor sequences, in the place of <see cref="Out"/> and <see cref="Error"/>.</summary>
    public VirtualTerminal? Screen { get; set; }

    public List<LocalServerFound> Running { get; } = [];

    public Interrupts Interrupts { get; } = new();

    /// <summary>The request that reached the harness last.</summary>
    public HarnessRequest? Request { get; private set; }

    /// <summary>Runs at every start; may throw.</summary>
    public Action? Fault { get; set; }

    /// <summary>Refuses every start, for tests that look at the request only.</summary>
    public bool OnlyParse { get; set; }

    /// <summary>The absolute path of a file or folder of this stage.</summary>
    public string PathOf(string path) => Path.Combine(_folder.FullName, path);

    public string Write(string path, string text)
    {
        var file = Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    public CommandContext Context()
    {
        var environment = new HostEnvironment(Variables, Home, Work, HostPlatform.Linux) { ManagedFolder = Path.Combine(_folder.FullName, "managed"), IgnoredSettings = Ignored };
        var io = new CommandIo(LiveInput ?? new StringReader(Input), Out, Error)
        {
            InIsTerminal = Terminal, OutIsTerminal = Terminal, ErrorIsTerminal = Terminal, Color = Color, OpenKeys = Keys, MarksPastes = Keys is not null, Width = () => Width,
        };
        if (Screen is { } screen)
        {
            io = io with { Out = screen, Error = screen, InIsTerminal = true, OutIsTerminal = true, ErrorIsTerminal = true, IsScreen = true, MarksPastes = true, Width = () => screen.Width, Height = () => screen.Height };
        }

        return new(io, environment)
        {
            FindLocalServers = _ => Task.FromResult<IReadOnlyList<LocalServerFound>>(Running),
            Interrupts = Interrupts,
            LookAsync = (request, task, cancellationToken) => DryRun.OfAsync(Adjust(request), task, cancellationToken),
            StartAsync = (request, cancellationToken) =>
            {
                Request = request;
                Fault?.Invoke();
                return OnlyParse ? Task.FromResult<HarnessStart>(new HarnessRefused("usage", "only parsed", "")) : Composition.StartAsync(Adjust(request with { Model = Model }), cancellationToken);
            },
        };
    }

    /// <summary>Runs a command line; one that does not end within a minute fails the test.</summary>
    public async Task<int> RunAsync(params string[] arguments)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        return await CommandLine.RunAsync(arguments, Context(), patience.Token).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

/// <summary>A string writer that may be read while it is written to, and that can be waited on.</summary>
internal sealed class WatchedWriter : StringWriter
{
    private readonly Lock _lock = new();

    public override void Write(char value)
    {
        lock (_lock)
        {
            base.Write(value);
        }
    }

    public override void Write(string? value)
    {
        lock (_lock)
        {
            base.Write(value);
        }
    }

    public override void WriteLine(string? value) => Write(value + "\n");

    public override void WriteLine() => Write("\n");

    public override string ToString()
    {
        lock (_lock)
        {
            return base.ToString();
        }
    }

    /// <summary>What was written since the last time, taken away.</summary>
    public string Take()
    {
        lock (_lock)
        {
            var text = base.ToString();
            GetStringBuilder().Clear();
            return text;
        }
    }

    /// <summary>Waits until the text is there as often as said.</summary>
    public async Task WaitForAsync(string text, int times = 1)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (ToString().Split(text).Length - 1 < times)
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
