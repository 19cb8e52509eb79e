using System.Security.Cryptography;
using Bridle.Messages;

namespace Bridle.Models.Http;

/// <summary>Gives each call of a reply an id that no other call of the conversation has.</summary>
internal sealed class CallIds(ModelRequest request)
{
    // Nine letters and digits: the one form that every vendor takes back (Mistral insists on it).
    private const string Letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int Length = 9;

    // Calls of the harness itself are told by their ids: no server may give one of these.
    private static readonly string[] s_ours = ["sensor-", "declared-"];

    private HashSet<string>? _used;

    /// <summary>The id the server gave, or a new one when it gave none, one that is taken or one as the harness's own calls have.</summary>
    public CallId Take(string? given)
    {
        _used ??= [.. request.Messages.SelectMany(message => message.Parts).OfType<ToolCallPart>().Select(call => call.Id.Value), .. request.GoneCalls.Select(id => id.Value)];
        var id = given is { Length: > 0 } && !Array.Exists(s_ours, prefix => given.StartsWith(prefix, StringComparison.Ordinal)) ? given : RandomNumberGenerator.GetString(Letters, Length);
        while (!_used.Add(id))
        {
            id = RandomNumberGenerator.GetString(Letters, Length);
        }

        return new(id);
    }
}
