using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>
/// Reads one alternative of a rule: <c>Tool</c> or <c>Tool(specifier)</c>. A problem names what is wrong and the form that was probably meant. What cannot be
/// understood never allows; a rule that would tighten then holds for every call of its tool.
/// </summary>
internal static class RuleGrammar
{
    // The tools whose own rules speak of this field, so that a rule for the bare parameter would be a second, weaker way to say the same.
    private static readonly (string Tool, string Parameter, string Form)[] MainFields =
    [
        ("Bash", "command", "Bash({0})"), ("Read", "file_path", "Read({0})"), ("Read", "path", "Read({0})"), ("Edit", "file_path", "Edit({0})"), ("Edit", "path", "Edit({0})"),
        ("Edit", "notebook_path", "Edit({0})"), ("Write", "file_path", "Edit({0})"), ("Write", "path", "Edit({0})"), ("Grep", "path", "Read({0})"), ("Glob", "path", "Read({0})"),
        ("Ls", "path", "Read({0})"), ("WebFetch", "url", "WebFetch(domain:HOST)"),
    ];

    // What else a call says about itself; any other word before a colon belongs to a command, a path, or the name of a plugin's skill.
    private static readonly string[] ShellParameters = ["run_in_background", "timeout", "description", "sandbox", "dangerouslyDisableSandbox"];

    private static readonly string[] FileParameters = ["offset", "limit", "replace_all", "glob", "type", "output_mode", "multiline", "case_insensitive", "max_results"];

    private static readonly string[] SubjectParameters = ["model", "prompt", "description", "args", "isolation", "run_in_background", "subagent_type", "mode"];

    private static readonly string[] WebParameters = ["maxChars", "max_chars", "prompt", "description"];

    public static RuleTerm? Parse(string text, Verdict verdict, out string? problem)
    {
        problem = null;
        if (text.Length == 0)
        {
            return null;
        }

        var open = text.IndexOf('(');
        if (open >= 0 && !text.EndsWith(')'))
        {
            return Bad(text[..open].Trim(), verdict, $"a parenthesis is not closed. Did you mean '{text})'?", out problem);
        }

        var name = (open < 0 ? text : text[..open]).Trim();
        var tool = RuleToolNames.IsGlob(name) ? name : RuleToolNames.Canonical(name);
        var specifier = open < 0 ? null : text[(open + 1)..^1].Trim();
        if (tool.Length == 0 || tool.Any(char.IsWhiteSpace) || tool.Contains(')'))
        {
            return Bad(tool, verdict, $"'{name}' is no tool's name. Rules are written Tool or Tool(specifier).", out problem);
        }

        if (verdict is Verdict.Allow && RuleToolNames.IsGlob(tool) && !RuleToolNames.MayAllow(tool))
        {
            var meant = tool.StartsWith("mcp__", StringComparison.OrdinalIgnoreCase) ? " Did you mean 'mcp__SERVER__*', or 'mcp__*__*' for every server?" : "";
            problem = $"an allow rule may not name tools by a wildcard, except tools of an MCP server.{meant} The rule is ignored.";
            return null;
        }

        return specifier is null or "*" ? new RuleTerm(tool, RuleScope.Tool, "") : WithSpecifier(tool, specifier, verdict, out problem);
    }

    private static RuleTerm? WithSpecifier(string tool, string specifier, Verdict verdict, out string? problem)
    {
        problem = null;
        if (specifier.Length == 0)
        {
            return Bad(tool, verdict, $"nothing stands between the parentheses. Did you mean '{tool}'?", out problem);
        }

        if (CommandSpelling.ProblemOfAny(tool, specifier, verdict is not Verdict.Allow) is { } unseen)
        {
            return Bad(tool, verdict, unseen, out problem);
        }

        if (ParameterOf(tool, specifier) is var (parameter, value))
        {
            return WithParameter(tool, parameter, value, verdict, out problem);
        }

        switch (tool.ToLowerInvariant())
        {
            case "bash":
                return OfCommand(tool, specifier, verdict, out problem);
            case "git" when GitCalls.PatternOf(specifier) is { } pattern:
                return new RuleTerm(tool, RuleScope.Command, specifier) { Command = pattern };
            case "read" or "grep" or "glob" or "ls" or "write" or "edit":
                return PathSpelling.Problem(tool, specifier, verdict is not Verdict.Allow) is { } misspelt ? Bad(tool, verdict, misspelt, out problem)
                    : new RuleTerm(tool, Same(tool, "write") || Same(tool, "edit") ? RuleScope.Writes : RuleScope.Reads, specifier);
            case "agent" or "skill":
                return new RuleTerm(tool, RuleScope.Subject, specifier);
            case "webfetch" when specifier.StartsWith("domain:", StringComparison.OrdinalIgnoreCase):
                return HostSpelling.Read(specifier[7..].Trim(), verdict is not Verdict.Allow, out var misnamed) is { } named ? new RuleTerm(tool, RuleScope.Host, named) : Bad(tool, verdict, misnamed, out problem);
            case "webfetch":
                var host = Uri.TryCreate(specifier, UriKind.Absolute, out var address) && address.Host.Length > 0 ? address.Host : specifier.Split('/')[0];
                return Bad(tool, verdict, $"an address is named by its host. Did you mean 'WebFetch(domain:{host})'?", out problem);
            default:
                return Bad(tool, verdict, $"'{tool}' has no rules of the form '({specifier})'. Did you mean '{tool}'{(verdict is Verdict.Allow ? "" : $", or '{tool}(PARAMETER:VALUE)'")}?", out problem);
        }
    }

