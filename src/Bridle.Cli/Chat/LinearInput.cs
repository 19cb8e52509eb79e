using Bridle.Cli.Terminals;

namespace Bridle.Cli.Chat;

/// <summary>
/// The keyboard where everything is written one line after another. While a turn runs, what is typed becomes a message for the model's next step; when something is asked
/// meanwhile, the question has the keyboard and the half-typed message comes back afterwards.
/// </summary>
internal sealed class LinearInput(StrokeReader strokes, TextWriter screen, Func<int> width, HeldOutput output, TimeSpan? reading = null, bool plain = false, PasteMarks? marks = null) : ChatInput
{
    // Nobody reads a question faster than this. Keys that come sooner were meant for something else.
    private readonly TimeSpan _reading = reading ?? TimeSpan.FromMilliseconds(400);
    private readonly InputHistory _history = new();
    private readonly SemaphoreSlim _keyboard = new(1, 1);
    private readonly LineReader _steering = new(strokes, screen, width) { Plain = plain };
    private CancellationTokenSource _question = new();

    public override async Task<string?> ReadMessageAsync(string prompt, CancellationToken cancellationToken)
    {
        var reader = new LineReader(strokes, screen, width, _history) { Draft = _steering.Draft, Plain = plain };
        _steering.Draft = "";
        while (true)
        {
            try
            {
                var (end, text) = await reader.ReadAsync(prompt, cancellationToken);
                if (end is not LineEnd.Escaped)
                {
                    return end is LineEnd.Closed ? null : text;
                }
            }
            catch (OperationCanceledException)
            {
                screen.WriteLine();
                throw;
            }
        }
    }

    public override async Task SteerAsync(Action<string> post, CancellationToken turnOver)
    {
        while (!turnOver.IsCancellationRequested)
        {
            var question = _question;
            using var either = CancellationTokenSource.CreateLinkedTokenSource(turnOver, question.Token);
            try
            {
                await _keyboard.WaitAsync(turnOver);
                try
                {
                    if (!await SteerOnceAsync(post, either.Token))
                    {
                        return;
                    }
                }
                finally
                {
                    _keyboard.Release();
                }
            }
            catch (OperationCanceledException) when (!turnOver.IsCancellationRequested)
            {
                // Somebody asks something; the loop waits until the keyboard is free again.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    public override async Task<T> AskAsync<T>(Func<AskedKeys, Task<T>> ask, CancellationToken cancellationToken)
    {
        await _question.CancelAsync();
        await _keyboard.WaitAsync(cancellationToken);
        using var hold = output.Hold();
        try
        {
            return await ask(new(strokes, Lend));
        }
        finally
        {
            _question = new();
            _keyboard.Release();
        }
    }

    public override Task<(LineEnd End, string Text)> ReadLineAsync(AskedKeys asked, string prompt, string draft, CancellationToken cancellationToken) =>
        new LineReader(asked.Strokes, screen, width) { Draft = draft, Plain = plain }.ReadAsync(prompt, cancellationToken);

    public override async Task SetAsideEarlyKeysAsync(CancellationToken cancellationToken)
    {
        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        quiet.CancelAfter(_reading);
        try
        {
            while (_reading > TimeSpan.Zero && await strokes.ReadAsync(quiet.Token) is { } early)
            {
                SetAside(early);
                quiet.CancelAfter(_reading);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Quiet: what is pressed from now on is an answer.
        }
    }

    public override async Task TakeEnterAsync(AskedKeys asked, TimeSpan within, CancellationToken cancellationToken)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        soon.CancelAfter(within);
        try
        {
            if (await asked.Strokes.ReadAsync(soon.Token) is { } other && !other.Is(ConsoleKey.Enter))
            {
                SetAside(other);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It was the key alone.
        }
    }

    public override void Draft(string text) => _steering.Draft = _steering.Draft.Length == 0 ? text : $"{text}\n{_steering.Draft}";

    // Enter would send what nobody has looked at yet.
    private void SetAside(Stroke stroke) => _steering.Draft += stroke.Is(ConsoleKey.Enter) ? " " : stroke.Text;

    private IDisposable? Lend() => strokes.Lend() is { } lent ? marks?.Lend(lent) ?? lent : null;

    private async Task<bool> SteerOnceAsync(Action<string> post, CancellationToken cancellationToken)
    {
        // Output flows until the first key; from then on it waits for the message.
        Stroke? first = null;
        if (_steering.Draft.Length == 0)
        {
            first = await strokes.ReadAsync(cancellationToken);
            if (first is null)
            {
                return false;
            }

            if (first is { IsPaste: false, Key: { Key: ConsoleKey.Enter or ConsoleKey.Escape } or { KeyChar: '\0' } })
            {
                return true;
            }
        }

        using var hold = output.Hold();
        screen.WriteLine();
        var (end, text) = await _steering.ReadAsync("↳ ", cancellationToken, first);
        if (end is LineEnd.Entered && text.Trim().Length > 0)
        {
            post(text);
        }

        return end is not LineEnd.Closed || text.Length > 0;
    }
}
