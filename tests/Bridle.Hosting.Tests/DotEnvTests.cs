using Bridle.Hosting.Providers;
using Bridle.Hosting.Trust;

namespace Bridle.Hosting.Tests;

public sealed class DotEnvTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Project => Path.Combine(_folder.Path, "project");

    private DotEnv Read(string below = "", bool trustRun = false, params (string, string)[] variables)
    {
        var folder = Path.Combine(Project, below);
        Directory.CreateDirectory(folder);
        return DotEnv.Read(new(FolderTrust.Read(Path.Combine(_folder.Path, "state")), folder, trustRun), _folder.Environment(variables), KnownProviders.Default);
    }

    private void Trust(string below = "") => FolderTrust.Read(Path.Combine(_folder.Path, "state")).Trust(Path.Combine(Project, below), DateTimeOffset.UnixEpoch);

    [Fact]
    public void Nothing_is_said_about_what_is_set_anyway_or_does_not_matter()
    {
        _folder.Write("project/.env", "OPENAI_API_KEY=x\nCOLOR=red\n");
        Assert.Empty(Read("", false, ("OPENAI_API_KEY", "y")).Notices);
    }

    [Fact]
    public void Of_a_trusted_folder_models_providers_local_addresses_and_containers_are_taken_and_the_environment_beats_them()
    {
        _folder.Write("project/.env", "BRIDLE_MODEL='local/a b' # mine\nexport CLAUDE_MODEL=\"c\"\nLOCAL_LLM_MODEL=m # word\nLOCAL_LLM_URL=http://127.0.0.1:9/v1\nSANDBOX_CONTAINER_IMAGE=alpine\nSANDBOX_CONTAINER_WORKSPACE_VOLUME_NAME=v\nHARNESS_INFERENCE_PROVIDER=ollama\n");
        Assert.Empty(Read().Variables);
        Trust();
        var read = Read("", false, ("CLAUDE_MODEL", "mine"));
        Assert.Equal(
            "BRIDLE_MODEL=local/a b|HARNESS_INFERENCE_PROVIDER=ollama|LOCAL_LLM_MODEL=m|LOCAL_LLM_URL=http://127.0.0.1:9/v1|SANDBOX_CONTAINER_IMAGE=alpine|SANDBOX_CONTAINER_WORKSPACE_VOLUME_NAME=v",
            string.Join('|', read.Variables.Select(variable => $"{variable.Key}={variable.Value}").Order(StringComparer.Ordinal)));
        Assert.Empty(read.Notices);
        Assert.Equal("c", Read(trustRun: true).Variables["CLAUDE_MODEL"]);
    }

    [Theory]
    [InlineData("OPENAI_API_KEY", "sk-1", true)]
    [InlineData("ANTHROPIC_BASE_URL", "http://127.0.0.1", true)]
    [InlineData("LOCAL_LLM_URL", "http://evil.example/v1", true)]
    [InlineData("HARNESS_ROOT_DIRS_NAME", "evil", true)]
    [InlineData("BRIDLE_HOME", "./.bridle-evil", false)]
    [InlineData("XDG_CONFIG_HOME", "/evil", true)]
    [InlineData("SANDBOX_CONTAINER_RUNTIME_EXECUTABLE", "./evil", true)]
    [InlineData("BRIDLE_SANDBOX", "off", false)]
    [InlineData("LD_PRELOAD", "evil.so", false)]
    [InlineData("DOTNET_STARTUP_HOOKS", "evil.dll", false)]
    [InlineData("NODE_OPTIONS", "--require evil", false)]
    [InlineData("PATH", "/evil", false)]
    public void What_no_project_may_set_is_not_taken_from_a_trusted_folder_either(string name, string value, bool said)
    {
        var file = _folder.Write("project/.env", $"{name}={value}\n");
        Trust();
        var read = Read();
        Assert.Empty(read.Variables);
        Assert.Equal(said ? [$"{file} sets {name}, which no project may set. Export what you want to use."] : [], read.Notices);
    }

    [Fact]
    public void The_nearer_file_counts_and_a_parent_only_when_it_is_trusted_itself()
    {
        _folder.Write("project/.env", "BRIDLE_MODEL=far\nCLAUDE_MODEL=far\n");
        _folder.Write("project/sub/.env", "BRIDLE_MODEL=near\n");
        Trust("sub");
        Assert.Equal("BRIDLE_MODEL=near", string.Join(' ', Read("sub").Variables.Select(variable => $"{variable.Key}={variable.Value}")));
        Trust();
        Assert.Equal("BRIDLE_MODEL=near CLAUDE_MODEL=far", string.Join(' ', Read("sub").Variables.Select(variable => $"{variable.Key}={variable.Value}").Order()));
    }

    [Fact]
    public void Trust_for_one_run_reaches_up_to_the_root_of_the_repository()
    {
        Directory.CreateDirectory(Path.Combine(Project, ".git"));
        _folder.Write(".env", "CLAUDE_MODEL=above\n");
        _folder.Write("project/.env", "BRIDLE_MODEL=root\n");
        var read = DotEnv.Read(
            new(FolderTrust.Read(Path.Combine(_folder.Path, "state")), Directory.CreateDirectory(Path.Combine(Project, "sub")).FullName, true),
            _folder.Environment() with { Home = "/elsewhere" }, KnownProviders.Default);
        Assert.Equal("BRIDLE_MODEL=root", string.Join(' ', read.Variables.Select(variable => $"{variable.Key}={variable.Value}")));
    }
}
