using System.CommandLine;
using System.CommandLine.Help;
using Bridle.Cli.Commands;
using Bridle.Cli.Terminals;
using Bridle.Hosting;

namespace Bridle.Cli.Tests.Commands;

/// <summary>What is said of a value that a flag cannot have, for each flag of each command: the flag, the value, and no word of the language that Bridle is written in.</summary>
public sealed class NonsenseTests
{
    private static readonly string[] InternalWords = ["System.", "Nullable", "`1", "Exception", "Int32", "Int64", "Boolean", "Cannot parse", "expected type"];

    [Fact]
    public async Task A_nonsense_value_of_any_flag_is_told_in_words_of_the_flag()
    {
        var (typed, told) = (new List<string>(), new List<string>());
        foreach (var (path, option) in Flags(Root(TextWriter.Null), []))
        {
            foreach (var value in new[] { "☃ nonsense", "" })
            {
                using var error = new StringWriter();
                string[] words = [.. path, $"{option.Name}={value}", .. option.Name is "--message" ? ["--session", "s"] : Array.Empty<string>()];
                var parsed = Root(error).Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });
                if (!option.ValueType.Equals(typeof(bool)) && parsed.Errors.All(one => one.SymbolResult is null || Named(one.SymbolResult) != option.Name))
                {
                    continue;
                }

                typed.Add($"{string.Join(' ', path)} {option.Name}");
                Assert.Equal(ExitCode.Usage, await CommandLine.RunAsync(words, Context(error), TestContext.Current.CancellationToken));
                told.Add(error.ToString());
                Assert.Contains(option.Name, error.ToString(), StringComparison.Ordinal);
                Assert.All(InternalWords, word => Assert.DoesNotContain(word, error.ToString(), StringComparison.Ordinal));
            }
        }

        // Every flag that is no plain text is among them.
        var missing = Flags(Root(TextWriter.Null), []).Where(flag => flag.Option.ValueType != typeof(string) && !typeof(IEnumerable<string>).IsAssignableFrom(flag.Option.ValueType) && flag.Option.ValueType != typeof(FileInfo)
            && !typed.Contains($"{string.Join(' ', flag.Path)} {flag.Option.Name}")).ToList();
        Assert.Equal("", string.Join("; ", missing.ConvertAll(flag => $"{string.Join(' ', flag.Path)} {flag.Option.Name}")));
        Assert.Contains(told, text => text.Contains("--max-cost is '☃ nonsense', but must be a number such as 0.5.", StringComparison.Ordinal));
        Assert.Contains(told, text => text.Contains("--trust stands alone: it takes no value, but has '☃ nonsense'.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_flag_that_stands_alone_is_not_set_by_a_value_that_it_does_not_know()
    {
        foreach (var word in new[] { "--trust=no", "--trust:off", "-s=maybe" })
        {
            using var error = new StringWriter();
            Assert.Equal(ExitCode.Usage, await CommandLine.RunAsync(["run", word, "--dry-run", "hello"], Context(error), TestContext.Current.CancellationToken));
            Assert.Contains($"stands alone: it takes no value, but has '{word.Split('=', ':')[1]}'. See `bridle run --help`.", error.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal((true, false), (Trusted("--trust=true"), Trusted("--trust=false")));
        Assert.Null(UsageWords.FlagWithValue(Root(TextWriter.Null).Parse(["run", "--", "--trust=no"]).CommandResult, ["run", "--", "--trust=no"]));
    }

    private static bool Trusted(string word)
    {
        var parsed = Root(TextWriter.Null).Parse(["run", word, "hello"]);
        Assert.Empty(parsed.Errors);
        Assert.Null(UsageWords.FlagWithValue(parsed.CommandResult, ["run", word, "hello"]));
        return parsed.GetValue<bool>("--trust");
    }

    private static string? Named(System.CommandLine.Parsing.SymbolResult result) => (result as System.CommandLine.Parsing.OptionResult ?? result.Parent as System.CommandLine.Parsing.OptionResult)?.Option.Name;

    private static IEnumerable<(string[] Path, Option Option)> Flags(Command command, string[] path) =>
        command.Options.Where(option => option is not HelpOption and not VersionOption).Select(option => (path, option)).Concat(command.Subcommands.SelectMany(inner => Flags(inner, [.. path, inner.Name])));

    private static Command Root(TextWriter error) => CommandLine.Build(Context(error));

    private static CommandContext Context(TextWriter error) =>
        new(new CommandIo(TextReader.Null, TextWriter.Null, error), new(new Dictionary<string, string>(), "/home/you", "/home/you", HostPlatform.Linux));
}
