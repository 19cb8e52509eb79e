using System.CommandLine;
using System.Text;
using Bridle.Cli.Commands;
using Bridle.Cli.Terminals;
using Bridle.Hosting;

namespace Bridle.Cli.Tests.Reference;

public sealed class CliReferenceTests
{
    [Fact]
    public void Every_command_and_flag_is_in_the_reference()
    {
        var nobody = new CommandIo(TextReader.Null, TextWriter.Null, TextWriter.Null);
        var root = CommandLine.Build(new(nobody, new(new Dictionary<string, string>(), "/home/you", "/home/you", HostPlatform.Linux)));
        var text = new StringBuilder();
        Write(text, root, "bridle");
        ReferencePage.Check("cli.md", ("commands", text.ToString()));
    }

    private static void Write(StringBuilder text, Command command, string path)
    {
        var words = string.Concat(command.Arguments.Select(argument => $" {Word(argument)}"));
        var aliases = command.Aliases.Count > 0 ? $" Also `{string.Join("`, `", command.Aliases)}`." : "";
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"## {path}{words}\n\n{Sentence(command.Description)}{aliases}\n\n");
        foreach (var argument in command.Arguments)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"`{argument.Name}`: {Sentence(argument.Description)}\n\n");
        }

        var flags = command.Options.Where(option => !option.Hidden && option is not System.CommandLine.Help.HelpOption).ToList();
        if (flags.Count > 0)
        {
            text.Append(ReferencePage.Table(["Flag", "What it does"], flags.Select(flag => (IReadOnlyList<string>)[Spelling(flag), What(flag)]))).Append('\n');
        }

        foreach (var inner in command.Subcommands.Where(inner => !inner.Hidden))
        {
            Write(text, inner, $"{path} {inner.Name}");
        }
    }

    private static string Word(Argument argument)
    {
        var name = argument.Arity.MaximumNumberOfValues > 1 ? $"{argument.Name.ToUpperInvariant()}…" : argument.Name.ToUpperInvariant();
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    private static string Spelling(Option flag)
    {
        var names = string.Join(", ", flag.Aliases.Append(flag.Name).Order(StringComparer.Ordinal).OrderBy(name => name.Length).Select(name => $"`{name}`"));
        return flag.HelpName is { } value ? $"{names} *{value}*" : names;
    }

    private static string What(Option flag)
    {
        var standard = flag.HasDefaultValue && flag.GetDefaultValue() is string { Length: > 0 } value ? $" Default: `{value}`." : "";
        return Sentence(flag.Description) + standard;
    }

    private static string Sentence(string? text) => $"{text?.TrimEnd('.')}.";
}
