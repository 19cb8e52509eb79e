using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Tools;
using Bridle.Workspaces;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

public sealed class GuardedFilesTests
{
    private readonly FakeFiles _files = new FakeFiles()
        .File("/ws/a.txt").File("/ws/.env").File("/ws/hidden/x.txt").File("/ws/.ssh/id_rsa").File("/ws/key.txt", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n").File("/etc/passwd")
        .File("/ws/asked.txt").Link("/ws/way-in", "/ws/hidden").Link("/ws/way-out", "/etc/passwd");

    [Fact]
    public void Listings_leave_out_what_may_not_be_read()
    {
        var door = Door(deny: ["Read(hidden/**)"], ask: ["Read(asked.txt)"]);
        Assert.Equal(["a.txt", "key.txt"], door.List(At("/ws")).Select(entry => entry.Name));
        Assert.Throws<ToolException>(() => door.List(At("/ws/hidden")));
    }

    [Fact]
    public void What_a_deny_rule_or_the_table_refuses_cannot_be_opened_even_when_named()
    {
        foreach (var path in new[] { "/ws/hidden/x.txt", "/ws/way-in/x.txt", "/ws/.ssh/id_rsa" })
        {
            var door = new GuardedFiles(_files, Policy(deny: ["Read(hidden/**)"]), [new JudgedPath(At(path), FileAccessKind.Read)]);
            Assert.Throws<ToolException>(() => door.OpenRead(At(path)));
            Assert.False(door.MayRead(At(path)));
            Assert.Null(door.Stat(At(path)));
        }
    }

    [Fact]
    public void A_file_that_must_be_asked_about_opens_only_for_the_call_that_named_it()
    {
        Assert.Contains("Name it", Assert.Throws<ToolException>(() => Door().OpenRead(At(".env"))).Message);
        using var stream = new GuardedFiles(_files, Policy(), [new JudgedPath(At(".env"), FileAccessKind.Read)]).OpenRead(At(".env"));
        Assert.Equal(1, stream.Length);
    }

    [Fact]
    public void A_private_key_is_known_by_its_first_bytes()
    {
        var named = new GuardedFiles(_files, Policy(), [new JudgedPath(At("key.txt"), FileAccessKind.Read)]);
        Assert.Contains("private key", Assert.Throws<ToolException>(() => named.OpenRead(At("key.txt"))).Message);
    }

    [Fact]
    public void Outside_the_workspace_only_what_the_call_named_can_be_read()
    {
        Assert.Throws<ToolException>(() => Door().OpenRead(At("/etc/passwd")));
        Assert.Throws<ToolException>(() => Door().OpenRead(At("way-out")));
        using var file = new GuardedFiles(_files, Policy(), [new JudgedPath(At("/etc"), FileAccessKind.Read)]).OpenRead(At("/etc/passwd"));
        Assert.NotNull(file);
    }

    [Fact]
    public void A_call_writes_what_it_named_and_nothing_else()
    {
        var door = new GuardedFiles(_files, Policy(), [new JudgedPath(At("a.txt"), FileAccessKind.Write)]);
        door.Write(At("a.txt"), "new"u8);
        Assert.Throws<ToolException>(() => ((IFiles)door).Remove(At("a.txt")));
        Assert.Equal("new", _files.Text("/ws/a.txt"));
        Assert.Throws<ToolException>(() => door.Write(At("b.txt"), "x"u8));
        Assert.Throws<ToolException>(() => new GuardedFiles(_files, Policy(), [new JudgedPath(At(".ssh/id_rsa"), FileAccessKind.Write)]).Write(At(".ssh/id_rsa"), "x"u8));
        new GuardedFiles(_files, Policy(PermissionMode.AcceptEdits), []).Write(At("b.txt"), "x"u8);
        Assert.Equal("x", _files.Text("/ws/b.txt"));
    }

    private GuardedFiles Door(string[]? deny = null, string[]? ask = null) => new(_files, Policy(deny: deny, ask: ask), []);

    private ResolvedPath At(string path) => _files.Resolve(path, "/ws");
}
