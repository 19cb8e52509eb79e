using Bridle.Events;
using Bridle.Messages;
using Bridle.Tools;

namespace Bridle.Sandboxing;

/// <summary>
/// Tells the model that it may have been the confinement that made a command fail, and what it may ask for. Nothing is ever run again by itself.
/// </summary>
internal static class RefusalNote
{
    // What the C library, the common runtimes and the common programs say when the kernel refused them something.
    private static readonly string[] s_signs =
    [
        "Read-only file system", "EROFS", "Operation not permitted", "EPERM", "Permission denied", "Network is unreachable", "ENETUNREACH", "Could not resolve host",
        "Temporary failure in name resolution", "Name or service not known", "EAI_AGAIN", "ENOTFOUND", "getaddrinfo", "Resource temporarily unavailable", "Cannot allocate memory",
        "Too many open files", "File size limit exceeded", "File too large", "Device or resource busy", "blocked-by-allowlist", "403 Forbidden by Bridle",
    ];

    /// <summary>The result with the note, where it belongs.</summary>
    public static ToolResult AddTo(ToolResult result, IsolationPlan plan, bool canAskForNone)
    {
        if (!plan.IsConfined || result.Outcome is not CallOutcome.Failed || !s_signs.Any(sign => result.Text.Contains(sign, StringComparison.OrdinalIgnoreCase)))
        {
            return result;
        }

        var network = plan.IsUnasked ? " Nobody was asked about it, so the hosts that settings open were closed to it; a person can allow such commands by a rule." : "";
        var ask = canAskForNone ? " If it cannot be done otherwise, make the call again with sandbox: \"off\"; that always needs a person's yes or a rule." : "";
        var note = $"\n[This ran confined ({plan.Text}), and that may be what refused it. It was not run again.{network}{ask}]";
        return result with { Content = [.. result.Content, new TextPart(note)] };
    }
}
