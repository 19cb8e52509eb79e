using System.Text;

namespace Bridle.Cli.Completion;

/// <summary>Completion for zsh, with descriptions.</summary>
internal static class ZshScript
{
    public static string Write(IReadOnlyList<CompletionNode> nodes)
    {
        var script = new StringBuilder();
        script.Append(
            """
            #compdef bridle
            # zsh completion for bridle: eval "$(bridle completion zsh)"
            _bridle() {
                local context="" word prev=${words[CURRENT-1]}
                local -a candidates
                for word in ${words[2,CURRENT-1]}; do
                    case "$context $word" in

            """);
        foreach (var node in nodes.Where(node => node.Path.Length > 0))
        {
            var parent = node.Path.Contains(' ') ? node.Path[..node.Path.LastIndexOf(' ')] : "";
            script.Append($"            \"{parent} {node.Path[(parent.Length == 0 ? 0 : parent.Length + 1)..]}\") context=\"{node.Path}\" ;;\n");
        }

        script.Append(
            """
                    esac
                done
                case "$context:$prev" in

            """);
        foreach (var (node, flag) in nodes.SelectMany(node => node.Flags.Where(flag => flag.TakesValue).Select(flag => (node, flag))))
        {
            var pattern = string.Join('|', flag.Names.Select(name => $"\"{node.Path}:{name}\""));
            script.Append(flag.Values.Count > 0
                ? $"        {pattern}) compadd -- {string.Join(' ', flag.Values.Select(Quote))}; return ;;\n"
                : $"        {pattern}) _files; return ;;\n");
        }

        script.Append("    esac\n    case \"$context\" in\n");
        foreach (var node in nodes)
        {
            script.Append($"        \"{node.Path}\") candidates=(");
            var described = node.Subcommands.Select(child => (child.Name, child.Description)).Concat(node.Values.Select(value => (value, "")))
                .Concat(node.Flags.SelectMany(flag => flag.Names.Select(name => (name, flag.Description))));
            script.AppendJoin(' ', described.Select(word => Quote($"{word.Item1.Replace(":", "\\:", StringComparison.Ordinal)}:{word.Item2}"))).Append(") ;;\n");
        }

        script.Append(
            """
                esac
                _describe bridle candidates
            }
            if [ "${funcstack[1]:-}" = "_bridle" ]; then _bridle "$@"; else compdef _bridle bridle; fi

            """);
        return script.ToString();
    }

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
