using System.Globalization;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Journal;
using Bridle.Recall;

namespace Bridle.Cli.Output;

/// <summary>What was found in past sessions, for a person. Nothing in it can move their cursor.</summary>
internal sealed class RecallText(CommandIo io, string indent = "")
{
    private const int MostOfMessage = 2_000;

    private readonly Styling _style = new(io.Color && io.OutIsTerminal);

    /// <summary>A moment of the local clock, to the minute.</summary>
    public static string Minute(DateTimeOffset at) => at.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Hits with what leads to them.</summary>
    public void Write(RecallAnswer answer, bool oneProject)
    {
        foreach (var hit in answer.Hits)
        {
            var place = oneProject || hit.Project.Length is 0 ? "" : $"  {VisibleText.Line(hit.Project, 200)}";
            io.Out.WriteLine($"{indent}{_style.Bold(VisibleText.Line(hit.Session, 100))}  message {hit.Message.Number}  {Minute(hit.Message.At)}  {Who(hit.Message.Kind)}{place}{(hit.How is "words" ? "" : _style.Dim($"  ({hit.How})"))}");
            Around(hit.Before);
            io.Tell($"{indent}    {Marked(VisibleText.Of(hit.Snippet))}", hang: indent.Length + 4);
            Around(hit.After);
        }

        if (answer.Bounded)
        {
            io.TellError($"{indent}There are very many; only the newest were weighed. Another word, session: or since: narrows them.");
        }

        foreach (var notice in answer.Notices)
        {
            io.TellError($"{indent}{VisibleText.Of(notice)}");
        }

        if (answer.Hits is [var first, ..])
        {
            io.Tell(_style.Dim(io.Hint($"{indent}Show one: bridle recall --session {SessionWord.Of(VisibleText.Line(first.Session, 200))} --message {first.Message.Number}   Go on with it: bridle chat --resume {SessionWord.Of(VisibleText.Line(first.Session, 200))}")));
        }
        else
        {
            io.TellError($"{indent}Nothing was found.{(oneProject ? " --all-projects searches the sessions of all projects." : "")}");
        }
    }

    /// <summary>A part of a session.</summary>
    public void Write(RecallPassage passage, long message)
    {
        io.Out.WriteLine($"{_style.Bold(VisibleText.Line(passage.Session.Name, 100))}  {passage.Session.Messages} messages  {VisibleText.Line(passage.Session.Project, 200)}");
        Messages(passage.First, message);
        Gap(passage.First, passage.Around);
        Messages(passage.Around, message);
        Gap(passage.Around.Count > 0 ? passage.Around : passage.First, passage.Last);
        Messages(passage.Last, message);
        io.Tell(_style.Dim(io.Hint($"Go on with it: bridle chat --resume {SessionWord.Of(VisibleText.Line(passage.Session.Name, 200))}")));
    }

    private void Gap(IReadOnlyList<RecallMessage> above, IReadOnlyList<RecallMessage> below)
    {
        if (above.Count > 0 && below.Count > 0)
        {
            io.Out.WriteLine(_style.Dim("  …"));
        }
    }

    private void Messages(IEnumerable<RecallMessage> messages, long marked)
    {
        foreach (var message in messages)
        {
            var text = message.Text.Length <= MostOfMessage ? message.Text : $"{message.Text[..(char.IsHighSurrogate(message.Text[MostOfMessage - 1]) ? MostOfMessage - 1 : MostOfMessage)]}…";
            var head = $"{(message.Number == marked ? ">" : " ")} {message.Number}  {Minute(message.At)}  {Who(message.Kind)}";
            io.Out.WriteLine(message.Number == marked ? _style.Bold(head) : _style.Dim(head));
            io.Out.WriteLine(string.Join('\n', VisibleText.Of(text.TrimEnd()).Split('\n').Select(line => $"    {line}")));
        }
    }

    private void Around(IEnumerable<RecallMessage> messages)
    {
        foreach (var message in messages)
        {
            io.Out.WriteLine(_style.Dim(VisibleText.Line($"{indent}    {message.Number} {Who(message.Kind)}: {message.Text.Trim()}", io.OutIsTerminal ? Math.Max(40, io.Width() - 1) : 200)));
        }
    }

    private string Marked(string snippet) => _style.On ? string.Concat(snippet.Split('«').Select((part, i) => i is 0 || part.IndexOf('»') is not (>= 0 and var end) ? part : _style.Bold(part[..end]) + part[(end + 1)..])) : snippet;

    // As a shell takes it.
    private static string Who(MessageKind kind) => kind switch
    {
        MessageKind.User => "user",
        MessageKind.Assistant => "assistant",
        MessageKind.Call => "call",
        _ => "result",
    };
}
