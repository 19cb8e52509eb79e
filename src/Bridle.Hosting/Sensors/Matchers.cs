namespace Bridle.Hosting.Sensors;

/// <summary>The matchers that come with the program, and which of them fits a command that names none.</summary>
internal static class Matchers
{
    private const string Place = @"^(?<file>(?:[A-Za-z]:)?[^\s:(][^:(]*):(?<line>\d+)(?::(?<column>\d+))?";

    private static readonly Dictionary<string, Lazy<ProblemMatcher>> s_known = new()
    {
        ["$msbuild"] = Of(@"^\s*(?:MSBUILD\s*:\s+|CSC\s*:\s+)?(?:(?<file>[^\s(][^(]*?)(?:\((?<line>\d+)(?:,(?<column>\d+))?(?:,\d+,\d+)?\))?\s*:\s+)?(?:[\w ]+ )?(?<severity>error|warning)\s+(?<code>[A-Za-z]+\d+)\s*:\s*(?<message>.*?)(?:\s+\[[^\]]+\])?$"),
        ["$tsc"] = Of(@"^(?<file>[^\s(:][^(:]*)(?:\((?<line>\d+),(?<column>\d+)\):|:(?<line>\d+):(?<column>\d+) -) (?<severity>error|warning) (?<code>TS\d+): (?<message>.*)$"),
        ["$eslint"] = Loop(@"^(?<file>[^\s].*)$", @"^\s+(?<line>\d+):(?<column>\d+)\s+(?<severity>error|warning)\s+(?<message>.+?)(?:\s\s+(?<code>\S+))?$"),
        ["$gcc"] = Of(Place + @":\s+(?<severity>fatal error|error|warning|note):\s+(?<message>.*?)(?:\s+\[(?<code>-W[^\]]+)\])?$"),
        ["$rustc"] = new(() => new(
            [ProblemMatcher.Pattern(@"^(?<severity>error|warning)(?:\[(?<code>[A-Za-z]+\d+)\])?: (?<message>.*)$"), ProblemMatcher.Pattern(@"^\s*--> (?<file>.+?):(?<line>\d+):(?<column>\d+)$")])),
        ["$cargo-short"] = Of(Place + @": (?<severity>error|warning)(?:\[(?<code>\w+)\])?: (?<message>.*)$"),
        ["$go"] = Of(@"^(?:vet: )?(?<file>[^\s:#][^:]*\.go):(?<line>\d+)(?::(?<column>\d+))?: (?<message>.*)$"),
        ["$pytest"] = Of(@"^(?:FAILED|ERROR) (?<file>[^\s:]+)(?:::(?<code>\S+))?(?: - (?<message>.*))?$|^(?<file>[^\s:]+\.py):(?<line>\d+): (?<message>\w*(?:Error|Exception|Failed)\b.*)$"),
        [UnittestMatcher.Name] = new(() => new UnittestMatcher()),
        ["$ruff"] = Of(@"^(?<file>[^\s:][^:]*):(?<line>\d+):(?<column>\d+): (?<code>[A-Z]+\d+|SyntaxError|invalid-syntax):? (?:\[\*\] )?(?<message>.*)$"),
        ["$mypy"] = Of(@"^(?<file>[^\s:][^:]*):(?<line>\d+)(?::(?<column>\d+))?: (?<severity>error|warning|note): (?<message>.*?)(?:\s+\[(?<code>[\w-]+)\])?$"),
        ["$generic"] = Of(Place + @":\s*(?<severity>(?i:fatal error|fatal|error|warning|warn|info|note|hint))(?:\s+(?<code>[A-Za-z]+[-\w]*\d+))?\s*:\s*(?<message>.*)$"),
    };

    private static readonly (string Word, string Matcher)[] s_fits =
    [
        ("dotnet", "$msbuild"), ("msbuild", "$msbuild"), ("csc", "$msbuild"), ("tsc", "$tsc"), ("eslint", "$eslint"), ("cargo", "$rustc"), ("rustc", "$rustc"), ("go", "$go"), ("gofmt", "$go"),
        ("pytest", "$pytest"), ("unittest", UnittestMatcher.Name), ("ruff", "$ruff"), ("mypy", "$mypy"), ("gcc", "$gcc"), ("g++", "$gcc"), ("clang", "$gcc"), ("clang++", "$gcc"), ("cc", "$gcc"), ("make", "$gcc"), ("cmake", "$gcc"),
    ];

    /// <summary>Their names, with those that mean another one and <c>$json</c>, which is no matcher of lines.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_known.Keys, "$csc", "$clang", JsonSignals.Name];

    /// <summary>The matcher that a setting names; null for a name that is not known. Throws <see cref="ArgumentException"/> for a pattern that cannot be read.</summary>
    public static ProblemMatcher? Find(string setting) => setting switch
    {
        "$csc" => s_known["$msbuild"].Value,
        "$clang" => s_known["$gcc"].Value,
        ['$', >= 'a' and <= 'z', ..] => s_known.GetValueOrDefault(setting)?.Value,
        _ => new([ProblemMatcher.Pattern(setting)]),
    };

    /// <summary>The name of the one that fits what a command runs.</summary>
    public static string For(string command)
    {
        var words = command.Split([' ', '\t', '/', ';', '&', '|'], StringSplitOptions.RemoveEmptyEntries);
        return s_fits.FirstOrDefault(one => words.Contains(one.Word)).Matcher ?? "$generic";
    }

    /// <summary>Why a setting cannot be used, or null.</summary>
    public static string? WhyNot(string setting)
    {
        if (setting == JsonSignals.Name)
        {
            return null;
        }

        try
        {
            if (Find(setting) is null)
            {
                return $"there is no matcher '{setting}'; there are {string.Join(", ", Names)}";
            }

            return setting[0] is '$' && Names.Contains(setting) || ProblemMatcher.Pattern(setting).GetGroupNames().Contains("message") ? null : "the pattern has no group named 'message': (?<message>…)";
        }
        catch (ArgumentException mistake)
        {
            return $"the pattern cannot be read: {mistake.Message}";
        }
    }

    private static Lazy<ProblemMatcher> Of(string pattern) => new(() => new([ProblemMatcher.Pattern(pattern)]));

    private static Lazy<ProblemMatcher> Loop(string head, string item) => new(() => new([ProblemMatcher.Pattern(head), ProblemMatcher.Pattern(item)], loops: true));
}
