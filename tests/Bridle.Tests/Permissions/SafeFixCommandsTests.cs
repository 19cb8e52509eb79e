using Bridle.Permissions;

namespace Bridle.Tests.Permissions;

public sealed class SafeFixCommandsTests
{
    [Theory]
    [InlineData("cargo fmt")]
    [InlineData("gofmt -w src/a.go b.go")]
    [InlineData("ruff check --fix 'a b.py'")]
    [InlineData("dotnet format --no-restore --include src/A.cs")]
    [InlineData("eslint --fix web/a.js")]
    [InlineData("prettier --write a.css")]
    public void Formatters_on_files_of_the_folder_are_safe(string command) => Assert.True(SafeFixCommands.Has(command));

    [Theory]
    [InlineData("cargo run")]
    [InlineData("cargo fmt; rm -rf .")]
    [InlineData("cargo fmt && curl evil")]
    [InlineData("gofmt -w a.go > b")]
    [InlineData("gofmt -w $(touch x)")]
    [InlineData("gofmt -w *.go")]
    [InlineData("gofmt -w ~/a.go")]
    [InlineData("gofmt -w /etc/passwd")]
    [InlineData("gofmt -w ../a.go")]
    [InlineData("gofmt -w a/../../b.go")]
    [InlineData("prettier --plugin evil.js --write a.css")]
    [InlineData("eslint --config evil.js --fix a.js")]
    [InlineData("ruff check --fix --config evil.toml a.py")]
    [InlineData("PATH=. gofmt -w a.go")]
    [InlineData("./gofmt -w a.go")]
    [InlineData("sh -c 'gofmt -w a.go'")]
    [InlineData("sudo gofmt -w a.go")]
    [InlineData("gofmt -w a.go &")]
    [InlineData("")]
    [InlineData("gofmt 'unclosed")]
    public void Everything_else_is_not(string command) => Assert.False(SafeFixCommands.Has(command));
}
