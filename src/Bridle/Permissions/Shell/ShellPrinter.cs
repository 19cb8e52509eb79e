using System.Text;

namespace Bridle.Permissions.Shell;

/// <summary>Writes a tree as shell text again, from its structure alone: what is read of the result must be the same tree.</summary>
internal sealed class ShellPrinter
{
    private readonly StringBuilder _out = new();
    private readonly WordPrinter _words;
    private List<Redirect> _pending = [];

    private ShellPrinter() => _words = new WordPrinter(_out, Body);

    /// <summary>The tree of a script as text.</summary>
    public static string Print(ShellScript script)
    {
        var printer = new ShellPrinter();
        printer.List(script.Body);
        printer.Flush();
        return printer._out.ToString();
    }

    /// <summary>A word as text.</summary>
    public static string Print(ShellWord word)
    {
        var printer = new ShellPrinter();
        printer.Parts(word.Parts);
        return printer._out.ToString();
    }

    private void List(ShellSequence list)
    {
        for (var i = 0; i < list.Items.Count; i++)
        {
            Statement(list.Items[i].Command);
            _out.Append(list.Items[i].Ending == '&' ? " &" : "");
            if (i + 1 < list.Items.Count)
            {
                Separate(list.Items[i]);
            }
        }
    }

    // A list and what must stand between it and the keyword that ends it.
    private void Ended(ShellSequence list)
    {
        List(list);
        if (list.Items.Count > 0)
        {
            Separate(list.Items[^1]);
        }
    }

    private void Separate(SequenceItem item)
    {
        if (_pending.Count > 0)
        {
            Flush();
        }
        else
        {
            _out.Append(item.Ending == '&' ? " " : "; ");
        }
    }

    // Behind an operator; a here-document comes before what follows, which may have lines of its own.
    private void Continue()
    {
        _out.Append(_pending.Count > 0 ? "" : " ");
        Flush();
    }

    private void Flush()
    {
        if (_pending.Count == 0)
        {
            return;
        }

        var pending = _pending;
        _pending = [];
        _out.Append('\n');
        foreach (var redirect in pending)
        {
            var start = _out.Length;
            Parts(redirect.Document?.Parts ?? [], raw: true);
            _out.Append(_out.Length > start && _out[^1] != '\n' ? "\n" : "").Append(redirect.Target.Text).Append('\n');
        }
    }

    private void Statement(ShellStatement statement)
    {
        if (statement is SimpleCommand simple)
        {
            Simple(simple);
            return;
        }

        Compound(statement);
        foreach (var redirect in statement.Redirects)
        {
            _out.Append(' ');
            Redirect(redirect);
        }
    }

    // In the order of the text, which decides what is a keyword, and what stands behind the line of a here-document.
    private void Simple(SimpleCommand command)
    {
        var first = true;
        foreach (var node in command.Redirects.Concat<ShellNode>(command.Assignments).Concat(command.Words).OrderBy(node => node.Span.Start))
        {
            _out.Append(first ? "" : " ");
            first = false;
            switch (node)
            {
                case Redirect redirect:
                    Redirect(redirect);
                    break;
                case Assignment assignment:
                    Assignment(assignment);
                    break;
                case ShellWord word:
                    Parts(word.Parts);
                    break;
            }
        }
    }

    private void Assignment(Assignment assignment)
    {
        _out.Append(assignment.Name);
        Parts(assignment.Subscript is { } subscript ? [subscript] : []);
        _out.Append(assignment.Appends ? "+=" : "=");
        Parts(assignment.Value.Parts);
    }

    private void Redirect(Redirect redirect)
    {
        _out.Append(redirect.Descriptor).Append(redirect.Operator).Append(' ');
        Parts(redirect.Target.Parts);
        if (redirect.Operator is "<<" or "<<-")
        {
            _pending.Add(redirect);
        }
    }