    private static RuleTerm? OfCommand(string tool, string specifier, Verdict verdict, out string? problem)
    {
        problem = null;
        var tightens = verdict is not Verdict.Allow;
        return (CommandSpelling.Problem(specifier, tightens) ?? CompoundPattern.Read(specifier, tightens, out _)) is { } unread ? Bad(tool, verdict, unread, out problem)
            : new RuleTerm(tool, RuleScope.Command, specifier) { Command = CommandPattern.Parse(tightens ? CommandSpelling.WithBareName(specifier) : specifier), Parts = CompoundPattern.Read(specifier, tightens, out var parts) is null ? parts : null };
    }

    private static RuleTerm? WithParameter(string tool, string parameter, string value, Verdict verdict, out string? problem)
    {
        problem = null;
        if (MainFields.FirstOrDefault(field => Same(field.Tool, tool) && Same(field.Parameter, parameter)) is { Form: { } form })
        {
            problem = $"'{parameter}' of {tool} has rules of its own. Did you mean '{string.Format(System.Globalization.CultureInfo.InvariantCulture, form, value)}'? The rule is ignored.";
            return null;
        }

        if (verdict is Verdict.Allow)
        {
            problem = $"a rule about one parameter can deny or ask, but not allow: the other parameters could say anything. Did you mean '{(Same(tool, GitCalls.Tool) && Same(parameter, "verb") ? $"{tool}({value}:*)" : tool)}'? The rule is ignored.";
            return null;
        }

        return new RuleTerm(tool, RuleScope.Parameter, value) { Parameter = parameter };
    }

    // name:value, where the tool has no other meaning for it. For Bash only what is known to be a parameter: 'Bash(git:*)' is a command.
    private static (string Parameter, string Value)? ParameterOf(string tool, string specifier)
    {
        var colon = specifier.IndexOf(':');
        if (colon <= 0 || !specifier.AsSpan(0, colon).ContainsOnlyName())
        {
            return null;
        }

        var (parameter, value) = (specifier[..colon], specifier[(colon + 1)..].Trim());
        var isMain = MainFields.Any(field => Same(field.Tool, tool) && Same(field.Parameter, parameter));
        var isParameter = isMain || tool.ToLowerInvariant() switch
        {
            "bash" => ShellParameters.Contains(parameter, StringComparer.Ordinal),
            "read" or "edit" or "write" or "grep" or "glob" or "ls" => FileParameters.Contains(parameter, StringComparer.Ordinal),
            "agent" or "skill" => SubjectParameters.Contains(parameter, StringComparer.Ordinal),
            "webfetch" => WebParameters.Contains(parameter, StringComparer.Ordinal),
            "git" => parameter is "verb" or "arguments",
            _ => true,
        };
        return isParameter ? (parameter, value) : null;
    }

    private static bool ContainsOnlyName(this ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-' or '.'))
            {
                return false;
            }
        }

        return true;
    }

    private static RuleTerm? Bad(string tool, Verdict verdict, string what, out string? problem)
    {
        var holds = verdict is not Verdict.Allow && tool.Length > 0 && !tool.Any(char.IsWhiteSpace);
        problem = $"{what}{(holds ? $" Until then it holds for every call of {tool}." : " The rule is ignored.")}";
        return holds ? new RuleTerm(RuleToolNames.IsGlob(tool) ? tool : RuleToolNames.Canonical(tool), RuleScope.Tool, "") : null;
    }

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
