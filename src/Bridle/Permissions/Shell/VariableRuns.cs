using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Bridle.Permissions.Shell;

/// <summary>Variables whose value is more than a program's name: options, editors' commands, files that are written. And those that only sound as if their value were run: what programs certainly run is <see cref="InnerCommands"/>' own.</summary>
internal static class VariableRuns
{
    // Options that a program takes from a variable as if they stood behind its name.
    private static readonly FrozenDictionary<string, string> Options = new Dictionary<string, string>
    {
        ["MANOPT"] = "man", ["LESS"] = "less", ["MORE"] = "more", ["GOFLAGS"] = "go test", ["FZF_DEFAULT_OPTS"] = "fzf", ["SKIM_DEFAULT_OPTIONS"] = "sk", ["BAT_OPTS"] = "bat", ["ZIPOPT"] = "zip", ["RSYNC_OPTIONS"] = "rsync",
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> Editors = FrozenSet.Create("VIMINIT", "EXINIT", "GVIMINIT", "NEXINIT");

    private static readonly Regex Sounds = new(
        "(^|_)(CMD|COMMAND|PASSCOMMAND|RSH|PROG|PROGRAM|CONNECT_PROG|ASKPASS|WRAPPER|LAUNCHER|RUNNER|LINKER|HOOK|OPENER|TERMINAL)$|^(CC|CXX|LD|AR|CPP|FC|RUSTC|RUSTDOC|RUSTC_[A-Z_]+|DIFFPROG|HGMERGE|PYTHONBREAKPOINT)$",
        RegexOptions.CultureInvariant);

    private static readonly Regex Trace = new("^GIT_TRACE(2|_[A-Z0-9_]+|2_[A-Z0-9_]+)?$", RegexOptions.CultureInvariant);

    // What programs write by themselves where the variable says.
    private static readonly FrozenSet<string> Written = FrozenSet.Create(
        "HISTFILE", "LESSHISTFILE", "NODE_REPL_HISTORY", "PYTHON_HISTORY", "SQLITE_HISTORY", "PSQL_HISTORY", "MYSQL_HISTFILE", "SSLKEYLOGFILE", "LLVM_PROFILE_FILE", "COVERAGE_FILE", "NODE_REDIRECT_WARNINGS", "MALLOC_TRACE",
        "LD_DEBUG_OUTPUT", "GIT_INDEX_FILE", "GIT_REDIRECT_STDOUT", "GIT_REDIRECT_STDERR", "RUST_LOG_FILE", "XDEBUG_LOG", "STRACE_LOG");

    /// <summary>What a value makes programs run and write. <paramref name="known"/>: it is known to its end.</summary>
    public static IEnumerable<InnerCommand> Of(string name, string value, bool known)
    {
        if (Editors.Contains(name))
        {
            return EditorScripts.Of("vim", value, known);
        }

        if (Options.TryGetValue(name, out var program))
        {
            return value.AsSpan().IndexOfAny("+-/") < 0 ? [] : [new InnerCommand.Text($"{program} {value}", Certain: false)];
        }

        if (name.StartsWith("GIT_CONFIG_VALUE_", StringComparison.Ordinal) && known)
        {
            return [new InnerCommand.Text($"git {value}", Certain: false)];
        }

        if ((Written.Contains(name) && value.Length > 0) || (Trace.IsMatch(name) && (value is ['/' or '~', ..] || !known)))
        {
            InnerCommand[] file = value.Length > 0 ? [new InnerCommand.File(value, Writes: true)] : [];
            return known || value is ['~', ..] ? file : [.. file, new InnerCommand.Opens($"which file {name} makes a program write is computed")];
        }

        return known && Sounds.IsMatch(name) && !InnerCommands.IsRun(name) ? [new InnerCommand.Text(InnerCommands.Bare(value), Certain: false)] : [];
    }
}
