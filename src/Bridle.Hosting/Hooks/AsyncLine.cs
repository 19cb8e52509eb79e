using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bridle.Messages;

namespace Bridle.Hosting.Hooks;

/// <summary>
/// Looks at the first line that a hook writes: <c>{"async": true}</c> says that nobody need wait for the rest, and <c>asyncTimeout</c> how many milliseconds that may take. Called by one
/// thread at a time.
/// </summary>
internal sealed class AsyncLine
{
    private const int MostBytes = 4096;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_most = TimeSpan.FromDays(1);

    private readonly TaskCompletionSource<TimeSpan> _announced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MemoryStream _line = new();
    private bool _isOver;

    /// <summary>How long the rest may take, once the hook has said that it goes on by itself. Never comes to an end where it does not.</summary>
    public Task<TimeSpan> Announced => _announced.Task;

    /// <summary>Takes in what the hook writes to its standard output.</summary>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        if (_isOver)
        {
            return;
        }

        var end = bytes.IndexOf((byte)'\n');
        _line.Write(end < 0 ? bytes : bytes[..end]);
        _isOver = end >= 0 || _line.Length > MostBytes;
        if (end >= 0 && _line.Length <= MostBytes && PatienceIn(Encoding.UTF8.GetString(_line.GetBuffer(), 0, (int)_line.Length)) is { } patience)
        {
            _announced.TrySetResult(patience);
        }
    }

    /// <summary>What a hook wrote after its first line.</summary>
    public static string Without(string output) => output.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end ? output[(end + 1)..] : "";

    private static TimeSpan? PatienceIn(string line)
    {
        if (!line.AsSpan().TrimStart().StartsWith("{"))
        {
            return null;
        }

        try
        {
            SoundJson.Check(Encoding.UTF8.GetBytes(line));
            return JsonNode.Parse(line) is not JsonObject said || said["async"] is not JsonValue value || !value.TryGetValue(out bool goesOn) || !goesOn ? null
                : said["asyncTimeout"] is JsonValue limit && limit.TryGetValue(out double milliseconds) && milliseconds > 0 ? TimeSpan.FromMilliseconds(Math.Min(milliseconds, s_most.TotalMilliseconds))
                : s_patience;
        }
        catch (Exception wrong) when (wrong is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
