using System.CommandLine;
using Bridle.Hosting;

namespace Bridle.Cli.Commands;

/// <summary>The flags that say which folder is looked at, and which settings.</summary>
internal sealed class SettingsToRead
{
    private readonly Option<string?> _folder = new("--cwd", "--project-dir") { Description = "The folder to look at", HelpName = "FOLDER" };
    private readonly Option<string?> _settings = SettingsFlags.Settings();
    private readonly Option<string?> _sources = SettingsFlags.Sources();
    private readonly Option<bool> _trust = SettingsFlags.Trust();

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_folder, _settings, _sources, _trust])
        {
            command.Add(option);
        }
    }

    public HarnessRequest Read(ParseResult parsed, CommandContext context) => new(context.Environment, FolderArgument.Full(parsed.GetValue(_folder), context.Environment))
    {
        Settings = parsed.GetValue(_settings), SettingSources = SettingsFlags.SourcesOf(parsed.GetValue(_sources)), TrustFolder = parsed.GetValue(_trust),
        FindLocalServers = context.FindLocalServers,
    };
}
