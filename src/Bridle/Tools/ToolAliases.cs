using System.Collections.Frozen;
using System.Text.Json;

namespace Bridle.Tools;

/// <summary>What a call of another harness means here; arguments that are none such come back as they are.</summary>
/// <param name="arguments">The arguments, an object.</param>
/// <param name="known">The parameters of the tool here, from its schema. What it knows itself means what it says.</param>
/// <param name="scope">The call.</param>
internal delegate JsonElement ForeignCall(JsonElement arguments, JsonElement known, CallScope scope);

/// <summary>A name that other harnesses give to a tool, and how their arguments are called here.</summary>
/// <param name="Name">The foreign name.</param>
/// <param name="Tool">The canonical name.</param>
/// <param name="Arguments">What foreign arguments stand for; where several fit, the first.</param>
public sealed record ToolAlias(string Name, string Tool, IReadOnlyList<ArgumentAlias> Arguments)
{
    /// <summary>What makes one call of several foreign arguments, before their names are translated; null where there is nothing but names.</summary>
    internal ForeignCall? Rewrite { get; init; }
}

/// <summary>What a foreign argument stands for. Counts only when the tool knows the name here and not the foreign one.</summary>
/// <param name="From">The foreign name.</param>
/// <param name="To">The name here; empty for one that has no effect here and is left out.</param>
/// <param name="Negated">The foreign one says the opposite: <c>case_sensitive</c> and <c>case_insensitive</c>.</param>
/// <param name="WhenTrue">What the one here says when the foreign one, a flag, is set; it is left out when the flag is not set. Null for the value as it is.</param>
public sealed record ArgumentAlias(string From, string To, bool Negated = false, string? WhenTrue = null);

/// <summary>
/// The names under which models know tools from other harnesses. Used only when no tool of exactly that name is on offer.
/// <c>execute_sandboxed_command</c> is a tool of its own and never an alias, because it promises a container.
/// </summary>
public sealed class ToolAliases
{
    private const string FileArguments = "path>file_path, filePath>file_path, absolute_path>file_path, file>file_path";
    private const string EditArguments = "path>file_path, filePath>file_path, old_str>old_string, new_str>new_string, oldString>old_string, newString>new_string, "
        + "oldText>old_string, newText>new_string, replaceAll>replace_all";
    private const string BashArguments = "cmd>command, timeout_seconds>timeout, runInBackground>run_in_background, dangerouslyDisableSandbox>sandbox=off, dangerously_disable_sandbox>sandbox=off, description>";
    private const string GrepArguments = "root>path, query>pattern, include>glob, file_glob>glob, case_sensitive>!case_insensitive, -i>case_insensitive, limit>max_results, head_limit>max_results, timeout>, -n>";
    private const string WebSearchArguments = "max_results>limit, limit>max_results, q>query, search_url>";

    private const string ShellArguments = "bash_id>id, shell_id>id, bash_id>shell_id, shell_id>bash_id, id>shell_id, id>bash_id";

    private readonly FrozenDictionary<string, ToolAlias> _byName;

    /// <summary>Exactly these; names are compared without regard to case.</summary>
    public ToolAliases(IEnumerable<ToolAlias> aliases) => _byName = aliases.ToFrozenDictionary(alias => alias.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The names of ReIN, OpenHarness, harness-rs and the common command line agents.</summary>
    public static ToolAliases Standard { get; } = new(
    [
        .. Of("Read", "read read_file readfile view view_file cat open_file", FileArguments + ", max_bytes>"),
        .. Of("Write", "write write_file writefile create_file", FileArguments + ", file_text>content, contents>content, create_directories>"),
        .. Of("Edit", "edit edit_file replace str_replace search_replace", EditArguments),
        .. Of("Bash", "bash shell run_shell_command exec execute exec_command run_command execute_command terminal shell_exec shell_read run_terminal_cmd", BashArguments, ForeignCalls.Command),
        .. Of("Grep", "grep search_file_content grep_search search_files ripgrep rg", GrepArguments, ForeignSearch.Grep),
        .. Of("Glob", "glob find_files file_search glob_search", "root>path, glob>pattern, query>pattern, limit>"),
        .. Of("Ls", "ls list_dir list_directory list_files list", "dir>path, directory>path, dir_path>path, absolute_path>path"),
        .. Of("WebFetch", "web_fetch webfetch fetch fetch_url", "uri>url, prompt>"),
        .. Of("WebSearch", "web_search websearch google_web_search", WebSearchArguments),
        .. Of("TodoWrite", "todo_write todowrite update_todos write_todos update_plan", "items>todos, plan>todos, explanation>", ForeignCalls.Todos),
        .. Of("AskUser", "ask_user ask_user_question AskUserQuestion askuser", "suggestions>options, choices>options"),
        .. Of("BashOutput", "bash_output shell_output", ShellArguments),
        .. Of("KillShell", "kill_shell KillBash kill_bash", ShellArguments),
        .. Of("ToolSearch", "tool_search search_tools", "q>query, limit>max_results"),
        .. Of(CallTool.Name, "call_tool use_tool", ""),
        .. Of("Skill", "load_skill activate_skill use_skill", "name>skill, skill_name>skill, command>skill, arguments>args"),
        .. Of("SessionSearch", "session_search sessionsearch search_sessions", "q>query, session_id>session, around>message, top_k>limit, max_results>limit, k>limit"),
        .. Of("ExitPlanMode", "exit_plan_mode exitplanmode", ""),
        .. Of("Remember", "remember remember_shared save_memory memory_save", "slug>name, memory_id>name, body>text, content>text, fact>text"),
        .. Of("Forget", "forget forget_memory memory_delete", "slug>name, memory_id>name"),
        .. Of("ListMemory", "list_memory memory_list memory_search", ""),
        .. Of("ReadMemory", "read_memory read_memory_body memory_get", "slug>name, memory_id>name"),
    ]);

    /// <summary>All of them.</summary>
    public IEnumerable<ToolAlias> All => _byName.Values;

    /// <summary>The other names, in no order that means anything.</summary>
    internal IEnumerable<string> Names => _byName.Keys;

    /// <summary>The alias of that name, or null.</summary>
    public ToolAlias? Find(string name) => _byName.GetValueOrDefault(name);

    private static IEnumerable<ToolAlias> Of(string tool, string names, string arguments, ForeignCall? rewrite = null)
    {
        var map = arguments.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('>'))
            .Select(pair => (From: pair[0], To: pair[1].Split('=')))
            .Select(pair => new ArgumentAlias(pair.From, pair.To[0].TrimStart('!'), pair.To[0].StartsWith('!'), pair.To.ElementAtOrDefault(1))).ToList();
        return names.Split(' ').Select(name => new ToolAlias(name, tool, map) { Rewrite = rewrite });
    }
}
