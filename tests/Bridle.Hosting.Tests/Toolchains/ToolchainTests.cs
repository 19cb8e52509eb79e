using Bridle.Hosting.Assembly;
using Bridle.Hosting.Settings;
using Bridle.Hosting.Toolchains;
using Bridle.Hosting.Trust;
using Bridle.Sandboxing;

namespace Bridle.Hosting.Tests.Toolchains;

public sealed class ToolchainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _variables = [];

    public void Dispose() => _folder.Dispose();

    private string Home => Path.Combine(_folder.Path, "home");

    private string Work => Path.Combine(_folder.Path, "work");

    private HostEnvironment Environment => new(_variables, Home, Work, HostPlatform.Linux);

    [Theory]
    [InlineData("app.csproj", "dotnet")]
    [InlineData("src/App/App.fsproj", "dotnet")]
    [InlineData("web/package.json", "npm")]
    [InlineData("requirements-dev.txt", "python")]
    [InlineData("pyproject.toml", "python")]
    [InlineData("Cargo.toml", "cargo")]
    [InlineData("go.mod", "go")]
    [InlineData("pom.xml", "maven")]
    [InlineData("settings.gradle.kts", "gradle")]
    public void A_toolchain_is_known_by_its_files(string file, string name)
    {
        Put($"work/{file}", "");
        Assert.Equal([name], Plan().Names);
        Assert.All(Toolchain.Known.Single(one => one.Name == name).Hosts, host => Assert.True(Reaches(Plan(), host)));
    }

    [Theory]
    [InlineData("node_modules/x/package.json")]
    [InlineData(".hidden/package.json")]
    [InlineData("a/b/c/d/package.json")]
    public void Files_of_dependencies_and_deep_ones_are_no_sign(string file)
    {
        Put($"work/{file}", "");
        Assert.Empty(Plan().Names);
    }

    [Fact]
    public void In_an_empty_folder_what_is_installed_counts_and_elsewhere_only_what_is_used()
    {
        Put("bin/npm", "");
        Put("bin/cargo", "");
        _variables["PATH"] = Path.Combine(_folder.Path, "bin");
        Directory.CreateDirectory(Work);
        Assert.Equal(["npm", "cargo"], Plan().Names);
        Put("work/go.mod", "");
        Assert.Equal(["go"], Plan().Names);
    }

    [Fact]
    public void Settings_name_them_before_files_do()
    {
        Put("work/package.json", "{}");
        Assert.Equal(["go"], Plan(["go"]).Names);
        Assert.Same(ToolchainPlan.None, Plan([]));
    }

    [Fact]
    public void Every_cache_lies_in_the_workspace_s_own_folder_and_another_workspace_has_another()
    {
        var names = Toolchain.Known.Select(one => one.Name).ToList();
        var plan = Plan(names);
        var writable = Assert.Single(plan.Mounts, mount => mount.Writable);
        Assert.StartsWith(Path.Combine(Home, ".cache", "bridle", "toolchains"), writable.Target, StringComparison.Ordinal);
        foreach (var variable in Toolchain.Known.SelectMany(one => one.Caches.Keys))
        {
            Assert.StartsWith(writable.Target + "/", plan.Environment[variable], StringComparison.Ordinal);
        }

        Assert.NotEqual(writable.Target, ToolchainPlan.For(Environment, Work + "2", names, isTrusted: false).Mounts[0].Target);
    }

    [Fact]
    public void The_person_s_own_caches_and_configuration_are_shown_and_cannot_be_changed()
    {
        Put("home/.nuget/packages/x/1.0.0/x.nuspec", "");
        Put("home/.nuget/NuGet/NuGet.Config", "<configuration/>");
        Put("home/.cargo/config.toml", "");
        var plan = Plan(["dotnet", "cargo"]);
        Assert.Equal(Path.Combine(Home, ".nuget/packages"), plan.Environment["NUGET_FALLBACK_PACKAGES"]);
        Assert.All(plan.Mounts.Where(mount => mount.Source.StartsWith(Path.Combine(Home, ".nuget"), StringComparison.Ordinal) || mount.Source.Contains(".cargo", StringComparison.Ordinal)), mount => Assert.False(mount.Writable));
        Assert.Equal(3, plan.Mounts.Count);
    }

    [Fact]
    public void A_link_that_a_command_left_in_the_cache_is_not_followed()
    {
        Put("home/.nuget/NuGet/NuGet.Config", "<configuration/>");
        var cache = Plan(["dotnet"]).Mounts[0].Target;
        var victim = Directory.CreateDirectory(Path.Combine(_folder.Path, "victim")).FullName;
        Directory.Delete(Path.Combine(cache, "dotnet/home"), recursive: true);
        Directory.CreateSymbolicLink(Path.Combine(cache, "dotnet/home"), victim);
        var plan = Plan(["dotnet"]);
        Assert.Empty(Directory.EnumerateFileSystemEntries(victim));
        Assert.Null(new FileInfo(plan.Environment["DOTNET_CLI_HOME"]).LinkTarget);
    }

    [Theory]
    [InlineData("dotnet", "home/.nuget/NuGet/NuGet.Config", """<configuration><packageSources><add key="c" value="https://mirror.corp.example/v3/index.json" /></packageSources></configuration>""")]
    [InlineData("npm", "home/.npmrc", "always-auth=true\nregistry=https://mirror.corp.example/npm/\n")]
    [InlineData("npm", "home/.npmrc", "@corp:registry=https://mirror.corp.example/npm/")]
    [InlineData("npm", "home/.yarnrc.yml", "npmRegistryServer: \"https://mirror.corp.example\"")]
    [InlineData("python", "home/.config/pip/pip.conf", "[global]\nindex-url = https://mirror.corp.example/simple\n")]
    [InlineData("cargo", "home/.cargo/config.toml", "[source.corp]\nregistry = \"sparse+https://mirror.corp.example/index/\"\n")]
    [InlineData("go", "home/.config/go/env", "GOPROXY=https://mirror.corp.example,direct\n")]
    [InlineData("maven", "home/.m2/settings.xml", "<settings xmlns=\"http://maven.apache.org/SETTINGS/1.0.0\"><mirrors><mirror><id>c</id><url>https://mirror.corp.example/maven</url></mirror></mirrors></settings>")]
    [InlineData("gradle", "home/.gradle/init.gradle", "allprojects { repositories { maven { url 'https://mirror.corp.example/maven' } } }")]
    public void A_mirror_in_the_person_s_own_configuration_may_be_reached_also_in_a_private_network(string toolchain, string file, string text)
    {
        Put(file, text);
        var rule = Plan([toolchain]).Registries.Judge("mirror.corp.example", 443).Rule;
        Assert.True(rule?.MayBePrivate, "not read");
        Assert.False(Reaches(Plan([toolchain]), "maven.apache.org"));
    }

    [Theory]
    [InlineData("npm", "npm_config_registry", "https://mirror.corp.example/npm/")]
    [InlineData("python", "PIP_INDEX_URL", "https://mirror.corp.example/simple")]
    [InlineData("go", "GOPROXY", "https://mirror.corp.example|direct")]
    public void A_mirror_in_a_variable_may_be_reached_and_the_variable_is_passed_on(string toolchain, string name, string value)
    {
        _variables[name] = value;
        Assert.True(Reaches(Plan([toolchain]), "mirror.corp.example"));
        Assert.Contains(name, Plan([toolchain]).Passed);
    }

    [Theory]
    [InlineData("dotnet", "nuget.config", """<configuration><packageSources><add key="c" value="https://mirror.corp.example/v3/index.json" /></packageSources></configuration>""")]
    [InlineData("npm", ".npmrc", "registry=https://mirror.corp.example/npm/\n")]
    [InlineData("cargo", ".cargo/config.toml", "index = \"https://mirror.corp.example/index/\"\n")]
    public void A_registry_that_a_project_names_counts_only_when_it_is_trusted_and_never_in_a_private_network(string toolchain, string file, string text)
    {
        Put($"work/{file}", text);
        Assert.False(Reaches(Plan([toolchain]), "mirror.corp.example"));
        var trusted = ToolchainPlan.For(Environment, Work, [toolchain], isTrusted: true).Registries.Judge("mirror.corp.example", 443).Rule;
        Assert.NotNull(trusted);
        Assert.False(trusted.MayBePrivate);
    }

    [Fact]
    public async Task A_registry_that_was_written_after_the_folder_was_trusted_is_not_opened()
    {
        const string Add = "<configuration><packageSources><add key=\"c\" value=\"https://{0}/v3/index.json\" /></packageSources></configuration>";
        Put("home/.config/bridle/settings.json", """{ "sandbox": { "toolchains": ["dotnet"] } }""");
        Put("work/nuget.config", string.Format(System.Globalization.CultureInfo.InvariantCulture, Add, "seen.example"));
        var request = new HarnessRequest(Environment, Work);
        HostFiles Files() => HostFiles.Read(request);
        bool Opens(string host) => Reaches(ToolchainPlan.For(Environment, Work, ["dotnet"], Files().Trust.IsTrusted, isApproved: one => Files().Trust.MayRun(ProjectPrograms.Registry, one)), host);
        async Task<string> DoorsAsync(HarnessRequest wanted)
        {
            await using var doors = SandboxDoors.Open(wanted, HostFiles.Read(wanted), Work, []);
            return doors.AddTo(new SandboxProfile { Workspace = Work }).Network is SandboxNetwork.Proxy proxy ? proxy.Rules : "";
        }

        Assert.False(Opens("seen.example"));
        var closed = await DoorsAsync(request);
        Directory.CreateDirectory(BridleFolders.For(Environment).State);
        TrustQuestion.For(Files())!.Accept(Files().Trust, DateTimeOffset.UnixEpoch);
        Assert.True(Opens("seen.example"));
        Assert.NotEqual(closed, await DoorsAsync(request));

        Put("work/nuget.config", string.Format(System.Globalization.CultureInfo.InvariantCulture, Add, "planted.example"));
        Assert.False(Opens("planted.example") || Opens("seen.example"));
        Assert.Equal(closed, await DoorsAsync(request));
        Assert.Contains(TrustQuestion.For(Files())!.Gains, gain => gain.Contains("planted.example", StringComparison.Ordinal));
        Assert.NotEqual(closed, await DoorsAsync(request with { TrustFolder = true }));
    }

    [Theory]
    [InlineData("{}", true)]
    [InlineData("""{ "allowManagedPermissionRulesOnly": true }""", false)]
    public async Task A_flag_opens_no_host_where_only_the_administrators_rules_allow_anything(string managed, bool opens)
    {
        Put("etc/managed-settings.json", managed);
        Put("work/a", "");
        var request = new HarnessRequest(Environment with { ManagedFolder = Path.Combine(_folder.Path, "etc") }, Work) { Allow = ["WebFetch(domain:docs.example)"] };
        await using var doors = SandboxDoors.Open(request, HostFiles.Read(request), Work, []);

        Assert.Equal(opens, doors.AddTo(new SandboxProfile { Workspace = Work }).Network is SandboxNetwork.Proxy);
    }

    [Fact]
    public void A_trusted_project_does_not_open_this_machine()
    {
        Put("work/.npmrc", "registry=http://localhost:4873/\n");
        Assert.False(Plan(["npm"], trusted: true).Registries.Judge("localhost", 4873).Rule is not null);
        Put("home/.npmrc", "registry=http://localhost:4873/\n");
        Assert.True(Plan(["npm"]).Registries.Judge("localhost", 4873).Rule?.IsThisMachine);
        Assert.Null(Plan(["npm"]).Registries.Judge("localhost", 80).Rule);
    }

    [Fact]
    public void The_settings_for_domains_have_their_effect()
    {
        var notices = new List<string>();
        var rules = SandboxDoors.Domains(
            new() { Network = new() { AllowedDomains = ["a.example", "*.b.example", "https://bad"], DeniedDomains = ["no.b.example"], PrivateDomains = ["corp.example", "*.corp.example"] } }, [], isTrusted: false, notices);
        Assert.NotNull(rules.Judge("a.example", 443).Rule);
        Assert.False(rules.Judge("a.example", 443).Rule!.MayBePrivate);
        Assert.NotNull(rules.Judge("x.b.example", 443).Rule);
        Assert.Null(rules.Judge("no.b.example", 443).Rule);
        Assert.True(rules.Judge("corp.example", 443).Rule!.MayBePrivate);
        Assert.Null(rules.Judge("x.corp.example", 443).Rule);
        Assert.Equal(2, notices.Count);
        Assert.True(SandboxDoors.Domains(null, [], isTrusted: false, notices).IsEmpty);
    }

    [Theory]
    [InlineData("allow", "WebFetch(domain:docs.example)", SettingsOrigin.User, true)]
    [InlineData("allow", "WebFetch(domain:docs.example)", SettingsOrigin.CommandLine, true)]
    [InlineData("allow", "WebFetch(domain:docs.example)", SettingsOrigin.Project, false)]
    [InlineData("allow", "WebFetch(domain:docs.example)", SettingsOrigin.ProjectLocal, false)]
    [InlineData("allow", "WebFetch(domain:docs.example)", SettingsOrigin.Project, true, true)]
    [InlineData("allow", "WebFetch(domain:docs.example)", SettingsOrigin.Managed, true)]
    [InlineData("ask", "WebFetch(domain:docs.example)", SettingsOrigin.User, false)]
    [InlineData("allow", "WebFetch", SettingsOrigin.User, false)]
    [InlineData("allow", "Read|WebFetch(domain: docs.example )", SettingsOrigin.User, true)]
    [InlineData("allow", "web_fetch(domain:docs.example)", SettingsOrigin.User, true)]
    public void A_rule_for_WebFetch_speaks_of_programs_too(string verdict, string text, SettingsOrigin origin, bool opens, bool isTrusted = false)
    {
        var rules = SandboxDoors.Domains(null, [new WrittenRule(verdict, text, origin, "x")], isTrusted, []);
        Assert.Equal(opens, rules.Judge("docs.example", 443).Rule is not null);
    }

    [Theory]
    [InlineData("WebFetch(domain:evil.example)")]
    [InlineData("web_fetch(domain:evil.example)")]
    [InlineData("webfetch(DOMAIN:Evil.Example.)")]
    [InlineData("Read(x)|web_fetch(domain: evil.example )")]
    public void A_denial_that_keeps_the_tool_from_a_host_keeps_programs_from_it(string text)
    {
        var rules = SandboxDoors.Domains(new() { Network = new() { AllowedDomains = ["*"] } }, [new WrittenRule("deny", text, SettingsOrigin.User, "x")], isTrusted: false, []);
        Assert.Null(rules.Judge("evil.example", 443).Rule);
        Assert.NotNull(rules.Judge("good.example", 443).Rule);
    }

    [Theory]
    [InlineData(SettingsOrigin.Project, false, false)]
    [InlineData(SettingsOrigin.Project, true, true)]
    [InlineData(SettingsOrigin.ProjectLocal, false, false)]
    [InlineData(SettingsOrigin.User, false, true)]
    public void The_policy_itself_leaves_out_what_an_untrusted_project_allows(SettingsOrigin origin, bool isTrusted, bool counts)
    {
        var rule = new WrittenRule("allow", "Bash(npm test)", origin, "x");
        Assert.Equal(counts, PolicyAssembly.SourceOf(rule, isTrusted).MayWiden);
        Assert.Equal(counts, Bridle.Permissions.PermissionRule.Parse(rule.Text, Bridle.Tools.Verdict.Allow, PolicyAssembly.SourceOf(rule, isTrusted)).Rule is not null);
    }

    [Fact]
    public void A_project_s_denial_closes_what_the_person_opened()
    {
        var rules = SandboxDoors.Domains(new() { Network = new() { AllowedDomains = ["docs.example"] } }, [new WrittenRule("deny", "WebFetch(domain:docs.example)", SettingsOrigin.Project, "x")], isTrusted: true, []);
        Assert.Null(rules.Judge("docs.example", 443).Rule);
    }

    [Fact]
    public async Task The_doors_are_added_to_a_profile_and_an_open_network_stays_open()
    {
        Put("work/app.csproj", "");
        var notices = new List<string>();
        await using var doors = SandboxDoors.Open(Environment, Work, new() { Toolchains = ["dotnet", "cobol"] }, [], isTrusted: false, TimeProvider.System, notices);
        var profile = doors.AddTo(new SandboxProfile { Workspace = Work, Environment = new Dictionary<string, string> { ["DOTNET_NOLOGO"] = "0" } });
        Assert.Contains("api.nuget.org", Assert.IsType<SandboxNetwork.Proxy>(profile.Network).Rules, StringComparison.Ordinal);
        Assert.Equal("0", profile.Environment["DOTNET_NOLOGO"]);
        Assert.True(profile.UnixSockets);
        Assert.NotEmpty(profile.Mounts);
        Assert.Contains("cobol", Assert.Single(notices), StringComparison.Ordinal);
        Assert.Same(SandboxNetwork.Open, doors.AddTo(profile with { Network = SandboxNetwork.Open }).Network);
    }

    [Fact]
    public async Task What_nobody_was_asked_about_gets_the_registries_of_its_toolchains_without_what_is_denied()
    {
        Put("home/.npmrc", "registry=https://mirror.corp.example/npm/\n");
        var settings = new SandboxSettings { Toolchains = ["dotnet", "npm"], Network = new() { AllowedDomains = ["docs.example"], DeniedDomains = ["*.yarnpkg.com"] } };
        await using var doors = SandboxDoors.Open(Environment, Work, settings, [], isTrusted: false, TimeProvider.System, []);
        string Rules(params string[] names) => Assert.IsType<SandboxNetwork.Proxy>(doors.Unasked!.For(names)).Rules;

        Assert.Equal("registry.npmjs.org, registry.yarnpkg.com, mirror.corp.example", Rules("npm"));
        Assert.Equal("", Rules());
        Assert.Equal("", Rules("cargo"));
        Assert.Contains("api.nuget.org", Rules("dotnet"), StringComparison.Ordinal);
        Assert.Same(doors.Unasked!.For(["npm"]), doors.Unasked.For(["npm"]));
        Assert.Equal(["dotnet", "npm"], doors.Unasked.Fetching.Select(one => one.Family));
    }

    [Fact]
    public void Every_toolchain_names_the_commands_that_fetch_and_none_that_sends()
    {
        Assert.All(Toolchain.Known, one => Assert.NotEmpty(one.Fetching));
        Assert.DoesNotContain(Toolchain.Known.SelectMany(one => one.Fetching).Except(["dotnet publish"]), command => command.Split(' ').Any(word => word is "publish" or "push" or "deploy" or "upload" or "npx" or "exec" or "dlx"));
    }

    [Fact]
    public void Rustup_is_found_in_the_home_folder_and_where_the_person_keeps_it_instead()
    {
        Put("home/.rustup/settings.toml", "");
        Put("work/Cargo.toml", "");
        Assert.Equal(Path.Combine(Home, ".rustup"), Plan().Environment["RUSTUP_HOME"]);

        _variables["RUSTUP_HOME"] = "/opt/rustup";
        Assert.DoesNotContain("RUSTUP_HOME", Plan().Environment.Keys);
        Assert.Contains("RUSTUP_HOME", Plan().Passed);
    }

    private ToolchainPlan Plan(IReadOnlyList<string>? wanted = null, bool trusted = false) => ToolchainPlan.For(Environment, Work, wanted, trusted);

    private static bool Reaches(ToolchainPlan plan, string host) => plan.Registries.Judge(host, 443).Rule is not null;

    private void Put(string path, string text)
    {
        var file = Path.Combine(_folder.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
