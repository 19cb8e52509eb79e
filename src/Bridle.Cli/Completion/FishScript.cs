using System.Text;

namespace Bridle.Cli.Completion;

/// <summary>Completion for fish, with descriptions.</summary>
internal static class FishScript
{
    public static string Write(IReadOnlyList<CompletionNode> nodes)
    {
        var script = new StringBuilder("# fish completion for bridle: bridle completion fish | source\n");
        foreach (var node in nodes)
        {
            var condition = Condition(node, nodes);
            foreach (var (name, description) in node.Subcommands)
            {
                script.Append($"complete -c bridle -n {Quote(condition)} -f -a {Quote(name)} -d {Quote(description)}\n");
            }

            if (node.Values.Count > 0)
            {
                script.Append($"complete -c bridle -n {Quote(condition)} -f -a {Quote(string.Join(' ', node.Values))}\n");
            }

            foreach (var flag in node.Flags)
            {
                script.Append($"complete -c bridle -n {Quote(condition)}");
                foreach (var name in flag.Names)
                {
                    script.Append(name.StartsWith("--", StringComparison.Ordinal) ? $" -l {name[2..]}" : name.Length == 2 ? $" -s {name[1..]}" : $" -o {name[1..]}");
                }

                script.Append(flag.TakesValue ? flag.Values.Count > 0 ? $" -x -a {Quote(string.Join(' ', flag.Values))}" : " -r" : "").Append($" -d {Quote(flag.Description)}\n");
            }
        }

        return script.ToString();
    }

    private static string Condition(CompletionNode node, IReadOnlyList<CompletionNode> nodes)
    {
        if (node.Path.Length == 0)
        {
            return "__fish_use_subcommand";
        }

        var seen = string.Join("; and ", node.Path.Split(' ').Select(word => $"__fish_seen_subcommand_from {word}"));
        var children = nodes.First(candidate => candidate.Path == node.Path).Subcommands;
        return children.Count > 0 ? $"{seen}; and not __fish_seen_subcommand_from {string.Join(' ', children.Select(child => child.Name))}" : seen;
    }

    private static string Quote(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
