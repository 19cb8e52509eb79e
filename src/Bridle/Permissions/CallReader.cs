using System.Text.Json;
using Bridle.Permissions.Shell;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>Reads what a bound call would touch, resolving every path through the door that will carry it out.</summary>
public static class CallReader
{
    private const int MaxWords = 400;
    private const int MaxCluster = 8;
    private const int MaxFolders = 8;

    /// <summary>Makes the call that <see cref="PermissionPolicy"/> judges.</summary>
    public static CallToJudge Read(ToolDefinition tool, ToolInput input, IFiles files, string workingDirectory)
    {
        var resolve = files.ResolvingMany();
        var paths = ReadPaths(tool, input, resolve, workingDirectory);
        var said = GitCalls.CommandOf(tool.Name, input.Json);
        if (said?.Contains('\0') is true)
        {
            paths.Add(new JudgedPath(Resolve(resolve, said, workingDirectory), FileAccessKind.Write));
        }

        IEnumerable<string> texts = said is null ? input.Targets.OfType<CommandTarget>().Select(target => target.Command) : [said];
        var commands = texts.Select(text => ReadCommand(text, files, resolve, workingDirectory)).ToList();
        return new CallToJudge(tool.Name, tool.Kind, workingDirectory, paths, [.. input.Targets.OfType<UrlTarget>().Select(target => target.Url)])
        {
            Commands = commands,
            IsSaidAsCommand = said is not null,
            Input = input.Json,
            PrivateKeys = PrivateKeyFiles.Among(paths, commands, files),
            AsksForNoSandbox = AsksForNoSandbox(input.Json),
        };
    }

    private static List<JudgedPath> ReadPaths(ToolDefinition tool, ToolInput input, Func<string, string, ResolvedPath> files, string workingDirectory)
    {
        var paths = input.Targets.OfType<FileTarget>().Select(target => new JudgedPath(Resolve(files, target.Path, workingDirectory), target.Access)).ToList();
        if (PatternFolder(tool.Name, input.Json) is { } folder)
        {
            var start = paths.Count > 0 ? paths[0].Path.Normalised : workingDirectory;
            paths.Add(new JudgedPath(Resolve(files, folder, start), FileAccessKind.Read));
        }

        return paths;
    }

    private static JudgedCommand ReadCommand(string text, IFiles door, Func<string, string, ResolvedPath> files, string workingDirectory)
    {
        var script = ShellParser.Parse(text);
        var reading = CommandReading.Of(script);
        var words = reading.Words.Select(word => word.Text).Distinct().ToList();
        var written = reading.Redirects.Where(redirect => redirect.Writes).Select(redirect => redirect.Target.Text).Where(target => target is not "/dev/null").ToHashSet();
        var folders = FoldersOf(reading, files, workingDirectory);
        var repositories = RepositoryTops.Of(reading, [door.Root, .. folders], door, files);
        var paths = new List<WordPath>();
        var resolved = new Dictionary<(string, string), ResolvedPath>();
        foreach (var word in words.Take(MaxWords).Where(word => !HistoryReads.LeavesOut(reading, word)))
        {
            foreach (var part in PartsOf(word))
            {
                Take(word, part);
            }
        }

        foreach (var (word, path) in repositories.NamedIn(words.Take(MaxWords), files))
        {
            paths.Add(new WordPath(word, path, false, false));
        }

        var patterns = new GlobWords(door, files, dots: reading.Commands.Any(command => command.Name is "shopt" or "bash" || command.Texts.Contains("dotglob")));
        foreach (var word in reading.Words.Where(word => GlobWords.IsPattern(word) && !CommandEffects.ShowsNamesOnly(reading, word.Text)).DistinctBy(word => word.Text).Take(MaxWords))
        {
            paths.AddRange(folders.SelectMany(folder => patterns.Matches(word.Text, folder).Select(match => new WordPath(word.Text, Resolve(files, match, folder), false, written.Contains(word.Text)) { IsMatch = true })));
        }

        var specs = new GlobWords(door, files, dots: true);
        foreach (var spec in GitPathspecs.Of(reading).Take(MaxWords))
        {
            paths.AddRange(folders.SelectMany(folder => specs.Matches(GitPathspecs.NamesIn(spec), folder).Select(match => new WordPath(spec, Resolve(files, match, folder), false, false) { IsMatch = true })));
        }

        var copied = new CopiedFiles(door, files);
        paths.AddRange(copied.Of(reading, folders, patterns));
        return new JudgedCommand(script, reading, paths, words.Count > MaxWords || folders.Count > MaxFolders) { Folders = folders, Places = [.. folders.Select(folder => Resolve(files, folder, workingDirectory))], CopiesUnseen = copied.Unseen, Repositories = repositories, Git = new(() => GitPlaces.Of([door.Root, .. folders], repositories, door, files)) };

        // A path from the top of the machine or of the home folder is the same from every folder.
        void Take(string word, string part)
        {
            foreach (var folder in part is ['/', ..] or ['~', ..] ? folders.Take(1) : folders)
            {
                if (!resolved.TryGetValue((part, folder), out var path))
                {
                    resolved[(part, folder)] = path = Resolve(files, part, folder);
                }

                paths.Add(new WordPath(word, path, part == word, written.Contains(word)));
            }
        }
    }

