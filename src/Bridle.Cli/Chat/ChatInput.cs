using Bridle.Cli.Terminals;

namespace Bridle.Cli.Chat;

/// <summary>The keyboard of a conversation: messages at the prompt, messages for a running turn, and questions that have it for themselves.</summary>
internal abstract class ChatInput
{
    /// <summary>Reads a message at the prompt; null when the person is done. Cancelled, what was typed is dropped.</summary>
    public abstract Task<string?> ReadMessageAsync(string prompt, CancellationToken cancellationToken);

    /// <summary>Takes messages while a turn runs and hands each to <paramref name="post"/>. Ends by cancellation, or when there are no more keys.</summary>
    public abstract Task SteerAsync(Action<string> post, CancellationToken turnOver);

    /// <summary>Gives the keyboard to a question. What was being typed is there again afterwards.</summary>
    public abstract Task<T> AskAsync<T>(Func<AskedKeys, Task<T>> ask, CancellationToken cancellationToken);

    /// <summary>Reads a line inside of a question, with the keys that it was given.</summary>
    public abstract Task<(LineEnd End, string Text)> ReadLineAsync(AskedKeys asked, string prompt, string draft, CancellationToken cancellationToken);

    /// <summary>Takes the keys that were pressed before a question could be read. They belong to the message that was being typed and decide nothing.</summary>
    public abstract Task SetAsideEarlyKeysAsync(CancellationToken cancellationToken);

    /// <summary>Waits so long for Enter behind the key that answered, which is part of the answer. Any other key, or paste, belongs to the message that is typed next.</summary>
    public abstract Task TakeEnterAsync(AskedKeys asked, TimeSpan within, CancellationToken cancellationToken);

    /// <summary>Puts a text where the next message is typed, to be changed and sent; what was typed there meanwhile follows it on a line of its own.</summary>
    public abstract void Draft(string text);

    /// <summary>Takes back what was sent while nobody read messages, in its order.</summary>
    public virtual IReadOnlyList<string> TakeSent() => [];

    /// <summary>Takes away what stands in the window, so that a question can be written there again. Does nothing where nothing is painted over.</summary>
    public virtual void ClearWindow()
    {
    }

    /// <summary>Asks for a line; null when there is no answer.</summary>
    public Task<string?> AskLineAsync(string prompt, CancellationToken cancellationToken) => AskAsync(async asked =>
    {
        var (end, text) = await ReadLineAsync(asked, prompt, "", cancellationToken);
        return end is LineEnd.Entered ? text.Trim() : null;
    }, cancellationToken);

    /// <summary>Leaves the terminal to another program while <paramref name="action"/> runs; null without having run it where that cannot be done.</summary>
    public virtual Task<T?> LendAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken) where T : class => AskAsync(async asked =>
    {
        using var lent = asked.Lend();
        return lent is null ? null : await action();
    }, cancellationToken);
}
