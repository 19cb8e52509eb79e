using System.Collections;
using Bridle.Messages;

namespace Bridle.Workspaces;

/// <summary>
/// What a started program may know of our environment: a short list and what the user named, so that no key and no variable that makes
/// a program load code (<c>LD_PRELOAD</c>, <c>NODE_OPTIONS</c>, <c>GIT_*</c> …) gets through by accident.
/// </summary>
internal sealed class ChildEnvironment
{
    /// <summary>Says to which call a process belongs.</summary>
    public const string CallVariable = "BRIDLE_CALL";

    private static readonly string[] s_passed =
        OperatingSystem.IsWindows()
            ? ["PATH", "PATHEXT", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "TEMP", "TMP", "USERPROFILE", "HOMEDRIVE", "HOMEPATH",
               "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "PROGRAMFILES", "PROGRAMFILES(X86)", "USERNAME", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE", "LANG", "TZ"]
            : ["PATH", "HOME", "LANG", "TZ", "USER", "LOGNAME", "SHELL", "TMPDIR", "XDG_CONFIG_HOME"];

    // Nobody sits at these programs: no colours by cursor codes, no pager, no questions.
    private static readonly (string Name, string Value)[] s_set =
    [
        ("TERM", "dumb"), ("PAGER", "cat"), ("GIT_PAGER", "cat"), ("GIT_TERMINAL_PROMPT", "0"), ("DEBIAN_FRONTEND", "noninteractive"),
    ];

    private readonly Dictionary<string, string> _variables;

    public ChildEnvironment(IDictionary ours, IEnumerable<string> named)
    {
        var comparer = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        var allowed = new HashSet<string>([.. s_passed, .. named], comparer);
        _variables = new Dictionary<string, string>(comparer);
        foreach (var (name, value) in s_set)
        {
            _variables[name] = value;
        }

        foreach (DictionaryEntry variable in ours)
        {
            var name = (string)variable.Key;
            if (allowed.Contains(name) || name.StartsWith("LC_", StringComparison.Ordinal))
            {
                _variables[name] = (string?)variable.Value ?? "";
            }
        }

        if (!OperatingSystem.IsWindows())
        {
            // A relative entry would find programs that somebody put into the folder we work in; a shell takes an empty one for the current folder.
            var path = string.Join(':', _variables.GetValueOrDefault("PATH", "").Split(':').Where(entry => entry.StartsWith('/')));
            _variables["PATH"] = path.Length > 0 ? path : "/usr/local/bin:/usr/bin:/bin";
        }
    }

    /// <summary>The variables of one program; what the spec says wins.</summary>
    public Dictionary<string, string> For(ProcessSpec spec)
    {
        var all = new Dictionary<string, string>(_variables, _variables.Comparer);
        foreach (var (name, value) in spec.Environment)
        {
            if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal) || value.Contains('\0', StringComparison.Ordinal))
            {
                throw new ToolException($"{spec.Program} was not started: the variable name '{name.Replace('\0', '?')}' or its value cannot stand in an environment.");
            }

            all[name] = value;
        }

        return all;
    }
}
