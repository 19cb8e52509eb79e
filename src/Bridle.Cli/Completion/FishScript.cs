using System.Text;

namespace Bridle.Cli.Completion;

/// <summary>Completion for fish, with descriptions.</summary>
internal static class FishScript
{
    public static string Write(IReadOnlyList<CompletionNode> nodes)
    {
        var script = new StringBuilder("# fish completion for bridle: bridle completion fish | source\n");
        WriteCondition(script, nodes);
        foreach (var node in nodes)
        {
            var start = $"complete -c bridle -n {Quote($"__bridle_at {Quote(node.Path)}")}";
            foreach (var (name, description) in node.Subcommands)
            {
                script.Append($"{start} -f -a {Quote(name)} -d {Quote(description)}\n");
            }

            if (node.Values.Count > 0)
            {
                script.Append($"{start} -f -a {Quote(string.Join(' ', node.Values))}\n");
            }

            foreach (var flag in node.Flags)
            {
                var names = flag.Names.Select(name => name.StartsWith("--", StringComparison.Ordinal) ? $"-l {Quote(name[2..])}" : $"{(name.Length == 2 ? "-s" : "-o")} {Quote(name[1..])}");
                var value = !flag.TakesValue ? "" : flag.Values.Count > 0 ? $" -x -a {Quote(string.Join(' ', flag.Values))}" : " -r";
                script.Append($"{start} {string.Join(' ', names)}{value} -d {Quote(flag.Description)}\n");
            }
        }

        return script.ToString();
    }

    /// <summary>A function that is true where the words before the cursor name exactly the command that it is given: fish's own helpers look for a word anywhere.</summary>
    private static void WriteCondition(StringBuilder script, IReadOnlyList<CompletionNode> nodes)
    {
        script.Append(
            """
            function __bridle_at
                set -l context ""
                set -l words (commandline -opc)
                for word in $words[2..-1]
                    switch "$context $word"

            """);
        foreach (var node in nodes.Where(node => node.Path.Length > 0))
        {
            script.Append($"            case {Quote(node.Path.Contains(' ') ? node.Path : $" {node.Path}")}\n                set context {Quote(node.Path)}\n");
        }

        script.Append(
            """
                    end
                end
                test "$context" = "$argv[1]"
            end

            """);
    }

    private static string Quote(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
