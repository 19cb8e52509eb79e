using Bridle.Sandboxing;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Tests.Sandboxing;

/// <summary>Credentials of the person's own programs are none of a command's that nobody was asked about, but for a toolchain's own that fetches.</summary>
public sealed class CredentialPlacesTests : IDisposable
{
    private readonly Confined _here = new();

    public void Dispose() => _here.Dispose();

    public static TheoryData<string, string?> Rows => [.. SecretPlaces.UnaskedOf(["/h"]).Select(one => new TheoryDataRow<string, string?>(one.Path["/h/".Length..], one.Toolchain))];

    // Row by row: what an audit found readable stands here by hand, so that none of them goes missing.
    [Theory]
    [InlineData(".nuget/NuGet", "dotnet")]
    [InlineData(".config/NuGet", "dotnet")]
    [InlineData(".npmrc", "npm")]
    [InlineData(".m2/settings.xml", "maven")]
    [InlineData(".gradle/gradle.properties", "gradle")]
    [InlineData(".cargo/config.toml", "cargo")]
    [InlineData(".config/pip/pip.conf", "python")]
    [InlineData(".config/sops/age", null)]
    [InlineData(".config/github-copilot", null)]
    [InlineData(".local/share/opencode/auth.json", null)]
    [InlineData(".config/composer/auth.json", null)]
    [InlineData(".pulumi/credentials.json", null)]
    [InlineData(".kaggle", null)]
    [InlineData(".cache/huggingface/token", null)]
    [InlineData(".authinfo", null)]
    [InlineData(".msmtprc", null)]
    [InlineData(".config/fish/fish_variables", null)]
    [InlineData(".aws-vault", null)]
    [InlineData(".env", null)]
    public void What_programs_keep_in_a_home_folder_is_in_the_table(string place, string? toolchain) =>
        Assert.Contains(new CredentialPlace($"/h/{place}", toolchain), SecretPlaces.UnaskedOf(["/h"]));

    [Theory]
    [MemberData(nameof(Rows))]
    public void Each_is_hidden_from_what_nobody_was_asked_about_but_its_own_toolchain(string place, string? toolchain)
    {
        var path = Path.Combine(_here.Outer, place);
        var shown = new SandboxMount(path, _here.In("shown"), Writable: false);
        var sandbox = new Recording();
        var inForce = new SandboxInForce(sandbox, _here.Profile with { Credentials = SecretPlaces.UnaskedOf([_here.Outer]), Mounts = [shown] });
        SandboxProfile For(string[]? reach)
        {
            inForce.Confine(new LocalProcesses(), inForce.Plan, reach: reach);
            return sandbox.Last!;
        }

        Assert.Contains(path, For([]).Masked);
        Assert.Empty(For([]).Mounts);
        Assert.DoesNotContain(path, For(null).Masked);
        Assert.Equal([shown], For(null).Mounts);
        if (toolchain is not null)
        {
            Assert.DoesNotContain(path, For([toolchain]).Masked);
            Assert.Equal([shown], For([toolchain]).Mounts);
            Assert.Contains(path, For(["another"]).Masked);
        }
    }

    private sealed class Recording : ISandbox
    {
        public SandboxProfile? Last { get; private set; }

        public string Name => "recording";

        public bool HasProxy => true;

        public SandboxProbe Probe() => new(true, "");

        public SandboxProbe Look() => Probe();

        public IsolationPlan Plan(SandboxProfile profile) => BubblewrapSandbox.Shared.Plan(profile);

        public IProcesses Confine(IProcesses processes, SandboxProfile profile)
        {
            Last = profile;
            return processes;
        }
    }
}
