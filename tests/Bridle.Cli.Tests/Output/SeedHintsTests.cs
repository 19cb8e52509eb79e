using Bridle.Cli.Output;

namespace Bridle.Cli.Tests.Output;

public sealed class SeedHintsTests
{
    [Theory]
    [InlineData("Go on with: bridle run --resume talk \"…\"", "Go on with: start-harness-jayjader -r talk --one-shot -p \"…\"")]
    [InlineData("Go on with it: bridle chat --resume talk", "Go on with it: start-harness-jayjader -r talk")]
    [InlineData("See `bridle sessions list`.", "See `start-harness-jayjader -r`.")]
    [InlineData("`bridle models refresh` and `bridle trust`.", "`start-harness-jayjader --one-shot --refresh-models` and `HARNESS_ROOT_DIRS_NAME=r bridle trust`.")]
    [InlineData("See `bridle run --help`.", "See `HARNESS_ROOT_DIRS_NAME=r bridle run --help`.")]
    [InlineData("bridle: it failed; the bridle is in /usr/bridle doctor and ./bridle run.", "bridle: it failed; the bridle is in /usr/bridle doctor and ./bridle run.")]
    [InlineData("bridle ", "bridle ")]
    [InlineData("", "")]
    public void Hints_name_what_works_under_the_other_name(string text, string expected) => Assert.Equal(expected, SeedHints.Of(text, "r"));

    [Fact]
    public void Every_command_of_the_program_is_known_as_one() =>
        Assert.Equal(CommandLine.Build(new(new(TextReader.Null, TextWriter.Null, TextWriter.Null), Hosting.HostEnvironment.Current())).Subcommands.Select(command => command.Name).Order(StringComparer.Ordinal), SeedHints.Commands.Order(StringComparer.Ordinal));
}
