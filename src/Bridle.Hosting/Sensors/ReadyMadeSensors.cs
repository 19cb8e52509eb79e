using Bridle.Hosting.Settings;
using Bridle.Hosting.Toolchains;

namespace Bridle.Hosting.Sensors;

/// <summary>Sensors that fit what is in the folder, found by the names of its files and, for Python, by the sections of <c>pyproject.toml</c>. Runs nothing.</summary>
internal sealed class ReadyMadeSensors
{
    private const int MostText = 256 * 1024;
    private static readonly string[] s_solutions = ["*.slnx", "*.sln"];
    private static readonly string[] s_projects = ["*.csproj", "*.fsproj", "*.vbproj"];
    private static readonly string[] s_eslint = ["eslint.config.*", ".eslintrc*"];

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
        ready.AddNode();
        ready.AddPython();
        ready.AddCargo();
        ready.AddGo();
        return ready._found;
    }

    private void AddDotnet()
    {
        if ((One(s_solutions) ?? One(s_projects)) is not var (build, from))
        {
            return;
        }

        string[] files = ["**/*.{cs,fs,vb,razor,cshtml,csproj,fsproj,vbproj,props,targets,sln,slnx}"];
        var whyNot = build is null ? $"there are several ({from}); name one in a command of its own." : null;
        var target = build is null || !build.Contains('/') ? "" : $" {Quoted(build)}";
        Add("dotnet-build", from, "dotnet", new() { Command = $"dotnet build{target} --nologo -v q", Files = files, Matcher = "$msbuild", When = ["turn"] }, whyNot);
        Add("dotnet-format", from, "dotnet", new()
        {
            Command = $"dotnet format{target} --no-restore --verify-no-changes", Fix = $"dotnet format{target} --no-restore", Files = files, Matcher = "$msbuild", When = ["commit"], Severity = "warn",
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
        string[] files = ["**/*.{py,pyi}"];
        if (From("ruff", "ruff.toml", ".ruff.toml") is { } ruff)
        {
            Add("ruff", ruff, "ruff", new() { Command = "ruff check --output-format concise {files}", Fix = "ruff check --fix --quiet {files}", Files = files, Matcher = "$ruff", When = ["edit"] });
        }

        if (From("mypy", "mypy.ini", ".mypy.ini") is { } mypy)
        {
            Add("mypy", mypy, "mypy", new() { Command = "mypy --no-error-summary {files}", Files = files, Matcher = "$mypy", When = ["turn"] });
        }

        if (From("pytest", "pytest.ini", "conftest.py") is { } pytest)
        {
            Add("pytest", pytest, "pytest", new() { Command = "pytest -q --tb=line", Files = files, Matcher = "$pytest", When = ["turn"] });
        }
    }

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

    private IEnumerable<string> Named(string pattern) => Directory.Exists(_root) ? Directory.EnumerateFiles(_root, pattern).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal) : [];

    // The only one in the root; else the only one in a folder of it. Null for the path where there are several.
    private (string? Path, string From)? One(string[] patterns)
    {
        var here = patterns.SelectMany(Named).ToList();
        if (here.Count > 0)
        {
            return (here.Count == 1 ? here[0] : null, string.Join(", ", here.Take(3)));
        }

        var below = Below(_root, "", 2).Where(path => patterns.Any(pattern => path.EndsWith(pattern[1..], StringComparison.Ordinal))).Take(4).ToList();
        return below.Count == 0 ? null : (below.Count == 1 ? below[0] : null, string.Join(", ", below.Take(3)));
    }

    private static IEnumerable<string> Below(string folder, string relative, int depth)
    {
        var options = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden };
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (var inner in Directory.EnumerateDirectories(folder, "*", options).Take(200).Order(StringComparer.Ordinal))
        {
            var name = relative + Path.GetFileName(inner);
            if (WorkspaceStamps.IsMade(name + "/x"))
            {
                continue;
            }

            foreach (var file in Directory.EnumerateFiles(inner, "*", options).Take(500).Select(file => $"{name}/{Path.GetFileName(file)}").Order(StringComparer.Ordinal).Concat(depth > 1 ? Below(inner, name + "/", depth - 1) : []))
            {
                yield return file;
            }
        }
    }

    private string Text(string name)
    {
        var path = Path.Combine(_root, name);
        return SmallFile.Length(path) is > 0 and <= MostText ? System.Text.Encoding.UTF8.GetString(SmallFile.Read(path, MostText)) : "";
    }

    private static string Quoted(string path) => path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-') ? path : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
