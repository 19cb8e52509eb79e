using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.Trust;

namespace Bridle.Cli.Chat;

/// <summary>Asks before a chat begins in a folder whose own files want more than an untrusted folder may.</summary>
internal static class TrustDialog
{
    /// <summary>The request after the answer: with trust for this run where the person chose that.</summary>
    public static async Task<HarnessRequest> AskAsync(CommandIo io, ChatInput input, HarnessRequest request, CancellationToken cancellationToken)
    {
        var files = HostFiles.Read(request);
        if (TrustQuestion.For(files) is not { } question)
        {
            return request;
        }

        io.Tell(question.IsTrusted
            ? $"{VisibleText.Of(request.Folder)} is trusted, but this is new or has changed since you looked:"
            : $"You have not said yet whether you trust {VisibleText.Of(request.Folder)}. Its own files ask for this:");
        foreach (var gain in question.Gains)
        {
            io.Tell($"  - {VisibleText.OnOneLine(gain)}", hang: 4);
        }

        io.Tell("  [t] trust it, now and later   [o] trust it for this chat only   [n] no: work without these");
        while (true)
        {
            var key = await input.AskAsync(async keys => await keys.ReadAsync(cancellationToken), cancellationToken);
            switch (AskedKeys.Typed(key))
            {
                case 't':
                    return Stored(io, request, () => question.Accept(files.Trust, request.Time.GetUtcNow()), "Trusted.");
                case 'o':
                    io.Tell("Trusted for this chat.");
                    return request with { TrustFolder = true };
                case 'n':
                    return Stored(io, request, () => question.Decline(files.Trust), io.Hint("Not trusted. `bridle trust` changes that."));
                case null or '\u0003' or '\u001b' or '\u0004':
                    io.Tell("Not trusted for now.");
                    return request;
            }
        }
    }

    private static HarnessRequest Stored(CommandIo io, HarnessRequest request, Action store, string said)
    {
        try
        {
            store();
            io.Tell(said);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            io.TellError($"bridle: That could not be stored: {VisibleText.Of(problem.Message)}");
        }

        return request;
    }
}
