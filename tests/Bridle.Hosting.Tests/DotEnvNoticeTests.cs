using Bridle.Hosting.Providers;
using Bridle.Hosting.Trust;

namespace Bridle.Hosting.Tests;

public sealed class DotEnvNoticeTests
{
    [Fact]
    public void A_dot_env_above_the_start_folder_that_would_matter_is_named_without_its_values()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("project/.env", "# keys\nexport OPENAI_API_KEY=sk-secret\nLOCAL_LLM_URL = http://evil\nCOLOR=red\n");
        folder.Write("project/sub/deep/.env", "COLOR=blue\n");
        var trust = new WorkingTrust(FolderTrust.Read(Path.Combine(folder.Path, "state")), Path.Combine(folder.Path, "project/sub/deep"), false);
        var read = DotEnv.Read(trust, folder.Environment(), KnownProviders.Default);
        Assert.Empty(read.Variables);
        Assert.Equal($"{file} sets OPENAI_API_KEY, LOCAL_LLM_URL; the .env of a folder that is not trusted is not read. Export what you want to use, or see `bridle trust`.", Assert.Single(read.Notices));
    }

    [Fact]
    public void What_a_trusted_dot_env_may_not_move_or_change_is_named_also_where_the_alias_set_its_own_folder()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("project/.env", "HARNESS_ROOT_DIRS_NAME=foo\nXDG_DATA_HOME=/x\nXDG_STATE_HOME=/y\nXDG_CONFIG_HOME=/z\nHARNESS_HTTP_TIMEOUT_SECS=1\nHARNESS_OPENAI_EXTRA_BODY={}\n");
        var trust = new WorkingTrust(FolderTrust.Read(Path.Combine(folder.Path, "state")), Path.Combine(folder.Path, "project"), true);
        var read = DotEnv.Read(trust, folder.Environment((BridleFolders.RootVariable, BridleFolders.SeedRoot)), KnownProviders.Default);
        Assert.Empty(read.Variables);
        Assert.Equal(
            $"{file} sets HARNESS_ROOT_DIRS_NAME, XDG_DATA_HOME, XDG_STATE_HOME, XDG_CONFIG_HOME, HARNESS_HTTP_TIMEOUT_SECS, HARNESS_OPENAI_EXTRA_BODY, which no project may set. Export what you want to use.",
            Assert.Single(read.Notices));
    }
}
