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
        Assert.Contains("dotnet-build (src/one/one.csproj, src/two/two.csproj) Turn: dotnet build --nologo -v q - there are several", Found(), StringComparison.Ordinal);
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