    // The working directory, and every folder that a 'cd' may go to from any of them.
    private static List<string> FoldersOf(CommandReading reading, Func<string, string, ResolvedPath> files, string workingDirectory)
    {
        var folders = new List<string> { workingDirectory };
        foreach (var command in reading.Commands)
        {
            foreach (var target in FolderChanges.TargetsOf(command).Where(target => target.Length is > 0 and < 4096 && !target.Contains('\0')))
            {
                foreach (var folder in folders.ToArray().Where(_ => folders.Count <= MaxFolders))
                {
                    var path = Resolve(files, target, folder).Normalised;
                    if (!folders.Contains(path))
                    {
                        folders.Add(path);
                    }
                }
            }
        }

        return folders;
    }

    // --file=x, -fx, @x, host:x and a list a:b all may name x.
    private static IEnumerable<string> PartsOf(string word)
    {
        if (word.Length is 0 or > 4096 || word.Contains('\0'))
        {
            yield break;
        }

        if (word[0] != '-')
        {
            yield return word;
        }
        else if (word.Length > 2 && word[1] != '-')
        {
            // Letters may stand together, and the last of them takes the rest: -nfx is -n -f x.
            for (var i = 2; i < word.Length && i <= MaxCluster && char.IsAsciiLetterOrDigit(word[i - 1]); i++)
            {
                yield return word[i..];
            }
        }

        for (var i = 0; i < word.Length - 1; i++)
        {
            if (word[i] is '=' or '@' or ':' or ',' && word[i + 1] is not ('=' or '@' or ':' or ','))
            {
                yield return word[(i + 1)..];
            }
        }
    }

    private static ResolvedPath Resolve(Func<string, string, ResolvedPath> files, string path, string workingDirectory) =>
        path.Contains('\0') ? new ResolvedPath(path, path, path, false, FileKind.Missing) : files(path, workingDirectory);

    // A search pattern that climbs out of its folder reads where it climbs to.
    private static string? PatternFolder(string tool, JsonElement input)
    {
        var name = tool switch { "Glob" => "pattern", "Grep" => "glob", _ => null };
        if (name is null || input.ValueKind is not JsonValueKind.Object || !input.TryGetProperty(name, out var value) || value.ValueKind is not JsonValueKind.String)
        {
            return null;
        }

        var pattern = value.GetString()!;
        var segments = pattern.Split('/').TakeWhile(segment => segment.AsSpan().IndexOfAny("*?[{") < 0).ToList();
        return segments.Contains("..") || pattern is ['/', ..] or ['~', ..] || pattern.Contains("/../", StringComparison.Ordinal)
            ? pattern.Contains("/../", StringComparison.Ordinal) && !segments.Contains("..") ? "/" : string.Join('/', segments) is { Length: > 0 } folder ? folder : "/"
            : null;
    }

    internal static bool AsksForNoSandbox(JsonElement input) =>
        input.ValueKind is JsonValueKind.Object
        && ((input.TryGetProperty("sandbox", out var sandbox) && sandbox.ValueKind is JsonValueKind.String && sandbox.GetString() == "off")
            || (input.TryGetProperty("dangerouslyDisableSandbox", out var disable) && disable.ValueKind is JsonValueKind.True));
}
