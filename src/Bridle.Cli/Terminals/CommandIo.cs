using Bridle.Cli.Output;
using Bridle.Hosting;

namespace Bridle.Cli.Terminals;

/// <summary>What the program reads from and writes to, and what kind of thing each is. Tests give it strings, the program the console.</summary>
internal sealed record CommandIo(TextReader In, TextWriter Out, TextWriter Error)
{
    /// <summary>Standard input is a terminal: somebody can be asked.</summary>
    public bool InIsTerminal { get; init; }

    /// <summary>Standard output is a terminal.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>Standard error is a terminal.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Whether colours may be used on terminals.</summary>
    public bool Color { get; init; }

    /// <summary>Columns of the terminal; 80 when there is none.</summary>
    public Func<int> Width { get; init; } = () => 80;

    /// <summary>Rows of the terminal; 24 when there is none.</summary>
    public Func<int> Height { get; init; } = () => 24;

    /// <summary>Everything goes to one terminal, and that understands the sequences which move its cursor.</summary>
    public bool IsScreen { get; init; }

    /// <summary>The terminal can put brackets around what is pasted, when it is asked to.</summary>
    public bool MarksPastes { get; init; }

    /// <summary>One line after another, and nothing that moves: the terminal knows no better, or somebody has it read to them.</summary>
    public bool IsPlain { get; init; }

    /// <summary>Started by the name of llm-agent-harness, whose prompt its scripts wait for.</summary>
    public bool IsSeed { get; init; }

    /// <summary>The name of the folders where the program runs as llm-agent-harness; null otherwise.</summary>
    public string? SeedRoot { get; init; }

    /// <summary>A text of the program's own, with hints that work for who reads it.</summary>
    public string Hint(string text) => SeedRoot is { } root ? SeedHints.Of(text, root) : text;

    /// <summary>What stands before what a person types.</summary>
    public string Prompt => IsSeed || IsPlain ? "> " : "❯ ";

    /// <summary>Reads a line that is not shown while it is typed; null at the end of the input.</summary>
    public Func<string?>? ReadSecret { get; init; }

    /// <summary>The keys of the terminal for a conversation; null when there is no terminal to read keys from.</summary>
    public Func<IKeys>? OpenKeys { get; init; }

    /// <summary>Writes a line of the program's own to standard output; on a terminal it is broken between words. Control sequences in it are shown, but for colours. See <see cref="WordWrap"/> for <paramref name="hang"/>.</summary>
    public void Tell(string text, int? hang = null) => Out.WriteLine(Line(text, OutIsTerminal, hang));

    /// <summary>The same to standard error.</summary>
    public void TellError(string text, int? hang = null) => Error.WriteLine(Line(text, ErrorIsTerminal, hang));

    // Whoever wrote the line may have forgotten that a name, a path or a setting in it is somebody else's.
    private string Line(string text, bool isTerminal, int? hang) => VisibleText.Styled(text) is var safe && isTerminal ? WordWrap.Of(safe, Width(), hang) : safe;

    /// <summary>Whether something that was written to <see cref="Out"/> did not arrive.</summary>
    public bool OutIsBroken => Out is OutputPipe { Broken: true };

    /// <summary>Why it did not arrive, where that has to be said.</summary>
    public string? OutProblem => (Out as OutputPipe)?.Problem;

    /// <summary>The console of this process. <paramref name="onOutputGone"/> is called once when nobody takes the output any more.</summary>
    public static CommandIo Console(HostEnvironment environment, Action onOutputGone) =>
        new(System.Console.IsInputRedirected && ClosedAtStart.Input ? TextReader.Null : System.Console.In, new OutputPipe(OutputPipe.StandardOutput(System.Console.IsOutputRedirected), onOutputGone), new OutputPipe(OutputPipe.StandardError(), () => { }))
        {
            InIsTerminal = !System.Console.IsInputRedirected,
            OutIsTerminal = !System.Console.IsOutputRedirected,
            ErrorIsTerminal = !System.Console.IsErrorRedirected,
            Color = environment["NO_COLOR"] is null && environment["TERM"] is not "dumb",
            Width = () => ConsoleSize(() => System.Console.WindowWidth, 80),
            Height = () => ConsoleSize(() => System.Console.WindowHeight, 24),
            IsPlain = environment["TERM"] is "dumb",
            IsScreen = !System.Console.IsInputRedirected && !System.Console.IsOutputRedirected && !System.Console.IsErrorRedirected && UnderstandsSequences(environment),
            MarksPastes = !System.Console.IsInputRedirected && !System.Console.IsOutputRedirected && MarksPastesOf(environment),
            ReadSecret = System.Console.IsInputRedirected ? null : ConsoleKeys.ReadSecret,
            OpenKeys = System.Console.IsInputRedirected || System.Console.IsOutputRedirected ? null : () => new ConsoleKeys(MarksPastesOf(environment)),
        };

    // The old console of Windows shows them as they are; its newer terminal says that it is there.
    private static bool UnderstandsSequences(HostEnvironment environment) =>
        OperatingSystem.IsWindows() ? environment["WT_SESSION"] is { Length: > 0 } || environment["TERM_PROGRAM"] is { Length: > 0 } : environment["TERM"] is not (null or "" or "dumb");

    // The console of Linux does not.
    private static bool MarksPastesOf(HostEnvironment environment) => UnderstandsSequences(environment) && environment["TERM"] is not "linux";

    private static int ConsoleSize(Func<int> read, int otherwise)
    {
        try
        {
            return read() is > 0 and var size ? size : otherwise;
        }
        catch (IOException)
        {
            return otherwise;
        }
    }
}
