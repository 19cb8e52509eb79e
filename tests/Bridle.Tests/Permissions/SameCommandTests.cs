using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>A program's second names: a rule that denies or asks hears them all, one that allows hears what it says.</summary>
public sealed class SameCommandTests
{
    public static TheoryData<string, string> Spellings => new()
    {
        { "npm install", "npm i x" }, { "npm install", "npm add x" }, { "npm install", "npm in x" }, { "npm install", "npm insta x" }, { "npm install", "npm isntall x" }, { "npm i", "npm install x" }, { "npm install", "npm --prefix sub i x" },
        { "npm install", "npm -g i x" }, { "npm publish", "npm pub" }, { "npm publish", "npm publi" }, { "npm publish", "npx npm@10 publish" }, { "npm publish", "npx -y npm@latest pub" }, { "npm publish", "sudo npm pub" },
        { "npm publish", "sh -c 'npm pub'" }, { "npm uninstall", "npm rm x" }, { "npm uninstall", "npm un x" }, { "npm uninstall", "npm r x" }, { "npm uninstall", "npm unlink x" }, { "npm run", "npm run-script x" }, { "npm run", "npm urn x" },
        { "npm exec", "npm x y" }, { "rm", "npm exe rm x" }, { "npm ci", "npm clean-install" }, { "npm ci", "npm install-cl" }, { "npm ci", "npm ic" }, { "npm test", "npm t" }, { "npm test", "npm tes" }, { "npm install-test", "npm installTest" }, { "npm update", "npm up" },
        { "pnpm install", "pnpm i" }, { "pnpm remove", "pnpm un x" }, { "yarn upgrade", "yarn up x" }, { "bun add", "bun a x" },
        { "rimraf", "npx rimraf@5 x" }, { "rimraf", "bunx rimraf@5 x" }, { "rimraf", "pnpm dlx rimraf@5 x" }, { "ruff", "uvx ruff@0.1 check" }, { "tool", "npx @scope/tool@1 x" },
        { "pip install", "python3 -m pip install x" }, { "pip install", "python -m pip install x" }, { "pip install", "python3.12 -I -W ignore -mpip install x" }, { "pip install", "pip3 install x" }, { "pip install", "pip3.12 install x" },
        { "pip install", "uv pip install x" }, { "pip install", "timeout 60 python3 -m pip install x" }, { "pytest", "python -m pytest x" },
        { "docker rm", "docker container rm x" }, { "docker run", "docker container run x" }, { "docker rmi", "docker image rm x" }, { "docker container rm", "docker rm x" }, { "docker ps", "docker container ls" }, { "docker build", "docker buildx build ." },
        { "docker rm", "docker --context y container rm x" }, { "docker compose up", "docker-compose up" }, { "docker-compose up", "docker compose up -d" },
        { "cargo build", "cargo b" }, { "cargo build", "cargo +nightly b" }, { "brew uninstall", "brew rm x" }, { "apt-get install", "apt install x" }, { "apt install", "sudo apt-get install x" }, { "apt install", "sudo apt-get -y install x" },
        { "helm uninstall", "helm del x" }, { "svn commit", "svn ci" }, { "hg push", "hg pus" }, { "dnf install", "yum in x" }, { "git push", "git subtree push --prefix x origin y" }, { "git push", "git send-pack host:x" }, { "git push", "git -C x send-pack y" },
        { "dotnet add package", "dotnet package add x" }, { "conda remove", "conda uninstall x" }, { "npm install", "npm {i,x} y" }, { "npm install", "v=i; npm $v y" },
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public void A_rule_that_denies_or_asks_hears_every_spelling(string rule, string command)
    {
        Assert.Equal(Verdict.Deny, Policy(PermissionMode.Bypass, deny: [$"Bash({rule}:*)"], allow: ["Bash"]).Judge(Bash(command)).Verdict);
        Assert.Equal(Verdict.Ask, Policy(PermissionMode.Bypass, ask: [$"Bash({rule}:*)"], allow: ["Bash"]).Judge(Bash(command)).Verdict);
    }

    [Theory]
    [InlineData("npm install", "npm i x")]
    [InlineData("npm i", "npm install x")]
    [InlineData("pip install", "python3 -m pip install x")]
    [InlineData("docker rm", "docker container rm x")]
    [InlineData("rimraf", "rimraf@5 x")]
    public void A_rule_that_allows_hears_what_it_says(string rule, string command) =>
        Assert.Equal(Verdict.Ask, Policy(allow: [$"Bash({rule}:*)"]).Judge(Bash(command)).Verdict);

    [Theory]
    [InlineData("npm install", "npm run i")]
    [InlineData("npm install", "npm test")]
    [InlineData("npm publish", "npm p")]
    [InlineData("npm uninstall", "npm run rm")]
    [InlineData("docker rm", "docker container ls")]
    [InlineData("docker rm", "docker run --rm x")]
    [InlineData("pip install", "python3 -m venv x")]
    [InlineData("pip install", "python3 x.py -m pip install")]
    [InlineData("cargo build", "cargo bench")]
    [InlineData("git push", "git subtree pull --prefix x origin y")]
    [InlineData("apt install", "apt-get update")]
    public void A_rule_about_another_verb_does_not(string rule, string command) =>
        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass, deny: [$"Bash({rule}:*)"]).Judge(Bash(command)).Verdict);

    [Fact]
    public void The_names_of_one_program_are_in_one_group_each()
    {
        foreach (var program in (string[])["npm", "pnpm", "docker", "brew", "svn", "dnf"])
        {
            Assert.NotNull(VerbNames.Of(program));
        }

        Assert.DoesNotContain("start", VerbNames.Of("npm")!.OthersOf("star", null).Select(one => one.Name));
    }
}
