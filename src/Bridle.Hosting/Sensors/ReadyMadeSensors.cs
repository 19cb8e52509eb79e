using Bridle.Hosting.Settings;
using Bridle.Hosting.Toolchains;

namespace Bridle.Hosting.Sensors;

/// <summary>Sensors that fit what is in the folder, found by the names of its files and, for Python, by the sections of <c>pyproject.toml</c>. Runs nothing.</summary>
internal sealed class ReadyMadeSensors
{
    private const int MostFolders = 8;
    private const int MostText = 256 * 1024;
    private static readonly string[] s_solutions = ["*.slnx", "*.sln"];
    private static readonly string[] s_projects = ["*.csproj", "*.fsproj", "*.vbproj"];
    private static readonly string[] s_eslint = ["eslint.config.*", ".eslintrc*"];

    private static readonly string[] s_tests = ["tests", "test", ""];
    private static readonly string[] s_testFiles = ["test_*.py", "*_test.py"];
    private static readonly string[] s_pythonFiles = ["**/*.{py,pyi}"];
    private static readonly string[] s_environments = [".venv/bin/pytest", "venv/bin/pytest"];
    private static readonly string[] Pythons = ["pyproject.toml", "setup.py", "setup.cfg", "requirements.txt"];

    // What makes a folder a project of a language, and what looks at it.
    private static readonly (Func<string, bool> IsProject, Action<ReadyMadeSensors> Add)[] s_languages =
    [
        (name => name is "package.json", ready => ready.AddNode()),
        (name => Pythons.Contains(name) || name is "ruff.toml" or ".ruff.toml" or "mypy.ini" or "pytest.ini", ready => ready.AddPython()),
        (name => name is "Cargo.toml", ready => ready.AddCargo()),
        (name => name is "go.mod", ready => ready.AddGo()),
    ];

    private readonly string _root;
    private readonly Func<string, bool> _isInstalled;
    private readonly List<DeclaredSensor> _found = [];

    private ReadyMadeSensors(string root, Func<string, bool> isInstalled) => (_root, _isInstalled) = (root, isInstalled);

    /// <summary>Those for the folder that is worked in.</summary>
    public static IReadOnlyList<DeclaredSensor> For(HostFiles files) => For(files.Trust.Folder, program => ToolchainPlan.IsInstalled(files.Environment, program));

    /// <summary>Those for a folder. <paramref name="isInstalled"/> says whether a program is there.</summary>
    public static IReadOnlyList<DeclaredSensor> For(string root, Func<string, bool> isInstalled)
    {
        var ready = new ReadyMadeSensors(root, isInstalled);
        ready.AddDotnet();
        var found = ready._found;
        foreach (var (isProject, add) in s_languages)
        {
            var here = new ReadyMadeSensors(root, isInstalled);
            add(here);
            found.AddRange(here._found.Count > 0 ? here._found : Below(root, isInstalled, isProject, add));
        }

        // Tests without any project are the last that is taken for one: a folder of tests beside projects in folders belongs to those.
        if (!found.Exists(sensor => sensor.Name.Split(':')[0] is "pytest" or "unittest"))
        {
            var here = new ReadyMadeSensors(root, isInstalled);
            here.AddTests(null);
            found.AddRange(here._found);
        }

        return found;
    }

    // Projects of a language in the folders of the root, where the root itself is none: each looks in its own folder.
    private static List<DeclaredSensor> Below(string root, Func<string, bool> isInstalled, Func<string, bool> isProject, Action<ReadyMadeSensors> add)
    {
        var found = new List<DeclaredSensor>();
        var folders = new List<string>();
        foreach (var folder in ProjectFolders.Files(root, ProjectFolders.MostDepth).Where(path => isProject(Path.GetFileName(path))).Select(path => Path.GetDirectoryName(path)!.Replace('\\', '/')).Distinct().Order(StringComparer.Ordinal))
        {
            if (folders.Count < MostFolders && folder.All(IsPlain) && !folders.Any(outer => folder.StartsWith(outer + "/", StringComparison.Ordinal)))
            {
                folders.Add(folder);
                var one = new ReadyMadeSensors(Path.Combine(root, folder), isInstalled);
                add(one);
                found.AddRange(one._found.Select(sensor => sensor.In(folder)));
            }
        }

        var several = found.GroupBy(sensor => sensor.Name).Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet(StringComparer.Ordinal);
        return [.. found.Select(sensor => several.Contains(sensor.Name) ? sensor with { Name = $"{sensor.Name}:{sensor.Folder}" } : sensor)];
    }

