using System.Threading.Channels;

namespace Bridle.Cli.Tests.Headless;

/// <summary>Standard input of a program that another one writes to while it runs.</summary>
internal sealed class FedLines : TextReader
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public FedLines Say(string line)
    {
        _lines.Writer.TryWrite(line);
        return this;
    }

    public void End() => _lines.Writer.TryComplete();

    public override async ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken) =>
        await _lines.Reader.WaitToReadAsync(cancellationToken) && _lines.Reader.TryRead(out var line) ? line : null;
}
