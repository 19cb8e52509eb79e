using System.Text;

namespace Bridle.Tests.Permissions.Shell;

/// <summary>Makes shell texts of every construct from a seed. Programs and files have names that occur nowhere else, so that a trace tells which text ran them.</summary>
internal sealed class ShellGenerator(Random random)
{
    private const string Noise = " \t\n;&|()<>'\"\\$`{}[]!#=*?~@+-:/.,%^0x_";
    private List<string> _programs = [];
    private List<string> _files = [];
    private List<string> _documents = [];

    /// <summary>A text with its names.</summary>
    public GeneratedText Make()
    {
        (_programs, _files, _documents) = ([], [], []);
        var text = List(random.Next(1, 3));
        text += _documents.Count > 0 ? Bodies() : Pick("", "", "\n", " # end", ";", " &");
        return new GeneratedText(text, [.. _programs], [.. _files]);
    }

    /// <summary>The text with a few characters changed.</summary>
    public GeneratedText Mutate(GeneratedText one)
    {
        var text = new StringBuilder(one.Text);
        for (var i = random.Next(1, 4); i > 0 && text.Length > 2; i--)
        {
            var at = random.Next(text.Length);
            var length = Math.Min(random.Next(1, 12), text.Length - at);
            switch (random.Next(5))
            {
                case 0:
                    text.Remove(at, Math.Min(length, 2));
                    break;
                case 1:
                    text.Insert(at, Noise[random.Next(Noise.Length)]);
                    break;
                case 2:
                    text[at] = Noise[random.Next(Noise.Length)];
                    break;
                case 3:
                    text.Insert(random.Next(text.Length), text.ToString(at, length));
                    break;
                default:
                    text.Insert(at, Pick("$(", ")", "${", "}", "<<E\n", "\nE\n", "((", "))", "$((", "' ", "\"", "`", "\\\n", " do ", " done ", "[[ ", " ]]", "$'", "<(", ">(", ";;", "&&", "||", " in ", " esac ", "{ ", "; }", "()", "case x in ", "# "));
                    break;
            }
        }

        return one with { Text = text.ToString() };
    }

    private string List(int depth)
    {
        var text = new StringBuilder();
        for (var i = random.Next(3) == 0 ? 2 : 1; i > 0; i--)
        {
            text.Append(AndOr(depth));
            if (i > 1)
            {
                text.Append(_documents.Count > 0 ? Bodies() : Pick("; ", ";", "\n", " & ", "\n\n", " ;\n", "; # why\n", " # it's (\n", ";\\\n"));
            }
        }

        return text.ToString();
    }

    // A list and the end that a keyword behind it needs.
    private string Ended(int depth)
    {
        var list = List(depth);
        return list + (_documents.Count > 0 ? Bodies() : Pick("; ", "\n", ";\n", " & ", "\n "));
    }

    private string AndOr(int depth)
    {
        var text = Pipeline(depth);
        while (random.Next(4) == 0)
        {
            text += Pick(" && ", " || ", "&&", "||", " &\\\n& ") + (_documents.Count == 0 ? Pick("", "\n", " # x\n ") : "") + Pipeline(depth);
        }

        return text;
    }

    private string Pipeline(int depth)
    {
        var text = random.Next(12) switch { 0 => "! ", 1 => "time ", 2 => "time -p ", _ => "" } + Command(depth);
        while (random.Next(5) == 0)
        {
            text += Pick(" | ", "|", " |& ", " |\n") is var bar && _documents.Count > 0 ? " | " + Command(depth) : bar + Command(depth);
        }

        return text;
    }

