using System.Text.Json;
using Bridle.Hosting.Settings;

namespace Bridle.Hosting.Hooks;

/// <summary>Whether the programs of command hooks are there: a guard whose program is missing has failed before it looked at anything. What a shell would only know when it runs is not judged.</summary>
internal sealed class HookPrograms(HostEnvironment environment, string path)
{
    private static readonly HashSet<string> s_interpreters = ["sh", "bash", "dash", "zsh", "python", "python3", "node", "deno", "bun", "ruby", "perl"];

    // What a shell does itself.
    private static readonly HashSet<string> s_builtIn =
    [
        ".", ":", "[", "[[", "alias", "bg", "break", "case", "cd", "command", "continue", "do", "done", "echo", "eval", "exec", "exit", "export", "false", "fg", "for", "function", "getopts", "hash", "if", "jobs", "kill", "local",
        "printf", "pwd", "read", "readonly", "return", "set", "shift", "source", "test", "then", "time", "times", "trap", "true", "type", "ulimit", "umask", "unset", "until", "wait", "while", "{", "}", "!",
    ];

    // The folder of the project, where the file is a project's.
    private readonly string? _project = Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && Path.GetFileName(folder) is ".bridle" or ".claude" && Path.GetDirectoryName(folder) is var above && above != environment.Home ? above : null;

    /// <summary>One warning for each hook whose program is not there.</summary>
    public IEnumerable<SettingsProblem> Missing(JsonElement hooks)
    {
        foreach (var one in HookReader.Read(new HookFile(SettingsOrigin.User, path, hooks)))
        {
            if (one.Hook is { Type: HookType.Command, Broken: null, Command: not null } hook && WhyNot(hook) is { } reason)
            {
                yield return new($"hooks.{one.Place}", $"The hook '{one.Place}' will fail: {reason}") { IsWarning = true };
            }
        }
    }

    private string? WhyNot(DeclaredHook hook)
    {
        IReadOnlyList<string> words = hook.Arguments is { } arguments ? [hook.Command!, .. arguments] : WordsOf(hook.Command!);
        words = [.. words.Select(Expanded).SkipWhile(word => hook.Arguments is null && word.IndexOf('=', StringComparison.Ordinal) is > 0 and var at && word.AsSpan(0, at).IndexOfAnyExcept("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") < 0)];
        if (words.Count == 0 || !IsKnown(words[0]))
        {
            return null;
        }

        return !words[0].Contains('/') ? (hook.Arguments is null && s_builtIn.Contains(words[0])) || IsOnPath(words[0]) ? OfScript(words) : $"the program '{words[0]}' is not found on PATH."
            : IsMissing(words[0]) ? $"there is no file {words[0]}."
            : OfScript(words);
    }

    // 'python3 "$CLAUDE_PROJECT_DIR/guard.py"': the program is there, what it is to run may not be.
    private string? OfScript(IReadOnlyList<string> words) =>
        s_interpreters.Contains(Path.GetFileName(words[0])) && words.Count > 1 && words[1] is ['/', ..] script && IsKnown(script) && IsMissing(script) ? $"there is no file {script}." : null;

    private bool IsMissing(string word)
    {
        var full = word is ['/', ..] ? word : _project is null ? null : Path.Combine(_project, word);
        return full is not null && !File.Exists(full);
    }

    private bool IsOnPath(string program) =>
        (environment[Trust.PersonsPath.Name] ?? "").Split(Path.PathSeparator).Where(Path.IsPathFullyQualified).Any(folder => File.Exists(Path.Combine(folder, program)));

    private string Expanded(string word)
    {
        word = _project is null ? word : HookWords.Expand(word, _project);
        return word.StartsWith("~/", StringComparison.Ordinal) ? environment.Home + word[1..] : word.StartsWith("$HOME/", StringComparison.Ordinal) ? environment.Home + word[5..] : word;
    }

    // Words that the shell computes, and what follows a text that runs on, say nothing before they run.
    private static bool IsKnown(string word) => word.Length > 0 && word.AsSpan().IndexOfAny("$`*?[]{}\\~\n") < 0;

    private static IReadOnlyList<string> WordsOf(string command) => command.TrimStart() is ['(' or '<' or '>' or '#', ..] ? [] : HookWords.Of(command, "$CLAUDE_PROJECT_DIR");
}
