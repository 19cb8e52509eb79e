using Bridle.Hosting.Providers;

namespace Bridle.Hosting.Tests.Providers;

public sealed class CredentialsTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public void A_stored_key_comes_back_and_only_its_owner_may_read_the_file()
    {
        using var folder = new TemporaryFolder();
        var credentials = new Credentials(Path.Combine(folder.Path, "config", "credentials.json"));
        credentials.Store("openai", "k1");
        credentials.Store("anthropic", "k2");
        credentials.Store("openai", "k3");
        var (keys, problem) = credentials.Read();
        Assert.Null(problem);
        Assert.Equal([("anthropic", "k2"), ("openai", "k3")], keys.OrderBy(key => key.Key).Select(key => (key.Key, key.Value)));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(credentials.Path));
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(credentials.Path)!));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(credentials.Path)!));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_file_that_others_may_read_or_change_is_refused_with_what_to_do(UnixFileMode others)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("credentials.json", """{ "openai": { "key": "k" } }""");
        File.SetUnixFileMode(path, OwnerOnly | others);
        var (keys, problem) = new Credentials(path).Read();
        Assert.Empty(keys);
        Assert.Contains($"`chmod 600 {path}`", problem);
        Assert.Equal(OwnerOnly | others, File.GetUnixFileMode(path));
        File.SetUnixFileMode(path, OwnerOnly);
        Assert.Equal("k", new Credentials(path).Read().Keys["openai"]);
    }

    [Fact]
    public void A_broken_file_is_reported_without_its_content_and_not_overwritten()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("credentials.json", "{ sk-secret");
        var credentials = new Credentials(path);
        var (keys, problem) = credentials.Read();
        Assert.Empty(keys);
        Assert.DoesNotContain("sk-secret", problem);
        Assert.Throws<IOException>(() => credentials.Store("openai", "k"));
        Assert.Equal("{ sk-secret", File.ReadAllText(path));
    }

    [Fact]
    public void Without_a_file_there_are_no_keys() => Assert.Empty(new Credentials("/nowhere/credentials.json").Read().Keys);
}
