namespace Bridle.Permissions.Shell;

/// <summary>Where something stands in its source: from the first character to the one after the last.</summary>
internal readonly record struct Span(int Start, int End);

/// <summary>A part of a shell text.</summary>
internal abstract record ShellNode(Span Span);

/// <summary>A text that was read. <paramref name="Problem"/>: why the tree is not the whole truth, or null when it is.</summary>
internal sealed record ShellScript(string Source, ShellSequence Body, string? Problem);

/// <summary>Something that runs, with the redirections that stand behind it.</summary>
internal abstract record ShellStatement(Span Span) : ShellNode(Span)
{
    public IReadOnlyList<Redirect> Redirects { get; init; } = [];
}

/// <summary>Commands one after the other.</summary>
internal sealed record ShellSequence(Span Span, IReadOnlyList<SequenceItem> Items) : ShellNode(Span);

/// <summary>A command of a sequence and what ends it: <c>;</c>, <c>&amp;</c>, a new line, or nothing (<c>\0</c>).</summary>
internal readonly record struct SequenceItem(ShellStatement Command, char Ending);

/// <summary>Pipelines joined by <c>&amp;&amp;</c> and <c>||</c>.</summary>
internal sealed record AndOr(Span Span, ShellStatement First, IReadOnlyList<(string Operator, ShellStatement Command)> Rest) : ShellStatement(Span);

/// <summary>Commands joined by <c>|</c> and <c>|&amp;</c>, with <c>!</c>, <c>time</c> and <c>time -p</c> in front.</summary>
internal sealed record Pipeline(Span Span, IReadOnlyList<string> Prefixes, IReadOnlyList<ShellStatement> Commands, IReadOnlyList<string> Pipes) : ShellStatement(Span);

/// <summary>Assignments and words.</summary>
internal sealed record SimpleCommand(Span Span, IReadOnlyList<Assignment> Assignments, IReadOnlyList<ShellWord> Words) : ShellStatement(Span);

/// <summary><c>name=value</c>, <c>name+=value</c>, <c>name[subscript]=value</c>.</summary>
internal sealed record Assignment(Span Span, string Name, SubscriptPart? Subscript, bool Appends, ShellWord Value) : ShellNode(Span);

/// <summary><c>( )</c> or <c>{ }</c>.</summary>
internal sealed record Block(Span Span, bool Subshell, ShellSequence Body) : ShellStatement(Span);

/// <summary><c>if</c> with its branches; the last may have no condition.</summary>
internal sealed record IfCommand(Span Span, IReadOnlyList<(ShellSequence? Condition, ShellSequence Body)> Branches) : ShellStatement(Span);

/// <summary><c>while</c> and <c>until</c>.</summary>
internal sealed record LoopCommand(Span Span, bool Until, ShellSequence Condition, ShellSequence Body) : ShellStatement(Span);

/// <summary><c>for</c> and <c>select</c> over words; without words, over the positional parameters.</summary>
internal sealed record ForCommand(Span Span, bool Select, string Name, IReadOnlyList<ShellWord>? Words, ShellSequence Body) : ShellStatement(Span);

/// <summary><c>for (( ; ; ))</c>.</summary>
internal sealed record ArithmeticFor(Span Span, ArithmeticPart Header, ShellSequence Body) : ShellStatement(Span);

/// <summary><c>case</c>.</summary>
internal sealed record CaseCommand(Span Span, ShellWord Subject, IReadOnlyList<CaseBranch> Branches) : ShellStatement(Span);

/// <summary>One branch of a <c>case</c> and what ends it: <c>;;</c>, <c>;&amp;</c>, <c>;;&amp;</c> or nothing.</summary>
internal sealed record CaseBranch(Span Span, IReadOnlyList<ShellWord> Patterns, ShellSequence Body, string Ending) : ShellNode(Span);

/// <summary>A function.</summary>
internal sealed record FunctionDefinition(Span Span, ShellWord Name, ShellStatement Body) : ShellStatement(Span);

/// <summary><c>coproc</c>.</summary>
internal sealed record Coprocess(Span Span, string? Name, ShellStatement Body) : ShellStatement(Span);

/// <summary><c>(( ))</c>.</summary>
internal sealed record ArithmeticCommand(Span Span, ArithmeticPart Expression) : ShellStatement(Span);

/// <summary><c>[[ ]]</c>: its words, and its operators as words of one bare literal.</summary>
internal sealed record Conditional(Span Span, IReadOnlyList<ShellWord> Terms) : ShellStatement(Span);

/// <summary>A redirection. <paramref name="Descriptor"/> is a number, <c>{name}</c> or null.</summary>
internal sealed record Redirect(Span Span, string? Descriptor, string Operator, ShellWord Target) : ShellNode(Span)
{
    /// <summary>The body of a here-document. Read after its line, so set later.</summary>
    public HereDocument? Document { get; set; }

    /// <summary>Only copies or closes a descriptor: <c>2>&amp;1</c>, <c>>&amp;-</c>.</summary>
    public bool Copies => Operator is "<&" or ">&" && Target is { Plain: true, Text: var text } && (text is "-" || (text.Length > 0 && char.IsAsciiDigit(text[0]) && (text[^1] == '-' ? text[..^1] : text).All(char.IsAsciiDigit)));

    /// <summary>It names no file.</summary>
    public bool NamesNoFile => Copies || Operator is "<<" or "<<-" or "<<<";

    /// <summary>It may write its file.</summary>
    public bool Writes => !NamesNoFile && Operator is not ("<" or "<&");

    /// <summary>It may read its file.</summary>
    public bool Reads => !NamesNoFile && Operator is "<" or "<>" or "<&";
}

/// <summary>A here-document.</summary>
internal sealed record HereDocument(Span Span, string Delimiter, bool Expands, IReadOnlyList<WordPart> Parts) : ShellNode(Span);
