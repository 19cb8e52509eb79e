using System.Text.Json;
using Bridle.Hosting.Settings;
using Bridle.Permissions;

namespace Bridle.Hosting.Hooks;

/// <summary>Whether the programs of command hooks are there: a guard whose program is missing has failed before it looked at anything. What a shell would only know when it runs is not judged.</summary>
internal sealed class HookPrograms(HostEnvironment environment, string path)
{
    private static readonly HashSet<string> s_interpreters = ["sh", "bash", "dash", "zsh", "python", "python3", "node", "deno", "bun", "ruby", "perl"];

    // What a shell does itself.
    private static readonly HashSet<string> s_builtIn =
    [
        ".", ":", "[", "alias", "bg", "break", "cd", "command", "continue", "echo", "eval", "exec", "exit", "export", "false", "fg", "getopts", "hash", "jobs", "kill", "local",
        "printf", "pwd", "read", "readonly", "return", "set", "shift", "source", "test", "times", "trap", "true", "type", "ulimit", "umask", "unset", "wait",
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
        var words = hook.Arguments is { } arguments ? [.. arguments.Prepend(hook.Command!).Select(OfWord)]
            : FirstProgram.Of(hook.Command!, new(_project ?? "", environment.Home, path => path, _project is null ? [] : HookVariables.OfFolder));
        return words is not [{ Length: > 0 } program, ..] ? null
            : !program.Contains('/') ? (hook.Arguments is null && s_builtIn.Contains(program)) || IsOnPath(program) ? OfScript(words) : $"the program '{program}' is not found on PATH."
            : IsMissing(program) ? $"there is no file {program}."
            : OfScript(words);
    }

    // 'python3 "$CLAUDE_PROJECT_DIR/guard.py"': the program is there, what it is to run may not be.
    private string? OfScript(IReadOnlyList<string?> words) =>
        words is [{ } program, ['/', ..] script, ..] && s_interpreters.Contains(Path.GetFileName(program)) && IsMissing(script) ? $"there is no file {script}." : null;

    private bool IsMissing(string word)
    {
        var full = word is ['/', ..] ? word : _project is null ? null : Path.Combine(_project, word);
        return full is not null && !File.Exists(full);
    }

    private bool IsOnPath(string program) =>
        (environment[Trust.PersonsPath.Name] ?? "").Split(Path.PathSeparator).Where(Path.IsPathFullyQualified).Any(folder => File.Exists(Path.Combine(folder, program)));

    // No shell sees these words; what is left of a variable is none that the program puts in.
    private string? OfWord(string word)
    {
        word = _project is null ? word : HookVariables.Expand(word, _project);
        return word.Contains('$', StringComparison.Ordinal) ? null : word;
    }
}