    private void AddDotnet()
    {
        if ((Found(s_solutions, 1) ?? Found(s_projects, MostFolders)) is not var (build, from))
        {
            return;
        }

        string[] files = ["**/*.{cs,fs,vb,razor,cshtml,csproj,fsproj,vbproj,props,targets,sln,slnx}"];
        var whyNot = build.Count == 0 ? $"there are several ({from}); name one in a command of its own." : null;
        string All(Func<string, string> command) => build.Count == 0 ? command("") : string.Join(" && ", build.Select(path => command(build.Count == 1 && !path.Contains('/') ? "" : $" {Quoted(path)}")));
        Add("dotnet-build", from, "dotnet", new() { Command = All(target => $"dotnet build{target} --nologo -v q"), Files = files, Matcher = "$msbuild", When = ["turn"] }, whyNot);
        Add("dotnet-format", from, "dotnet", new()
        {
            Command = All(target => $"dotnet format{target} --no-restore --verify-no-changes"), Fix = All(target => $"dotnet format{target} --no-restore"), Files = files, Matcher = "$msbuild", When = ["commit"], Severity = "warn",
        }, whyNot);
    }

    private void AddNode()
    {
        if (!Has("package.json"))
        {
            return;
        }

        if (Has("tsconfig.json"))
        {
            Add("tsc", "tsconfig.json", "node_modules/.bin/tsc", new() { Command = "node_modules/.bin/tsc --noEmit --pretty false", Files = ["**/*.{ts,tsx,mts,cts}", "**/tsconfig*.json"], Matcher = "$tsc", When = ["turn"] });
        }

        if (s_eslint.SelectMany(Named).FirstOrDefault() is { } config)
        {
            Add("eslint", config, "node_modules/.bin/eslint", new()
            {
                Command = "node_modules/.bin/eslint {files}", Fix = "node_modules/.bin/eslint --fix {files}", Files = ["**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}"], Matcher = "$eslint", When = ["edit"],
            });
        }
    }

    private void AddPython()
    {
        var project = Text("pyproject.toml");
        string? From(string section, params string[] others) => project.Contains($"[tool.{section}", StringComparison.Ordinal) ? "pyproject.toml" : others.FirstOrDefault(Has);
        if (From("ruff", "ruff.toml", ".ruff.toml") is { } ruff)
        {
            Add("ruff", ruff, "ruff", new() { Command = "ruff check --output-format concise {files}", Fix = "ruff check --fix --quiet {files}", Files = s_pythonFiles, Matcher = "$ruff", When = ["edit"] });
        }

        if (From("mypy", "mypy.ini", ".mypy.ini") is { } mypy)
        {
            Add("mypy", mypy, "mypy", new() { Command = "mypy --no-error-summary {files}", Files = s_pythonFiles, Matcher = "$mypy", When = ["turn"] });
        }

        if (From("pytest", "pytest.ini", "conftest.py") is { } pytest)
        {
            AddPytest(pytest);
        }
        else if (Pythons.FirstOrDefault(Has) is { } of)
        {
            AddTests(of);
        }
    }

    // What runs the tests where nothing says how. From null on, they are said to come from the first of them.
    private void AddTests(string? from)
    {
        var tests = Tests().ToList();
        if (tests.Count == 0)
        {
            return;
        }

        // Tests of the standard library need nothing but Python; pytest runs them as well, and is what most have.
        var standard = Pytest() is null ? tests.FindAll(test => Text(test).Contains("unittest", StringComparison.Ordinal)) : [];
        if (standard.Count == 0)
        {
            AddPytest(from ?? tests[0]);
            return;
        }

        var command = string.Join(" && ", standard.GroupBy(test => Path.GetDirectoryName(test)!).Select(Discovery));
        Add("unittest", from ?? tests[0], "python3", new() { Command = command, Files = s_pythonFiles, Matcher = UnittestMatcher.Name, When = ["turn"] });
    }

