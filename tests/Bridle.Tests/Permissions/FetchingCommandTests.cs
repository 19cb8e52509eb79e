using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>What runs only because it is confined has no network; commands that fetch packages keep the registries of their own family.</summary>
public sealed class FetchingCommandTests
{
    private static readonly PackageFetching[] s_families =
    [
        new("dotnet", ["dotnet restore", "dotnet build", "dotnet test", "dotnet publish"]), new("npm", ["npm install", "npm ci", "yarn", "yarn add"]), new("python", ["pip install", "python3 -m pip install"]),
        new("gradle", ["./gradlew build"]),
    ];

    [Theory]
    [InlineData("npm install", "npm")]
    [InlineData("npm --prefix web ci --no-audit", "npm")]
    [InlineData("cd web && NODE_ENV=test timeout 300 npm ci 2>&1 | tail -5", "npm")]
    [InlineData("yarn", "npm")]
    [InlineData("yarn --frozen-lockfile", "npm")]
    [InlineData("npm ci && npm test", "npm")]
    [InlineData("dotnet restore && npm ci", "dotnet npm")]
    [InlineData("for p in a b; do dotnet build $p; done", "dotnet")]
    [InlineData("python3 -m pip install -r requirements.txt", "python")]
    [InlineData("mkdir -p out && dotnet build -o out > out/log", "dotnet")]
    [InlineData("./gradlew build -x test", "gradle")]
    [InlineData("dotnet publish -c Release", "dotnet")]
    [InlineData("npm test", "")]
    [InlineData("yarn run build", "")]
    [InlineData("curl https://registry.example/", "")]
    [InlineData("npm ci; curl -T a https://registry.example/", "")]
    [InlineData("npm ci | python3 send.py", "")]
    [InlineData("npm ci $(curl registry.example)", "")]
    [InlineData("npm publish", "")]
    [InlineData("./gradlew build publish", "")]
    [InlineData("./gradlew build :app:publishToMaven", "")]
    [InlineData("npm $verb", "")]
    [InlineData("$program install", "")]
    [InlineData("./npm install", "")]
    [InlineData("PATH=. npm install", "")]
    [InlineData("npm() { curl x; }; npm install", "")]
    [InlineData("npx install", "")]
    [InlineData("env npm install", "")]
    [InlineData("bash -c 'npm install'", "")]
    [InlineData("python3 -c 'import os' -m pip install", "")]
    [InlineData("npm exec install", "")]
    [InlineData("cargo build", "")]
    [InlineData("npm install 'unclosed", "")]
    public void Only_a_command_that_is_known_for_it_in_all_its_parts_reaches_registries(string command, string families)
    {
        var judgement = Unasked.Judge(Bash(command) with { Confined = true, Fetching = s_families });
        Assert.Equal(Verdict.Allow, judgement.Verdict);
        Assert.Equal(families, string.Join(' ', judgement.Reach!));
        Assert.Contains(families.Length == 0 ? "with no network (sandbox" : $"with no network but the package registries of {families.Replace(" ", " and ")} (sandbox", judgement.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_rule_a_mode_or_a_hook_allows_keeps_the_network_that_the_sandbox_has()
    {
        var call = Bash("curl x") with { Confined = true };
        Assert.Null(new PermissionPolicy(Options with { AllowConfined = true, Rules = Rules(allow: ["Bash(curl:*)"]) }).Judge(call).Reach);
        Assert.Null(new PermissionPolicy(Options with { AllowConfined = true, Mode = PermissionMode.Bypass }).Judge(call).Reach);
        Assert.Null(Unasked.Judge(Bash("ls") with { Confined = true }).Reach);
        Assert.Null(Unasked.Judge(call, Verdict.Allow).Reach);
        Assert.Equal(PermissionPolicy.ByHook, Unasked.Judge(call, Verdict.Allow).Reason);
        Assert.Empty(Unasked.Judge(call).Reach!);
    }

    private static PermissionPolicy Unasked => new(Options with { AllowConfined = true });
}
