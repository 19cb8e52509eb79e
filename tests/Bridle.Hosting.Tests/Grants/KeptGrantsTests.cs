using Bridle.Hosting.Grants;
using Bridle.Permissions;

namespace Bridle.Hosting.Tests.Grants;

public sealed class KeptGrantsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => Path.Combine(_folder.Path, "state", "grants.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_granted_is_there_for_the_next_process_in_a_file_of_its_owner_alone()
    {
        var grants = new KeptGrants(FilePath);
        Assert.Null(grants.Add(Grant("a1", "Bash(npm test)")));
        Assert.Null(grants.Add(Grant("b2", "Edit(//ws/a.md)", GrantLifetime.Project, "/ws")));
        var (read, problem) = new KeptGrants(FilePath).Read();
        Assert.Null(problem);
        Assert.Equal([Grant("a1", "Bash(npm test)"), Grant("b2", "Edit(//ws/a.md)", GrantLifetime.Project, "/ws")], read);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        }
    }

    [Fact]
    public void A_revoked_grant_is_gone_and_the_others_stay()
    {
        var grants = new KeptGrants(FilePath);
        grants.Add(Grant("a1", "Bash(npm test)"));
        grants.Add(Grant("b2", "Bash(make)"));
        Assert.Equal((true, null), grants.Remove("a1"));
        Assert.Equal((false, null), grants.Remove("a1"));
        Assert.Equal(["b2"], grants.Read().Grants.Select(grant => grant.Id));
    }

    [Fact]
    public void The_same_grant_given_again_is_kept_once()
    {
        var grants = new KeptGrants(FilePath);
        grants.Add(Grant("a1", "Bash(npm test)"));
        grants.Add(Grant("a2", "Bash(npm test)"));
        Assert.Equal(["a2"], grants.Read().Grants.Select(grant => grant.Id));
    }

    [Theory]
    [InlineData("{\"id\":\"a1\"")]
    [InlineData("not json\n")]
    [InlineData("{\"id\":\"a1\",\"actor\":\"main\",\"capability\":\"*\",\"lifetime\":\"always\",\"given_at\":\"2026-11-21T12:00:00+00:00\"}\n")]
    [InlineData("{\"id\":\"a1\",\"actor\":\"main\",\"capability\":\"Bash\",\"lifetime\":\"forever\",\"given_at\":\"2026-11-21T12:00:00+00:00\"}\n")]
    [InlineData("{\"id\":\"a1\",\"actor\":\"main\",\"capability\":\"Bash\",\"lifetime\":\"project\",\"given_at\":\"2026-11-21T12:00:00+00:00\"}\n")]
    [InlineData("null\n")]
    public void A_damaged_file_opens_nothing_is_reported_and_is_left_as_it_is(string damage)
    {
        new KeptGrants(FilePath).Add(Grant("good", "Bash(make)"));
        File.AppendAllText(FilePath, damage);
        var before = File.ReadAllText(FilePath);
        var (read, problem) = new KeptGrants(FilePath).Read();
        Assert.Empty(read);
        Assert.Contains(FilePath, problem);
        Assert.Contains(FilePath, new KeptGrants(FilePath).Add(Grant("a9", "Bash(npm test)")));
        Assert.Equal(before, File.ReadAllText(FilePath));
    }

    [Fact]
    public void A_file_that_others_may_write_opens_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such modes.");
        new KeptGrants(FilePath).Add(Grant("a1", "Bash(make)"));
        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
        Assert.Empty(new KeptGrants(FilePath).Read().Grants);
        Assert.Contains("others", new KeptGrants(FilePath).Read().Problem);
    }

    [Fact]
    public async Task Grants_given_at_the_same_time_are_all_kept()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Assert.Null(new KeptGrants(FilePath).Add(Grant($"g{i}", $"Bash(make {i})"))))));
        Assert.Equal(8, new KeptGrants(FilePath).Read().Grants.Count);
    }

    private static PermissionGrant Grant(string id, string rule, GrantLifetime lifetime = GrantLifetime.Always, string? folder = null) =>
        PermissionGrant.Of(id, PermissionGrant.MainActor, rule, lifetime, new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero)) with { Folder = folder };
}
