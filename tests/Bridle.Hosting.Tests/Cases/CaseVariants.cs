using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Bridle.Hosting.Cases;

namespace Bridle.Hosting.Tests.Cases;

/// <summary>
/// Says the same call in other words. For controls only what leaves the meaning as it is: blanks, quotes around plain words, other spellings of a path or a host.
/// For attacks also what puts the command behind, around or into something else.
/// </summary>
internal static partial class CaseVariants
{
    private static readonly string[] Keywords = ["if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac", "in", "function", "select", "time", "coproc", "!", "{", "}"];

    private static readonly Func<string, string>[] Around =
    [
        text => $"true; {text}", text => $"true && {text}", text => $"false || {text}", text => $"{text}\ntrue", text => $"true\n{text}", text => $"true | {text}",
        text => $"({text}\n)", text => $"{{ {text}\n}}", text => $"if true; then {text}\nfi", text => $"while {text}\ndo break; done", text => $"for i in 1; do {text}\ndone",
        text => $"case x in x) {text}\n;; esac", text => $"! {text}", text => $"f() {{ {text}\n}}; f", text => $"echo \"$({text}\n)\"", text => $"cat <({text}\n)",
    ];

    private static readonly Func<string, string>[] Wrapped =
    [
        text => $"sh -c {Quoted(text)}", text => $"bash -c {Quoted(text)}", text => $"eval {Quoted(text)}", text => $"timeout 5 {text}", text => $"nice {text}", text => $"env {text}",
        text => $"nohup {text}", text => $"command {text}", text => $"sudo {text}", text => $"setsid {text}", text => $"X=1 {text}", text => $"echo x | xargs {text}", text => $"stdbuf -oL {text}",
        text => $"sh -c {Quoted($"sh -c {Quoted(text)}")}",
    ];

    /// <summary>Another way to write the case, or null when this case has none of the kind that was drawn.</summary>
    public static JudgeCase? Of(JudgeCase one, Random random)
    {
        var node = JsonNode.Parse(one.Line.GetRawText())!;
        var holder = node["input"] is JsonObject given && given["resulting_call"] is { } ? given : node.AsObject();
        var name = ReferenceEquals(holder, node) ? "input" : "resulting_call";
        var input = holder[name]!;
        switch (one.Tool)
        {
            case "Bash" when input is JsonValue or JsonObject { Count: > 0 }:
                var text = input is JsonValue value ? value.GetValue<string>() : input["command"]?.GetValue<string>();
                if (text is null || Command(text, one.IsControl, random) is not { } command || command == text)
                {
                    return null;
                }

                if (input is JsonValue)
                {
                    holder[name] = command;
                }
                else
                {
                    input["command"] = command;
                }

                break;
            case "Read" or "Write" or "Edit" when input["path"]?.GetValue<string>() is { } path:
                if (PathOf(path, one.Policy.TryGetProperty("agent", out _) ? 4 : 5, random) is not { } other)
                {
                    return null;
                }

                input["path"] = other;
                break;
            case "WebFetch" when input["url"]?.GetValue<string>() is { } url:
                if (UrlOf(url, random) is not { } same)
                {
                    return null;
                }

                input["url"] = same;
                break;
            default:
                return null;
        }

        return JudgeCase.Read([node.ToJsonString()]).Single();
    }

    private static string? Command(string text, bool control, Random random)
    {
        var simple = Plain().IsMatch(text) && !Keywords.Contains(text.Split(' ')[0]);
        return (control, simple, random.Next(control ? 4 : 7)) switch
        {
            (_, true, 0) => string.Join(' ', Words(text).Select(word => random.Next(2) == 0 ? Quote(word, random) : word)),
            (_, true, 1) => string.Join(' ', Words(text).Select(word => random.Next(3) == 0 ? Escape(word, random) : word)),
            (_, true, 2) => string.Join(random.Next(2) == 0 ? "  " : "\t ", Words(text)),
            (true, _, _) => text.EndsWith('\\') ? null : random.Next(2) == 0 ? $"  {text}" : $"{text} ",
            (false, _, <= 3) when !text.Contains("<<") && !text.EndsWith('\\') => Around[random.Next(Around.Length)](text),
            (false, true, _) => Wrapped[random.Next(Wrapped.Length)](text),
            _ => $" {text}",
        };
    }

    private static string[] Words(string text) => text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    private static string Quote(string word, Random random) => random.Next(4) switch { 0 => $"'{word}'", 1 => $"\"{word}\"", 2 => $"{word[..1]}''{word[1..]}", _ => $"\"{word[..1]}\"'{word[1..]}'" };

    private static string Escape(string word, Random random)
    {
        var at = random.Next(word.Length);
        return $"{word[..at]}\\{word[at..]}";
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    // The folder in which a name stands is walked into twice; no link is walked out of, for '..' there leads elsewhere.
    private static string? PathOf(string path, int ways, Random random)
    {
        if (!path.StartsWith("/ws/", StringComparison.Ordinal))
        {
            return null;
        }

        return random.Next(ways) switch
        {
            0 => path.Replace("/ws/", "/ws/./", StringComparison.Ordinal), 1 => path.Replace("/ws/", "/ws//", StringComparison.Ordinal), 2 => $"/ws/sub/../{path["/ws/".Length..]}",
            3 => $"/tmp/../ws/{path["/ws/".Length..]}", _ => path["/ws/".Length..],
        };
    }

    private static string? UrlOf(string url, Random random)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || !address.IsDefaultPort || address.UserInfo.Length > 0 || address.HostNameType is not UriHostNameType.Dns
            || url.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0 || url.Contains('\\') || url[^1] == '.')
        {
            return null;
        }

        var rest = address.PathAndQuery + address.Fragment;
        return random.Next(3) switch
        {
            0 => $"{address.Scheme}://{address.Host.ToUpperInvariant()}{rest}", 1 => $"{address.Scheme}://{address.Host}.{rest}", _ => $"{address.Scheme}://{address.Host}:{address.Port}{rest}",
        };
    }

    [GeneratedRegex(@"^[A-Za-z0-9_./-]+([ \t]+[A-Za-z0-9_./:,@%+-]+)*$")]
    private static partial Regex Plain();
}
