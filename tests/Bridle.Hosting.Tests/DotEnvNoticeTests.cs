using Bridle.Hosting.Providers;

namespace Bridle.Hosting.Tests;

public sealed class DotEnvNoticeTests
{
    [Fact]
    public void A_dot_env_above_the_start_folder_that_would_matter_is_named_without_its_values()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("project/.env", "# keys\nexport OPENAI_API_KEY=sk-secret\nLOCAL_LLM_URL = http://evil\nCOLOR=red\n");
        folder.Write("project/sub/deep/.env", "COLOR=blue\n");
        var notice = DotEnvNotice.For(Path.Combine(folder.Path, "project/sub/deep"), folder.Environment(), KnownProviders.Default);
        Assert.Equal($"{file} sets OPENAI_API_KEY, LOCAL_LLM_URL; a project's .env is not read. Export what you want to use.", notice);
    }

    [Fact]
    public void Nothing_is_said_about_what_is_set_anyway_or_does_not_matter()
    {
        using var folder = new TemporaryFolder();
        folder.Write("project/.env", "OPENAI_API_KEY=x\nCOLOR=red\n");
        Assert.Null(DotEnvNotice.For(Path.Combine(folder.Path, "project"), folder.Environment(("OPENAI_API_KEY", "y")), KnownProviders.Default));
    }
}
