using System.Diagnostics;
using System.Text;
using Bridle.Cli.Chat.Live;
using Bridle.Cli.Terminals;
using Bridle.Cli.Terminals.Editing;
using Bridle.Cli.Terminals.Screens;
using Bridle.Events;

namespace Bridle.Benchmarks;

/// <summary>What the live screen of a chat writes while 2,000 chunks a second stream, on a clock that is moved; and how long a key waits meanwhile, on the real one.</summary>
internal static class ScreenFrames
{
    private const int Seconds = 10;
    private const int ChunksAMillisecond = 2;

    private const string Text = "## A heading\n\nSome **words** of an answer that goes on and on, with `code` in it.\n\n- a first item\n- a second item of the list\n\n"
        + "```csharp\npublic static int Of(string text) => text.Length; // and a comment\n```\n\n| a | table |\n|---|---|\n| of | two rows |\n| and | a third |\n\n";

    public static async Task ReportAsync()
    {
        var clock = new MovedClock();
        var (counting, screen, turn, loop, _) = Make(clock);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        for (var millisecond = 0; millisecond < Seconds * 1_000; millisecond++)
        {
            for (var chunk = 0; chunk < ChunksAMillisecond; chunk++)
            {
                await turn.EmitAsync(Chunk((millisecond * ChunksAMillisecond) + chunk), default);
            }

            loop.Step();
            clock.Move(TimeSpan.FromMilliseconds(1));
        }

        var spent = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        Console.WriteLine($"{Seconds} s of {ChunksAMillisecond * 1_000} chunks a second, 80x24, virtual clock");
        Console.WriteLine($"  frames a second   {(double)counting.Writes / Seconds:0.0} (bound {ScreenLoop.FramesASecond})");
        Console.WriteLine($"  bytes a frame     {counting.Bytes / counting.Writes} on average, {counting.Longest} at most (bound for committed text {Screen.MostCommitted})");
        Console.WriteLine($"  bytes of text     {Seconds * 1_000 * ChunksAMillisecond * 4}, written {counting.Bytes}");
        Console.WriteLine($"  processor time    {spent.TotalMilliseconds / Seconds:0.0} ms for a second of streaming");
        await LatencyAsync();
    }

    private static async Task LatencyAsync()
    {
        var (_, _, turn, loop, pressed) = Make(TimeProvider.System);
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        var running = Task.Run(() => loop.RunAsync(over.Token));
        var waits = new List<double>();
        var (n, next) = (0, Stopwatch.StartNew());
        while (!over.IsCancellationRequested)
        {
            await turn.EmitAsync(Chunk(n++), default);
            if (n % 100 == 0)
            {
                // Every 50 ms a key, which is stamped when it is handled.
                var began = Stopwatch.GetTimestamp();
                var handled = pressed.Expect();
                loop.Press(Stroke.Of(new('x', ConsoleKey.X, false, false, false)));
                waits.Add(Stopwatch.GetElapsedTime(began, await handled).TotalMilliseconds);
                SpinWait.SpinUntil(() => next.ElapsedMilliseconds >= n / ChunksAMillisecond);
            }
        }

        await running;
        waits.Sort();
        Console.WriteLine($"a key while that streams, real clock, {waits.Count} keys: {waits[waits.Count / 2]:0.00} ms in the middle, {waits[(int)(waits.Count * 0.99)]:0.00} ms for 99 of 100 to be handled");
    }

    private static (CountingWriter, Screen, LiveTurn, ScreenLoop, Pressed) Make(TimeProvider time)
    {
        var (style, counting, editor, pressed) = (new Styling(true), new CountingWriter(), new MessageEditor(), new Pressed());
        var view = new ChatView(style, time, () => 79) { Status = new("vendor/model", "default"), Input = (editor, "↳ ") };
        var screen = new Screen(counting, () => (80, 24), view.Region);
        var turn = new LiveTurn(screen, new ScreenWriter(screen), view, style, () => 80);
        return (counting, screen, turn, new ScreenLoop(screen, stroke => Press(screen, editor, stroke, pressed), time), pressed);
    }

    private static void Press(Screen screen, MessageEditor editor, Stroke stroke, Pressed pressed)
    {
        lock (screen.Gate)
        {
            editor.Press(stroke);
        }

        screen.Invalidate();
        pressed.Done();
    }

    // Four characters a chunk.
    private static Shown Chunk(int n)
    {
        var at = n * 4 % Text.Length;
        return new(new("1"), new TextStreamed(at + 4 <= Text.Length ? Text.Substring(at, 4) : Text[at..] + Text[..(4 - Text.Length + at)]));
    }

    private sealed class Pressed
    {
        private TaskCompletionSource<long> _done = new();

        public Task<long> Expect() => (_done = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        public void Done() => _done.TrySetResult(Stopwatch.GetTimestamp());
    }

    private sealed class MovedClock : TimeProvider
    {
        private TimeSpan _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now.Ticks;

        public void Move(TimeSpan by) => _now += by;
    }

    private sealed class CountingWriter : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public int Writes { get; private set; }

        public int Bytes { get; private set; }

        public int Longest { get; private set; }

        public override void Write(string? value)
        {
            var bytes = Encoding.UTF8.GetByteCount(value ?? "");
            (Writes, Bytes, Longest) = (Writes + 1, Bytes + bytes, Math.Max(Longest, bytes));
        }

        public override void Write(char value) => Write(value.ToString());
    }
}
