using System.Text;

namespace Bridle.Generators;

/// <summary>C# under construction: lines with indentation and braces.</summary>
internal sealed class CodeLines
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public void Line(string text = "") => _text.Append(text.Length == 0 ? "" : new string(' ', _depth * 4)).Append(text).Append('\n');

    public void Open(string head)
    {
        Line(head);
        Line("{");
        _depth++;
    }

    public void Close()
    {
        _depth--;
        Line("}");
    }

    public void CloseWith(string end)
    {
        _depth--;
        Line(end);
    }

    public void Indented(string text)
    {
        _depth++;
        Line(text);
        _depth--;
    }

    public override string ToString() => _text.ToString();
}
