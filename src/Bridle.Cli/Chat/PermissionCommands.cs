using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Hosting.Grants;

namespace Bridle.Cli.Chat;

/// <summary><c>/permissions</c>: what may run in this conversation, and taking back what was agreed to in it.</summary>
internal sealed class PermissionCommands(CommandIo io, Conversation conversation)
{
    public IReadOnlyList<ChatCommand> Rows =>
    [
        new("/permissions", "", "the rules in force, and what you allowed for longer than one call", (_, _) => ChatCommands.Done(List)),
        new("/permissions revoke", "ID", "take back what you allowed, for this session or for longer", RevokeAsync) { Complete = typed => ChatCommands.Beginning(Grants?.Read().Grants.Select(grant => grant.Id) ?? [], typed) },
    ];

    private SessionPermissions? Grants => conversation.Harness.Permissions;

    private void List()
    {
        if (Grants?.Read() is { } overview)
        {
            PermissionText.List(io, overview);
            io.Tell(overview.Grants.Count == 0 ? "" : "  /permissions revoke GRANT takes one back.");
        }
    }

    private async Task<NextTurn?> RevokeAsync(string? id, CancellationToken cancellationToken)
    {
        if (id is null || Grants is not { } grants)
        {
            io.Tell("  What shall be taken back? /permissions lists what was granted; /permissions revoke ID");
            return null;
        }

        var (revoked, problem) = await grants.RevokeAsync(id, cancellationToken);
        io.Tell(revoked is null
            ? $"  {VisibleText.Line(id, 60)} is not revoked: {VisibleText.Of(problem!)}. /permissions lists what was granted."
            : $"  {VisibleText.Exactly(revoked.RuleText)} is revoked: it is asked about again from the next call on.");
        return null;
    }
}