    private void Compound(ShellStatement statement)
    {
        switch (statement)
        {
            case AndOr list:
                Joined(list);
                break;
            case Pipeline pipeline:
                Piped(pipeline);
                break;
            case Block block:
                _out.Append(block.Subshell ? "( " : "{ ");
                Ended(block.Body);
                _out.Append(block.Subshell ? ")" : "}");
                break;
            case IfCommand branches:
                Branches(branches);
                break;
            case LoopCommand loop:
                _out.Append(loop.Until ? "until " : "while ");
                Ended(loop.Condition);
                Do(loop.Body);
                break;
            case ForCommand loop:
                For(loop);
                break;
            case ArithmeticFor loop:
                _out.Append("for ((");
                Parts(loop.Header.Parts);
                _out.Append(")); ");
                Do(loop.Body);
                break;
            case CaseCommand choice:
                Case(choice);
                break;
            case FunctionDefinition function:
                _out.Append("function ");
                Parts(function.Name.Parts);
                _out.Append(" () ");
                Statement(function.Body);
                break;
            case Coprocess process:
                _out.Append("coproc ").Append(process.Name).Append(process.Name is null ? "" : " ");
                Statement(process.Body);
                break;
            case ArithmeticCommand command:
                _out.Append("((");
                Parts(command.Expression.Parts);
                _out.Append("))");
                break;
            case Conditional conditional:
                Terms(conditional);
                break;
        }
    }

    private void Joined(AndOr list)
    {
        Statement(list.First);
        foreach (var (symbol, command) in list.Rest)
        {
            _out.Append(' ').Append(symbol);
            Continue();
            Statement(command);
        }
    }

    private void Terms(Conditional conditional)
    {
        _out.Append("[[ ");
        foreach (var term in conditional.Terms)
        {
            Parts(term.Parts);
            _out.Append(' ');
        }

        _out.Append("]]");
    }

    private void Piped(Pipeline pipeline)
    {
        foreach (var prefix in pipeline.Prefixes)
        {
            _out.Append(prefix).Append(prefix == "!" ? " " : " -- ");
        }

        for (var i = 0; i < pipeline.Commands.Count; i++)
        {
            if (i > 0)
            {
                _out.Append(' ').Append(pipeline.Pipes[i - 1]);
                Continue();
            }

            Statement(pipeline.Commands[i]);
        }
    }

    private void Branches(IfCommand command)
    {
        for (var i = 0; i < command.Branches.Count; i++)
        {
            var (condition, body) = command.Branches[i];
            _out.Append(i == 0 ? "if " : condition is null ? "else " : "elif ");
            if (condition is not null)
            {
                Ended(condition);
                _out.Append("then ");
            }

            Ended(body);
        }

        _out.Append("fi");
    }

    private void For(ForCommand loop)
    {
        _out.Append(loop.Select ? "select " : "for ").Append(loop.Name);
        if (loop.Words is { } words)
        {
            _out.Append(" in");
            foreach (var word in words)
            {
                _out.Append(' ');
                Parts(word.Parts);
            }
        }

        _out.Append("; ");
        Do(loop.Body);
    }

    private void Do(ShellSequence body)
    {
        _out.Append("do ");
        Ended(body);
        _out.Append("done");
    }

    private void Case(CaseCommand choice)
    {
        _out.Append("case ");
        Parts(choice.Subject.Parts);
        _out.Append(" in ");
        foreach (var branch in choice.Branches)
        {
            _out.Append('(');
            for (var i = 0; i < branch.Patterns.Count; i++)
            {
                _out.Append(i > 0 ? " | " : "");
                Parts(branch.Patterns[i].Parts);
            }

            _out.Append(") ");
            List(branch.Body);
            Flush();
            _out.Append(' ').Append(branch.Ending.Length == 0 ? ";;" : branch.Ending).Append(' ');
        }

        _out.Append("esac");
    }

    private void Body(string open, ShellSequence body)
    {
        var outer = _pending;
        _pending = [];
        _out.Append(open);
        List(body);
        Flush();
        _pending = outer;
        _out.Append(" )");
    }

    private void Parts(IReadOnlyList<WordPart> parts, bool raw = false) => _words.Print(parts, raw);
}
