using Bridle.Journal;
using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Sandboxing;
using Bridle.Tools;

namespace Bridle.Tests.Permissions;

/// <summary>A link that is turned after the call was judged: what it leads to then was never agreed to.</summary>
public sealed class TurnedLinkTests
{
    [Theory]
    [InlineData("/etc")]
    [InlineData("/ws/.git/hooks")]
    public async Task A_write_goes_to_the_file_that_was_judged_or_nowhere(string elsewhere)
    {
        var rig = Rig(PermissionMode.AcceptEdits, Writing("d/w"), files => files.Link("/ws/d", elsewhere));
        rig.Files.Folder("/ws/.git/hooks").Link("/ws/d", "/ws/sub");

        var refused = await Assert.ThrowsAsync<ToolException>(() => rig.RunAsync("""{"path":"d/w"}"""));

        Assert.Contains("may not be written", refused.Message, StringComparison.Ordinal);
        Assert.Null(rig.Files.Stat(rig.Files.Resolve($"{elsewhere}/w", "/ws")));
    }

    [Theory]
    [InlineData("/ws/.env")]
    [InlineData("/etc/passwd")]
    public async Task A_read_shows_the_file_that_was_judged_or_nothing(string elsewhere)
    {
        var rig = Rig(PermissionMode.Default, Reading("n"), files => files.Link("/ws/n", elsewhere));
        rig.Files.Link("/ws/n", "/ws/a.txt");

        var refused = await Assert.ThrowsAsync<ToolException>(() => rig.RunAsync("""{"path":"n"}"""));

        Assert.Contains("Name it in a call of its own", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_yes_holds_for_the_file_that_the_person_was_shown()
    {
        FakeFiles files = null!;
        var inForce = GateRig.InForce();
        var approver = new ListedApprover(new ApprovalAnswer(true)) { OnAsked = () => files.Link("/tmp/d", "/etc") };
        var rig = new GateRig(Writing("/tmp/d/w"), new PermissionStage(inForce),
            new ApprovalStage(inForce, new ApprovalOptions { Approver = approver, Rebind = GateRig.Rebind, NewId = () => "r" }), new EnforceStage(inForce, SecretRedactor.ShapesOnly));
        files = rig.Files.Folder("/tmp/real").Link("/tmp/d", "/tmp/real");

        await Assert.ThrowsAsync<ToolException>(() => rig.RunAsync("""{"path":"/tmp/d/w"}"""));

        Assert.Null(rig.Files.Stat(rig.Files.Resolve("/etc/w", "/ws")));
    }

    private static GateRig Rig(PermissionMode mode, FakeTool tool, Action<FakeFiles> turn)
    {
        var inForce = GateRig.InForce(mode);
        GateRig rig = null!;
        return rig = new GateRig(tool, new PermissionStage(inForce), new Meanwhile(() => turn(rig.Files)), new EnforceStage(inForce, SecretRedactor.ShapesOnly));
    }

    private static FakeTool Writing(string path) => new("Write", ToolKind.Write, (_, scope, _) =>
    {
        scope.Files.Write(scope.Files.Resolve(path, scope.WorkingDirectory), "x"u8);
        return ValueTask.FromResult(ToolResult.Completed("written"));
    });

    private static FakeTool Reading(string path) => new("Read", ToolKind.Read, (_, scope, _) =>
    {
        using var file = scope.Files.OpenRead(scope.Files.Resolve(path, scope.WorkingDirectory));
        return ValueTask.FromResult(ToolResult.Completed("read"));
    });

    private sealed class Meanwhile(Action happens) : ToolStage
    {
        public override string Name => "meanwhile";

        protected internal override ValueTask<ToolResult> InvokeAsync(ToolInvocation invocation, ToolStep next, CancellationToken cancellationToken)
        {
            happens();
            return next(invocation, cancellationToken);
        }
    }
}
