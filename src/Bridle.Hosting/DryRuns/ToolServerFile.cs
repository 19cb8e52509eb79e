using System.Text.Json;
using System.Text.RegularExpressions;
using Bridle.Hosting.Toolchains;
using Bridle.Hosting.Trust;
using Bridle.Messages;

namespace Bridle.Hosting.DryRuns;

/// <summary>
/// What is wrong with the tool servers (MCP) that a folder's <c>.mcp.json</c> names: broken JSON, servers whose program is not there or whose address is none. Starts and
/// contacts none of them.
/// </summary>
internal static partial class ToolServerFile
{
    private const string Name = ".mcp.json";
    private const string Next = "Correct the file. A session does not use tool servers yet.";
    private const int MostBytes = 1024 * 1024;
    private const int MostServers = 100;
    private const int MostNamed = 5;
    private const int LongestName = 40;

    [GeneratedRegex(@"\$\{(?<name>\w+)(:-(?<else>[^}]*))?\}")]
    private static partial Regex Variable { get; }

    /// <summary>One for each thing that is wrong, with what to do. Reads the file of the folder and that of its repository; of a folder that is not trusted it says only whom they name.</summary>
    public static IReadOnlyList<(string Text, string Next)> Problems(string folder, HostEnvironment environment, bool trusted)
    {
        var places = new[] { folder, RealFolder.Of(folder)?.Repository() }.OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return places.ConvertAll(place => Path.Combine(place, Name)).FindAll(File.Exists).SelectMany(file => In(file, environment, trusted)).Distinct().ToList();
    }

    private static IEnumerable<(string Text, string Next)> In(string file, HostEnvironment environment, bool trusted)
    {
        try
        {
            if (SmallFile.Length(file) > MostBytes)
            {
                return [($"{file} is longer than {MostBytes / 1024} KiB.", Next)];
            }

            using var document = SoundJson.Parse(SmallFile.Read(file, MostBytes));
            if (document.RootElement.ValueKind is not JsonValueKind.Object || !document.RootElement.TryGetProperty("mcpServers", out var servers) || servers.ValueKind is not JsonValueKind.Object)
            {
                return [($"{file} has no object 'mcpServers'.", Next)];
            }

            var named = servers.EnumerateObject().ToList();
            return !trusted ? Waiting(file, named.ConvertAll(server => server.Name))
                : [.. named.Take(MostServers).Where(server => WhyNot(server.Value, Path.GetDirectoryName(file)!, environment) is not null)
                    .Select(server => ($"The tool server '{Shown(server.Name)}' of {file} cannot be used: {WhyNot(server.Value, Path.GetDirectoryName(file)!, environment)}.", Next))];
        }
        catch (JsonException broken)
        {
            return [($"{file} is no JSON (line {broken.LineNumber + 1}).", Next)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [($"{file} cannot be read ({e.Message}).", Next)];
        }
    }

    private static IEnumerable<(string Text, string Next)> Waiting(string file, List<string> names) => names.Count is 0 ? []
        : [($"{file} names {names.Count} tool server{(names.Count is 1 ? "" : "s")} ({string.Join(", ", names.Take(MostNamed).Select(Shown))}{(names.Count > MostNamed ? ", …" : "")}), which a session does not use yet, in a trusted folder or another one.",
            "There is nothing to do for it. In a trusted folder a dry run also says what is wrong with them.")];

    private static string Shown(string name) => new([.. name.Take(LongestName).Select(letter => letter is '\n' or '\t' ? ' ' : char.IsControl(letter) || char.IsSurrogate(letter) || char.GetUnicodeCategory(letter) is System.Globalization.UnicodeCategory.Format ? '?' : letter)]);

    private static string? WhyNot(JsonElement server, string folder, HostEnvironment environment)
    {
        string? Text(string name) => server.ValueKind is JsonValueKind.Object && server.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
        if (Text("url") is { } url)
        {
            return Filled(url, environment, out var unset) is not { } address ? $"the variable {unset} is not set"
                : Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "ws" or "wss" ? null : $"'{url}' is no address";
        }

        if (Text("command") is not { Length: > 0 } command)
        {
            return "it names neither a program ('command') nor an address ('url')";
        }

        if (Filled(command, environment, out var missing) is not { } program)
        {
            return $"the variable {missing} is not set";
        }

        var isThere = program.StartsWith("~/", StringComparison.Ordinal) ? File.Exists(Path.Combine(environment.Home, program[2..]))
            : program.Contains('/') ? File.Exists(Path.GetFullPath(Path.Combine(folder, program)))
            : ToolchainPlan.IsInstalled(environment, program);
        // As it is written: a variable may hold what nobody should see.
        return isThere ? null : $"there is no program {command}";
    }

    // Null: a variable without a value of its own is not set.
    private static string? Filled(string text, HostEnvironment environment, out string? unset)
    {
        string? first = null;
        var filled = Variable.Replace(text, match =>
        {
            var value = environment[match.Groups["name"].Value] is { Length: > 0 } set ? set : match.Groups["else"].Success ? match.Groups["else"].Value : null;
            first ??= value is null ? match.Groups["name"].Value : null;
            return value ?? "";
        });
        unset = first;
        return first is null ? filled : null;
    }
}
