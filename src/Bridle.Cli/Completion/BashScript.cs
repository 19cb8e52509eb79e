using System.Text;

namespace Bridle.Cli.Completion;

/// <summary>Completion for bash. Plain bash: the package bash-completion is not needed.</summary>
internal static class BashScript
{
    public static string Write(IReadOnlyList<CompletionNode> nodes)
    {
        var script = new StringBuilder();
        script.Append(
            """
            # bash completion for bridle: eval "$(bridle completion bash)"
            _bridle() {
                local cur prev path word i
                cur=${COMP_WORDS[COMP_CWORD]}
                prev=${COMP_WORDS[COMP_CWORD-1]}
                path=""
                for ((i = 1; i < COMP_CWORD; i++)); do
                    word=${COMP_WORDS[i]}
                    case "$path $word" in

            """);
        foreach (var node in nodes.Where(node => node.Path.Length > 0))
        {
            var parent = node.Path.Contains(' ') ? node.Path[..node.Path.LastIndexOf(' ')] : "";
            var name = node.Path[(parent.Length == 0 ? 0 : parent.Length + 1)..];
            script.Append($"            \"{parent} {name}\") path=\"{node.Path}\" ;;\n");
        }

        script.Append(
            """
                    esac
                done
                COMPREPLY=()
                case "$path:$prev" in

            """);
        AddValues(script, nodes);
        script.Append(
            """
                esac
                case "$path" in

            """);
        foreach (var node in nodes)
        {
            var words = node.Subcommands.Select(child => child.Name).Concat(node.Values).Concat(node.Flags.SelectMany(flag => flag.Names));
            script.Append($"        \"{node.Path}\") COMPREPLY=($(compgen -W \"{string.Join(' ', words)}\" -- \"$cur\")) ;;\n");
        }

        script.Append(
            """
                esac
            }
            complete -o default -F _bridle bridle

            """);
        return script.ToString();
    }

    private static void AddValues(StringBuilder script, IReadOnlyList<CompletionNode> nodes)
    {
        foreach (var node in nodes)
        {
            foreach (var flag in node.Flags.Where(flag => flag.TakesValue))
            {
                var pattern = string.Join('|', flag.Names.Select(name => $"\"{node.Path}:{name}\""));
                script.Append(flag.Values.Count > 0
                    ? $"        {pattern}) COMPREPLY=($(compgen -W \"{string.Join(' ', flag.Values)}\" -- \"$cur\")); return ;;\n"
                    : $"        {pattern}) COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n");
            }
        }
    }
}
