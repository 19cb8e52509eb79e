using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Bridle.EndToEnd.Tests;

/// <summary>The program in a real terminal: a tmux server of its own with one window, ended with the test. After the program the window says <c>exit:CODE</c>.</summary>
internal sealed class Tmux : IAsyncDisposable
{
    private readonly Place _place;
    private readonly string _socket = $"bridle-{Guid.NewGuid():N}";

    private Tmux(Place place) => _place = place;

    /// <summary>The keys that end a line, and others that tmux knows by name.</summary>
    public const string Enter = "Enter", CtrlC = "C-c", CtrlD = "C-d", CtrlU = "C-u";

    /// <summary>Opens a window and starts the program in it.</summary>
    public static Task<Tmux> StartAsync(Place place, params string[] arguments) =>
        // The shell outlives a Ctrl+C, which goes to everything in the window, and says how the program ended; what keeps the window open then ignores it.
        OpenAsync(place, "bash", "--norc", "-c", $"trap : INT; {string.Join(' ', arguments.Prepend(Place.Program).Select(Quoted))}; echo \"exit:$?\"; trap '' INT; exec cat");

    /// <summary>Opens a window with any command in it.</summary>
    public static async Task<Tmux> OpenAsync(Place place, params string[] command)
    {
        var tmux = new Tmux(place);
        var settings = Path.Combine(Path.GetDirectoryName(place.Home)!, "tmux.conf");
        await File.WriteAllTextAsync(settings, "set -g status off\nset -s escape-time 0\nset -g history-limit 5000\nset -g default-terminal screen-256color\n");
        await tmux.TmuxAsync(["-f", settings, "new-session", "-d", "-x", "80", "-y", "30", "-c", place.Work, .. command]);
        return tmux;
    }

    /// <summary>Types text as it is.</summary>
    public Task TypeAsync(string text) => TmuxAsync("send-keys", "-l", "--", text);

    /// <summary>Presses keys by their names.</summary>
    public Task PressAsync(params string[] keys) => TmuxAsync(["send-keys", .. keys]);

    /// <summary>Kills the window that is shown, with whatever runs in it.</summary>
    public Task KillWindowAsync() => TmuxAsync("kill-window");

    /// <summary>Pastes text as a person does, in brackets where the program asks for them.</summary>
    public async Task PasteAsync(string text)
    {
        var file = Path.Combine(Path.GetDirectoryName(_place.Home)!, "paste.txt");
        await File.WriteAllTextAsync(file, text);
        await TmuxAsync("load-buffer", file);
        await TmuxAsync("paste-buffer", "-p");
    }

    /// <summary>Makes the window another size.</summary>
    public Task ResizeAsync(int columns, int rows) =>
        TmuxAsync("resize-window", "-x", columns.ToString(System.Globalization.CultureInfo.InvariantCulture), "-y", rows.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Types a line.</summary>
    public async Task SayAsync(string text)
    {
        await TypeAsync(text);
        await PressAsync(Enter);
    }

    /// <summary>Everything shown so far, as it stands in the window, with spaces at the ends of lines cut.</summary>
    public async Task<string> ScreenAsync() => (await TmuxAsync("capture-pane", "-p", "-S", "-")).TrimEnd();

    /// <summary>The same with lines that the terminal itself broke put together again.</summary>
    public async Task<string> UnbrokenAsync() =>
        string.Join('\n', (await TmuxAsync("capture-pane", "-p", "-J", "-S", "-")).Split('\n').Select(line => line.TrimEnd())).TrimEnd();

    /// <summary>The same with the escape sequences of colours.</summary>
    public Task<string> ColoursAsync() => TmuxAsync("capture-pane", "-p", "-e", "-S", "-");

    /// <summary>Waits until the text is in the window as often as said, and gives what is shown then.</summary>
    public async Task<string> WaitForAsync(string text, int times = 1)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var shown = await UnbrokenAsync();
            if (shown.Split(text).Length - 1 >= times)
            {
                return shown;
            }

            // Each look is a program; looking more often takes what the one that is waited for needs.
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"'{text}' did not appear {times} times.\n{shown}");
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    /// <summary>Sends a signal to the program in the window, not to its shell.</summary>
    public async Task SignalAsync(string name)
    {
        var shell = (await TmuxAsync("display-message", "-p", "#{pane_pid}")).Trim();
        using var kill = Process.Start("pkill", [$"-{name}", "-P", shell]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        var running = new List<int>();
        try
        {
            running = [.. (await TmuxAsync("list-panes", "-a", "-F", "#{pane_pid}")).Split('\n', StringSplitOptions.RemoveEmptyEntries).SelectMany(pane => WithChildren(int.Parse(pane, CultureInfo.InvariantCulture)))];
            await TmuxAsync("kill-server");
        }
        catch (InvalidOperationException gone) when (gone.Message.Contains("no server running", StringComparison.Ordinal))
        {
            // It ended with its last pane.
        }

        // A program whose terminal is gone closes its log and takes away what it made; the folder may be removed after that.
        foreach (var id in running)
        {
            try
            {
                using var process = Process.GetProcessById(id);
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
                await process.WaitForExitAsync(patience.Token);
            }
            catch (Exception over) when (over is ArgumentException or InvalidOperationException or OperationCanceledException)
            {
                // It has ended; or it does not end at all, which the tests of ending speak of.
            }
        }
    }

    private static IEnumerable<int> WithChildren(int id)
    {
        var file = $"/proc/{id}/task/{id}/children";
        var children = File.Exists(file) ? File.ReadAllText(file).Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
        return children.SelectMany(child => WithChildren(int.Parse(child, CultureInfo.InvariantCulture))).Prepend(id);
    }

    private async Task<string> TmuxAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("tmux", ["-u", "-L", _socket, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8,
        };
        _place.Surround(start);
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["TMUX_TMPDIR"] = Path.GetDirectoryName(_place.Home)!;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("tmux did not start; the tests need it.");
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"tmux {string.Join(' ', arguments)}: {await error}");
    }

    private static string Quoted(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