    // It goes by one folder and one pattern at a time.
    private static string Discovery(IGrouping<string, string> folder) =>
        $"python3 -m unittest discover -q{(folder.Key.Length > 0 ? $" -s {folder.Key}" : "")}{(folder.Any(test => Path.GetFileName(test).StartsWith("test", StringComparison.Ordinal)) ? "" : " -p '*_test.py'")}";

    private void AddPytest(string from)
    {
        var program = Pytest() ?? "pytest";
        Add("pytest", from, program, new() { Command = $"{program} -q --tb=line", Files = s_pythonFiles, Matcher = "$pytest", When = ["turn"] });
    }

    // That of the project's own environment before that of the machine.
    private string? Pytest() => s_environments.FirstOrDefault(Has) ?? (_isInstalled("pytest") ? "pytest" : null);

    private IEnumerable<string> Tests() => s_tests.Where(folder => Directory.Exists(Path.Combine(_root, folder)))
        .SelectMany(folder => s_testFiles.SelectMany(pattern => ProjectFolders.Sorted(() => Directory.EnumerateFiles(Path.Combine(_root, folder), pattern)).Take(20).Select(file => Path.Combine(folder, Path.GetFileName(file)))));

    private void AddCargo()
    {
        if (!Has("Cargo.toml"))
        {
            return;
        }

        string[] files = ["**/*.rs", "**/Cargo.toml"];
        Add("cargo-check", "Cargo.toml", "cargo", new() { Command = "cargo check --quiet", Files = files, Matcher = "$rustc", When = ["turn"] });
        Add("cargo-clippy", "Cargo.toml", "cargo-clippy", new() { Command = "cargo clippy --quiet -- -D warnings", Files = files, Matcher = "$rustc", When = ["commit"] });
        Add("cargo-fmt", "Cargo.toml", "rustfmt", new()
        {
            Command = "cargo fmt --check -- -l", Fix = "cargo fmt", Files = ["**/*.rs"], Matcher = @"^(?<message>(?<file>.+\.rs))$", When = ["turn"], Severity = "warn", Advice = "It is not formatted; `cargo fmt` does it.",
        });
    }

    private void AddGo()
    {
        if (!Has("go.mod"))
        {
            return;
        }

        Add("go-vet", "go.mod", "go", new() { Command = "go vet ./...", Files = ["**/*.go", "**/go.mod"], Matcher = "$go", When = ["turn"] });
        Add("gofmt", "go.mod", "gofmt", new()
        {
            Command = "gofmt -l {files}", Fix = "gofmt -w {files}", Files = ["**/*.go"], Matcher = @"^(?<message>(?<file>.+\.go))$", When = ["edit"], Severity = "warn", Advice = "It is not formatted; `gofmt -w` does it.",
        });
    }

    private void Add(string name, string from, string program, SensorDefinition written, string? whyNot = null)
    {
        var isThere = program.Contains('/') ? File.Exists(Path.Combine(_root, program)) : _isInstalled(program);
        _found.Add(new(name, written, from) { IsReadyMade = true, WhyNot = whyNot ?? (isThere ? null : $"{program} is not installed.") });
    }

    private bool Has(string name) => File.Exists(Path.Combine(_root, name));

    private IEnumerable<string> Named(string pattern) => ProjectFolders.Sorted(() => Directory.EnumerateFiles(_root, pattern).Select(Path.GetFileName).OfType<string>());

    // Those in the root, else those in its folders; none of them where there are more than are taken together.
    private (IReadOnlyList<string> Paths, string From)? Found(string[] patterns, int most)
    {
        var all = patterns.SelectMany(Named).ToList();
        if (all.Count == 0)
        {
            all = [.. ProjectFolders.Files(_root, ProjectFolders.MostDepth).Where(path => patterns.Any(pattern => path.EndsWith(pattern[1..], StringComparison.Ordinal))).Take(most + 1)];
        }

        return all.Count == 0 ? null : (all.Count <= most ? all : [], string.Join(", ", all.Take(3)) + (all.Count > 3 && most > 1 ? ", …" : ""));
    }

    private string Text(string name)
    {
        var path = Path.Combine(_root, name);
        return SmallFile.Length(path) is > 0 and <= MostText ? System.Text.Encoding.UTF8.GetString(SmallFile.Read(path, MostText)) : "";
    }

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-';

    private static string Quoted(string path) => path.All(IsPlain) ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
