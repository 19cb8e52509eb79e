using Bridle.Hosting.Trust;

namespace Bridle.Hosting.Tests.Trust;

public sealed class FolderTrustTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string State => Path.Combine(_folder.Path, "state");

    private string Make(string name) => Directory.CreateDirectory(Path.Combine(_folder.Path, name)).FullName;

    private FolderTrust Read() => FolderTrust.Read(State);

    [Fact]
    public void A_folder_is_trusted_from_when_it_is_trusted_until_that_is_revoked_also_by_later_starts()
    {
        var work = Make("work");
        Assert.False(Read().IsTrusted(work));
        Read().Trust(work, At);
        Assert.True(Read().IsTrusted(work));
        Assert.True(Read().IsTrusted(work + "/"));
        Assert.Equal((work, At), (Read().Folders.Single().Path, Read().Folders.Single().At));
        Assert.True(Read().Revoke(work));
        Assert.False(Read().IsTrusted(work));
        Assert.False(Read().Revoke(work));
    }

    [Fact]
    public void What_is_revoked_while_a_question_waits_does_not_come_back_with_its_answer()
    {
        var (one, other, third) = (Make("one"), Make("other"), Make("third"));
        Read().Trust(one, At);
        var (waiting, declining, approving) = (Read(), Read(), Read());

        Assert.True(Read().Revoke(one));
        waiting.Trust(other, At);
        declining.Decline(third, "x");
        approving.Accept(other, At, [("hook", "a")]);

        Assert.False(Read().IsTrusted(one));
        Assert.True(Read().IsTrusted(other));
        Assert.True(Read().IsApproved(other, "hook", "a"));
        Assert.True(Read().WasDeclined(third, "x"));
    }

    [Fact]
    public void Folders_that_are_trusted_at_once_are_all_trusted()
    {
        var folders = Enumerable.Range(0, 12).Select(number => Make($"f{number}")).ToList();
        var stores = folders.ConvertAll(_ => Read());
        Parallel.For(0, folders.Count, number => stores[number].Accept(folders[number], At, [("hook", $"{number}")]));
        Assert.All(folders, folder => Assert.True(Read().IsTrusted(folder)));
    }

    [Fact]
    public void A_link_is_trusted_as_what_it_leads_to_and_not_by_its_name()
    {
        var (work, other, link) = (Make("work"), Make("other"), Path.Combine(_folder.Path, "link"));
        Directory.CreateSymbolicLink(link, work);
        Read().Trust(link, At);
        Assert.True(Read().IsTrusted(work));
        Directory.Delete(link);
        Directory.CreateSymbolicLink(link, other);
        Assert.False(Read().IsTrusted(link));
        Assert.True(Read().IsTrusted(work));
    }

    [Fact]
    public void A_trusted_path_that_became_a_link_elsewhere_is_not_trusted()
    {
        var (work, other) = (Make("work"), Make("other"));
        Read().Trust(work, At);
        Directory.Delete(work);
        Directory.CreateSymbolicLink(work, other);
        Assert.False(Read().IsTrusted(work));
    }

    [Fact]
    public void Another_folder_in_the_place_of_a_trusted_one_is_not_trusted_and_neither_is_the_moved_one()
    {
        var work = Make("work");
        Read().Trust(work, At);
        Directory.Move(work, work + "-moved");
        Assert.False(Read().IsTrusted(work + "-moved"));
        Directory.CreateDirectory(work);
        Assert.False(Read().IsTrusted(work));
        Read().Trust(work, At);
        Assert.True(Read().IsTrusted(work));
        Assert.Single(Read().Folders);
    }

    [Fact]
    public void Trust_covers_the_folders_of_the_same_repository_and_no_other()
    {
        var repository = Make("repository");
        Make("repository/.git");
        var inside = Make("repository/src/deep");
        var nested = Make("repository/vendor/other");
        Make("repository/vendor/other/.git");
        var (plain, below) = (Make("plain"), Make("plain/below"));
        Read().Trust(repository, At);
        Read().Trust(plain, At);
        Assert.True(Read().IsTrusted(inside));
        Assert.False(Read().IsTrusted(nested));
        Assert.False(Read().IsTrusted(below));
        Assert.False(Read().IsTrusted(_folder.Path));
        Read().Revoke(repository);
        Read().Trust(inside, At);
        Assert.False(Read().IsTrusted(repository));
    }

    [Fact]
    public void A_folder_whose_name_begins_like_a_trusted_one_is_not_trusted()
    {
        var work = Make("work");
        Make("work/.git");
        Read().Trust(work, At);
        Assert.False(Read().IsTrusted(Make("work-evil")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("{ \"trusted\": [] }")]
    [InlineData("{ \"trusted\": [null], \"declined\": [] }")]
    [InlineData("{ \"trusted\": [{ \"path\": \"/\" }], \"declined\": [] }")]
    [InlineData("{ \"trusted\": [{ \"path\": \"relative\", \"identity\": \"\", \"at\": \"2026-01-01T00:00:00Z\", \"approved\": [] }], \"declined\": [] }")]
    public void A_damaged_file_trusts_nothing_says_so_and_is_not_written_over(string text)
    {
        var work = Make("work");
        Read().Trust(work, At);
        File.WriteAllText(Path.Combine(State, "trust.json"), text);
        Assert.False(Read().IsTrusted(work));
        Assert.Contains("no folder is trusted", Read().Problem);
        Assert.Throws<IOException>(() => Read().Trust(work, At));
        Assert.Equal(text, File.ReadAllText(Path.Combine(State, "trust.json")));
    }

    [Fact]
    public void The_file_is_for_its_owner_only()
    {
        Read().Trust(Make("work"), At);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(State, "trust.json")));
        Assert.Equal(["trust.json", "trust.json.lock"], Directory.GetFileSystemEntries(State).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void An_approval_holds_for_the_very_content_and_ends_with_the_trust()
    {
        var work = Make("work");
        var trust = Read();
        trust.Trust(work, At);
        trust.Approve(work, [("hook", "echo 1"), ("hook", "echo 2")]);
        Assert.True(Read().IsApproved(work, "hook", "echo 1"));
        Assert.False(Read().IsApproved(work, "hook", "echo 1 "));
        Assert.False(Read().IsApproved(work, "mcp", "echo 1"));
        trust = Read();
        trust.Trust(work, At.AddDays(1));
        Assert.True(Read().IsApproved(work, "hook", "echo 2"));
        trust.Revoke(work);
        Assert.False(Read().IsApproved(work, "hook", "echo 1"));
        Assert.Throws<InvalidOperationException>(() => Read().Approve(work, [("hook", "x")]));
    }

    [Fact]
    public void A_no_is_remembered_for_what_was_shown()
    {
        var work = Make("work");
        Read().Decline(work, "hook a");
        Assert.True(Read().WasDeclined(work, "hook a"));
        Assert.False(Read().WasDeclined(work, "hook b"));
        Assert.False(Read().IsTrusted(work));
        Read().Trust(work, At);
        Assert.True(Read().IsTrusted(work));
    }

    [Fact]
    public void Trust_for_one_run_stores_nothing()
    {
        var work = Make("work");
        var run = new WorkingTrust(Read(), work, ForThisRun: true);
        Assert.True(run.IsTrusted && run.MayRun("hook", "anything"));
        Assert.False(new WorkingTrust(Read(), work, ForThisRun: false).IsTrusted);
        Assert.False(Directory.Exists(State));
    }
}
