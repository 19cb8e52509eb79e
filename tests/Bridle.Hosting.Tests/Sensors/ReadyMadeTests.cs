using Bridle.Hosting.Sensors;

namespace Bridle.Hosting.Tests.Sensors;

public sealed class ReadyMadeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Found(params string[] missing) => string.Join('\n', ReadyMadeSensors.For(_folder.Path, program => !missing.Contains(program))
        .Select(one => $"{one.Name} ({one.From}) {one.When}: {one.Command}{(one.Fix is { } fix ? $" | {fix}" : "")}{(one.WhyNot is { } why ? $" - {why}" : "")}"));

    private void Write(string path, string text = "")
    {
        var file = Path.Combine(_folder.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    [Fact]
    public void An_empty_folder_suggests_nothing() => Assert.Equal("", Found());

    [Fact]
    public void A_solution_beats_projects_and_a_project_in_a_folder_is_named()
    {
        Write("src/one/one.csproj");
        Assert.StartsWith("dotnet-build (src/one/one.csproj) Turn: dotnet build src/one/one.csproj --nologo -v q\n", Found(), StringComparison.Ordinal);
        Write("src/two/two.csproj");
        Assert.Equal(
            """
            dotnet-build (src/one/one.csproj, src/two/two.csproj) Turn: dotnet build src/one/one.csproj --nologo -v q && dotnet build src/two/two.csproj --nologo -v q
            dotnet-format (src/one/one.csproj, src/two/two.csproj) Commit: dotnet format src/one/one.csproj --no-restore --verify-no-changes && dotnet format src/two/two.csproj --no-restore --verify-no-changes | dotnet format src/one/one.csproj --no-restore && dotnet format src/two/two.csproj --no-restore
            """, Found());
        for (var i = 0; i < 9; i++)
        {
            Write($"src/p{i}/p{i}.csproj");
        }

        Assert.Contains("Turn: dotnet build --nologo -v q - there are several (src/one/one.csproj, src/p0/p0.csproj, src/p1/p1.csproj, …); name one", Found(), StringComparison.Ordinal);
        Write("all.slnx");
        Assert.Equal(
            "dotnet-build (all.slnx) Turn: dotnet build --nologo -v q\ndotnet-format (all.slnx) Commit: dotnet format --no-restore --verify-no-changes | dotnet format --no-restore", Found());
        Assert.EndsWith("- dotnet is not installed.", Found("dotnet"), StringComparison.Ordinal);
    }

    [Fact]
    public void TypeScript_and_eslint_are_the_projects_own()
    {
        Write("package.json");
        Write("tsconfig.json");
        Write("eslint.config.js");
        Assert.Equal(
            """
            tsc (tsconfig.json) Turn: node_modules/.bin/tsc --noEmit --pretty false - node_modules/.bin/tsc is not installed.
            eslint (eslint.config.js) Edit: node_modules/.bin/eslint {files} | node_modules/.bin/eslint --fix {files} - node_modules/.bin/eslint is not installed.
            """, Found());
        Write("node_modules/.bin/tsc");
        Assert.StartsWith("tsc (tsconfig.json) Turn: node_modules/.bin/tsc --noEmit --pretty false\n", Found(), StringComparison.Ordinal);
    }

    [Fact]
    public void Python_looks_with_what_the_project_configures()
    {
        Write("pyproject.toml", "[project]\nname = \"x\"\n");
        Assert.Equal("", Found());
        Write("pyproject.toml", "[tool.ruff]\nline-length = 100\n[tool.mypy]\nstrict = true\n[tool.pytest.ini_options]\n");
        Assert.Equal(
            """
            ruff (pyproject.toml) Edit: ruff check --output-format concise {files} | ruff check --fix --quiet {files}
            mypy (pyproject.toml) Turn: mypy --no-error-summary {files} - mypy is not installed.
            pytest (pyproject.toml) Turn: pytest -q --tb=line
            """, Found("mypy"));
    }

    [Fact]
    public void Python_tests_are_run_without_a_word_of_configuration_by_what_is_installed()
    {
        Write("pyproject.toml", "[project]\nname = \"x\"\n");
        Write("tests/test_a.py", "import unittest\n");
        Assert.Equal("pytest (pyproject.toml) Turn: pytest -q --tb=line", Found());
        Assert.Equal("unittest (pyproject.toml) Turn: python3 -m unittest discover -q -s tests", Found("pytest"));
        Write("tests/test_a.py", "def test_a(): pass\n");
        Assert.Equal("pytest (pyproject.toml) Turn: pytest -q --tb=line - pytest is not installed.", Found("pytest"));
        Write(".venv/bin/pytest");
        Assert.Equal("pytest (pyproject.toml) Turn: .venv/bin/pytest -q --tb=line", Found("pytest"));
    }

    [Fact]
    public void Python_tests_without_a_project_file_are_found_too()
    {
        Write("test_a.py", "import unittest\n");
        Assert.Equal("pytest (test_a.py) Turn: pytest -q --tb=line", Found());
        Assert.Equal("unittest (test_a.py) Turn: python3 -m unittest discover -q", Found("pytest"));
        File.Delete(Path.Combine(_folder.Path, "test_a.py"));
        Write("tests/test_a.py", "def test_a(): pass\n");
        Assert.Equal("pytest (tests/test_a.py) Turn: pytest -q --tb=line", Found());
        Write("ruff.toml");
        Assert.Equal("ruff (ruff.toml) Edit: ruff check --output-format concise {files} | ruff check --fix --quiet {files}\npytest (tests/test_a.py) Turn: pytest -q --tb=line", Found());
    }

    [Fact]
    public void Tests_of_a_folder_without_a_project_stand_back_behind_those_of_projects_below()
    {
        Write("tests/test_all.py", "def test_a(): pass\n");
        Write("py/pyproject.toml");
        Write("py/tests/test_a.py", "def test_a(): pass\n");
        Assert.Equal("pytest (py/pyproject.toml) Turn: pytest -q --tb=line", Found());
    }

    [Fact]
    public void All_folders_of_tests_of_the_standard_library_are_run()
    {
        Write("tests/test_a.py", "import unittest\n");
        Write("test/a_test.py", "import unittest\n");
        Write("test_b.py", "import unittest\n");
        Assert.Equal("unittest (tests/test_a.py) Turn: python3 -m unittest discover -q -s tests && python3 -m unittest discover -q -s test -p '*_test.py' && python3 -m unittest discover -q", Found("pytest"));
    }

    [Fact]
    public void Projects_below_the_root_are_found_each_in_its_folder_and_not_too_deep_or_too_many()
    {
        Write("py/pyproject.toml");
        Write("py/tests/test_a.py", "import unittest\n");
        Write("ts/package.json");
        Write("ts/tsconfig.json");
        Write("ts/node_modules/.bin/tsc");
        Write("ts/node_modules/left/package.json");
        Write("go/go.mod");
        Write("rs/Cargo.toml");
        Write("rs/inner/Cargo.toml");
        Write("cs/cs.csproj");
        Write("a/b/c/go.mod");
        Write("tools/.hidden/go.mod");
        var found = ReadyMadeSensors.For(_folder.Path, program => program is not ("pytest" or "cargo-clippy"));
        Assert.Equal(
            """
            dotnet-build  cs/cs.csproj **/*.{cs,fs,vb,razor,cshtml,csproj,fsproj,vbproj,props,targets,sln,slnx}: dotnet build cs/cs.csproj --nologo -v q
            dotnet-format  cs/cs.csproj **/*.{cs,fs,vb,razor,cshtml,csproj,fsproj,vbproj,props,targets,sln,slnx}: dotnet format cs/cs.csproj --no-restore --verify-no-changes
            tsc ts ts/tsconfig.json ts/**/*.{ts,tsx,mts,cts} ts/**/tsconfig*.json: node_modules/.bin/tsc --noEmit --pretty false
            unittest py py/pyproject.toml py/**/*.{py,pyi}: python3 -m unittest discover -q -s tests
            cargo-check rs rs/Cargo.toml rs/**/*.rs rs/**/Cargo.toml: cargo check --quiet
            cargo-clippy rs rs/Cargo.toml rs/**/*.rs rs/**/Cargo.toml: cargo clippy --quiet -- -D warnings
            cargo-fmt rs rs/Cargo.toml rs/**/*.rs: cargo fmt --check -- -l
            go-vet go go/go.mod go/**/*.go go/**/go.mod: go vet ./...
            gofmt go go/go.mod go/**/*.go: gofmt -l {files}
            """, string.Join('\n', found.Select(one => $"{one.Name} {one.Folder} {one.From} {string.Join(' ', one.Written.Files!)}: {one.Command}")));
        Assert.Equal("cargo-clippy is not installed.", found.Single(one => one.WhyNot is not null).WhyNot);

        Write("svc/api/go.mod");
        Assert.Equal(["gofmt:go", "gofmt:svc/api", "go-vet:go", "go-vet:svc/api"], ReadyMadeSensors.For(_folder.Path, _ => true).Select(one => one.Name).Where(name => name.StartsWith("go", StringComparison.Ordinal)).Order(StringComparer.Ordinal).OrderBy(name => name[2] is '-'));
        for (var i = 0; i < 12; i++)
        {
            Write($"svc/s{i:00}/go.mod");
        }

        Assert.Equal(8, ReadyMadeSensors.For(_folder.Path, _ => true).Count(one => one.Name.StartsWith("go-vet", StringComparison.Ordinal)));
        Write("go.mod");
        Assert.Equal("go-vet", ReadyMadeSensors.For(_folder.Path, _ => true).Single(one => one.Name.StartsWith("go-vet", StringComparison.Ordinal)).Name);
    }

    [Fact]
    public void Rust_and_Go_have_their_own()
    {
        Write("Cargo.toml");
        Write("go.mod");
        Assert.Equal(
            """
            cargo-check (Cargo.toml) Turn: cargo check --quiet
            cargo-clippy (Cargo.toml) Commit: cargo clippy --quiet -- -D warnings
            cargo-fmt (Cargo.toml) Turn: cargo fmt --check -- -l | cargo fmt
            go-vet (go.mod) Turn: go vet ./...
            gofmt (go.mod) Edit: gofmt -l {files} | gofmt -w {files}
            """, Found());
    }
}