    private string Command(int depth)
    {
        if (depth <= 0 || random.Next(3) > 0)
        {
            return Simple(depth);
        }

        depth--;
        if (_documents.Count == 0 && random.Next(8) == 0)
        {
            return $"{{ {EvaluatedTexts.Make(random, Program())}; }}";
        }

        var text = random.Next(14) switch
        {
            0 => $"({Pick("", " ", "\n")}{List(depth)}{Close()})",
            1 => $"{{ {Ended(depth)}}}",
            2 => $"if {Ended(depth)}then {Ended(depth)}{(random.Next(2) == 0 ? $"elif {Ended(depth)}then {Ended(depth)}" : "")}{(random.Next(2) == 0 ? $"else {Ended(depth)}" : "")}fi",
            3 => $"while {Ended(depth)}do {Ended(depth)}break; done",
            4 => $"until {Ended(depth)}do {Ended(depth)}break\ndone",
            5 => $"for v in {Word(depth)} b{Pick("; ", "\n", " ;\n")}do {Ended(depth)}done",
            6 when random.Next(5) == 0 => $"for ((i=0;i<1;i++)){Pick(" ", "; ", "\n")}do {Ended(depth)}done",
            7 => $"case {Pick("x", "\"x\"", "$v")} in {Pick("", "(")}y|\"z\") {List(depth)}{Close()};; {Pick("(*", "*", "[a-z]", "x | *")}) {List(depth)}{Close()}{Pick(";;", ";&", "", "\n")}\nesac",
            8 => Function(depth),
            9 => $"[[ {Pick("-n", "-z", "!  -e", "a <")} {Word(depth)} {Pick("", "&& ( x == x* || x =~ ^(a|b).*$ )", "|| -f /x")} ]]",
            10 when random.Next(4) == 0 => $"(({Pick("", " ")}{List(depth)}{Close()}); ({List(0)}{Close()}))",
            10 => $"(( {Pick("1 + 2", "1 > 2 || 3", "(1)", $"$({List(0)}{Close()})+1")} ))",
            11 => $"coproc {Pick("{ " + Ended(0) + "}", Simple(0))}",
            12 => $"{{ {Ended(depth)}}} {Redirect(depth)}",
            _ => $"( {List(depth)}{Close()}) {Redirect(depth)}",
        };
        return text;
    }

    private string Close() => _documents.Count > 0 ? Bodies() : Pick("", " ");

    private string Function(int depth)
    {
        var name = $"f{random.Next(1_000_000)}";
        var head = random.Next(3) switch { 0 => $"{name}()", 1 => $"function {name}", _ => $"{name} ( )" };
        return $"{head} {{ {Ended(depth)}}}\n{name} {Word(depth)}";
    }

    private string Simple(int depth)
    {
        var text = new StringBuilder();
        while (random.Next(6) == 0)
        {
            text.Append(Pick("A=", "A+=", "B[1]=", "B=(", "C=") is var sign && sign == "B=(" ? $"B=({Word(depth)}{Pick(" ", " ", " ", "\n")}{Word(depth)}) " : $"{sign}{Word(depth)} ");
        }

        while (random.Next(8) == 0)
        {
            text.Append(Redirect(depth)).Append(' ');
        }

        text.Append(random.Next(20) switch
        {
            0 => $"eval '{Program()} x'",
            1 => $"sh -c '{Program()} y; {Program()}'",
            2 => $"{Pick("env", "timeout 5", "nice -n 1", "command", "exec", "nohup", "env A=1", "setsid -w", "stdbuf -o0", "ionice -c 3")} {Program()}",
            3 when random.Next(4) == 0 => $"\"$(echo {Program()})\"",
            4 => $"find /dev/null -exec {Program()} {{}} {Pick("\\;", "+", "';'")}",
            5 => $"bash -c \"{Program()} z\"",
            6 when random.Next(3) == 0 => $"{Pick("bash", "sh", "bash --", "bash -x", "bash -o pipefail", "bash bash")} {Program()}",
            _ => Spell(Program()),
        });
        for (var i = random.Next(3); i > 0; i--)
        {
            text.Append(Pick(" ", " ", "  ", "\t", " \\\n")).Append(random.Next(5) == 0 ? Redirect(depth) : Word(depth));
        }

        return text.ToString();
    }

    private string Program()
    {
        _programs.Add("q" + string.Concat(Enumerable.Range(0, 7).Select(_ => (char)('a' + random.Next(26)))));
        return _programs[^1];
    }

    private string File()
    {
        _files.Add("w" + string.Concat(Enumerable.Range(0, 7).Select(_ => (char)('a' + random.Next(26)))));
        return _files[^1];
    }

    // One name in the ways in which it may be written.
    private string Spell(string name) => random.Next(9) switch
    {
        0 => $"'{name}'",
        1 => $"\"{name}\"",
        2 => $"{name[..2]}''{name[2..]}",
        3 => $"\\{name}",
        4 => $"{name[..3]}\"{name[3..]}\"",
        5 => $"$'\\x{(int)name[0]:x}{name[1..]}'",
        6 => $"{name[..1]}\\\n{name[1..]}",
        _ => name,
    };

    private string Redirect(int depth) => random.Next(13) switch
    {
        0 => $"> {Spell(File())}",
        1 => $">{File()}",
        2 => $"2>>{File()}",
        3 => $"< {File()}",
        4 => $"&> {File()}",
        5 => $">| {File()}",
        6 => "2>&1",
        7 => $"<<< {Word(depth)}",
        8 => $">& {File()}",
        9 => $"3<> {File()}",
        10 => $"{{fd}}> {File()}",
        11 => "2>/dev/null",
        _ => depth > 0 ? Document() : "<&-",
    };

    private string Document()
    {
        var (end, expands) = ($"E{random.Next(1_000_000)}", random.Next(2) == 0);
        var tabs = random.Next(3) == 0;
        var body = Pick("text", "it's", "a \"b", "$v", "\\$(x)", "") + "\n" + (expands ? $"x {Expansion(0)} y\n" : "$(not run) `neither`\n");
        body += random.Next(12) switch { 0 => $"{end}{Program()} )\n", 1 => $"{end} \n", 2 => $"x\\\n{end}\n", 3 => $"\\{end}\n", _ => "" };
        _documents.Add((tabs ? "\t" : "") + body + (tabs ? "\t" : "") + end);
        return $"<<{(tabs ? "-" : "")}{(expands ? end : Pick($"'{end}'", $"\"{end}\"", $"\\{end}"))}";
    }

    private string Bodies()
    {
        var bodies = "\n" + string.Join('\n', _documents) + "\n";
        _documents = [];
        return bodies;
    }

    private string Word(int depth)
    {
        var text = new StringBuilder();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            text.Append(random.Next(16) switch
            {
                0 => "'a b; c'",
                1 => $"\"x {Expansion(depth)} y\"",
                2 => "\\;",
                3 or 4 => Expansion(depth),
                5 => "*.x",
                6 => "{a,b}",
                7 => "$'\\t\\''",
                8 => "~",
                9 => "a#b",
                10 => "$",
                11 => "=x",
                12 => "\"a\\\"b'c\"",
                14 when random.Next(6) == 0 => Pick("'a\nb'", "\"a\nb\"", "${v:-a\nb}", "$((1+\n1))", "$'\\x{41}'"),
                13 => "-n",
                _ => "w",
            });
        }

        return text.ToString();
    }

    private string Expansion(int depth)
    {
        if (depth <= 0)
        {
            return Pick("$v", "${v}", "$?", "${v:-x}", "$((1+2))", "${#v}", "${v%x}");
        }

        var held = _documents;
        _documents = [];
        depth = Math.Min(depth - 1, 1);
        var text = random.Next(10) switch
        {
            0 => $"$({List(depth)}{Close()})",
            1 => $"`{Program()} a`",
            2 => $"${{v:-$({Simple(0)}{Close()})}}",
            3 => $"$(( 1 + $(echo 1; {Simple(0)}{Close()}) ))",
            4 => $"$( ({List(0)}{Close()}) )",
            5 => $"`{Program()} \\`{Program()}\\``",
            6 => $"${{v/x/\"$({Program()})\"}}",
            7 => $"<({List(0)}{Close()})",
            8 => "${v:=d}",
            9 when random.Next(3) == 0 => $"$((({List(0)}{Close()}); {Simple(0)}{Close()}))",
            _ => $"$((({random.Next(9)})*2))",
        };
        _documents = held;

        // A new line inside crosses the line of a here-document that is open already, which is refused: now and then, so that most texts are read.
        return held.Count > 0 && text.Contains('\n') && random.Next(8) > 0 ? "$v" : text;
    }

    private string Pick(params string[] choices) => choices[random.Next(choices.Length)];
}

/// <summary>A text, and the programs and files that may be named in it.</summary>
internal sealed record GeneratedText(string Text, IReadOnlyList<string> Programs, IReadOnlyList<string> Files);
