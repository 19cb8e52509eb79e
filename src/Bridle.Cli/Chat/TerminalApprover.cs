using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Permissions;

namespace Bridle.Cli.Chat;

/// <summary>Asks the person at the terminal. Nothing but the listed keys decides; the end of the input and an interrupt mean no answer.</summary>
internal sealed class TerminalApprover(ChatInput input, TextWriter screen, Func<int> width, Styling style, AskedChanges? asked = null) : IApprover
{
    private const char Redraw = '\f';

    // What may be answered beyond this call; only what the gate offers is shown.
    private static readonly (char Key, string Scope, string Text)[] Scopes = [('s', "session", "this session"), ('p', "project", "this project"), ('a', "always", "always")];

    public async ValueTask<ApprovalAnswer?> ApproveAsync(ApprovalPrompt prompt, CancellationToken cancellationToken) =>
        await input.AskAsync<ApprovalAnswer?>(async keys =>
        {
            screen.WriteLine();
            screen.Write(ApprovalText.Of(prompt, style, width()));
            asked?.Add(prompt.Request.Call, prompt.Diff);
            await input.SetAsideEarlyKeysAsync(cancellationToken);
            while (true)
            {
                screen.Write($"  [y] yes, once{Further(prompt.Scopes)} [n] no [e] edit ");
                screen.Flush();
                if (await ChoiceAsync(keys, prompt, cancellationToken) is not { } choice)
                {
                    screen.WriteLine();
                    return null;
                }

                screen.WriteLine(choice is Redraw ? "" : choice.ToString());
                switch (choice)
                {
                    case 'y':
                        return new(true);
                    case 'n':
                        return new(false, Reason: await ReasonAsync(keys, cancellationToken));
                    case 'e':
                        if (await EditAsync(keys, prompt.Request, cancellationToken) is { } edited)
                        {
                            return new(true, EditedInput: edited);
                        }

                        break;
                    case Redraw:
                        input.ClearWindow();
                        screen.Write(ApprovalText.Of(prompt, style, width()));
                        break;
                    case var letter when ScopeOf(letter, prompt.Scopes) is { } scope:
                        return new(true, scope);
                }
            }
        }, cancellationToken);

    // Null when there will be no more keys. A key that is none of these says nothing and changes nothing: the line that lists them still stands there.
    private static async Task<char?> ChoiceAsync(AskedKeys keys, ApprovalPrompt prompt, CancellationToken cancellationToken)
    {
        while (await keys.ReadAsync(cancellationToken) is { } key)
        {
            switch (AskedKeys.Letter(key))
            {
                case ('y' or 'n' or 'e') and { } listed:
                    return listed;
                case { } letter when ScopeOf(letter, prompt.Scopes) is not null:
                    return letter;
                case null when key.Key is ConsoleKey.Escape:
                    return 'n';
                case null when key is { Key: ConsoleKey.L, Modifiers: ConsoleModifiers.Control }:
                    return Redraw;
            }
        }

        return null;
    }

    public async ValueTask<string?> AnswerAsync(QuestionAsked question, CancellationToken cancellationToken) =>
        await input.AskAsync<string?>(async keys =>
        {
            screen.WriteLine();
            screen.WriteLine(WordWrap.Of(style.Bold($"? {VisibleText.Of(question.Question)}"), width(), hang: 2));
            for (var i = 0; i < question.Options.Count; i++)
            {
                screen.WriteLine(WordWrap.Of($"  {i + 1}. {VisibleText.Of(question.Options[i])}", width(), hang: 5));
            }

            await input.SetAsideEarlyKeysAsync(cancellationToken);
            var (end, text) = await input.ReadLineAsync(keys, question.Options.Count > 0 ? "  number or text: " : "  answer: ", "", cancellationToken);
            if (end is not LineEnd.Entered || text.Trim().Length == 0)
            {
                return null;
            }

            return int.TryParse(text.Trim(), out var number) && number > 0 && number <= question.Options.Count ? question.Options[number - 1] : text;
        }, cancellationToken);

    private static string Further(IReadOnlyList<string> scopes) =>
        string.Concat(Scopes.Where(one => scopes.Contains(one.Scope)).Select(one => $" [{one.Key}] {one.Text}"));

    private static string? ScopeOf(char letter, IReadOnlyList<string> scopes) => Scopes.FirstOrDefault(one => one.Key == letter && scopes.Contains(one.Scope)).Scope;

    private async Task<string?> ReasonAsync(AskedKeys keys, CancellationToken cancellationToken)
    {
        var (end, text) = await input.ReadLineAsync(keys, "  why not, for the model (Enter for nothing): ", "", cancellationToken);
        return end is LineEnd.Entered && text.Trim().Length > 0 ? text.Trim() : null;
    }

    private async Task<string?> EditAsync(AskedKeys keys, ApprovalRequested request, CancellationToken cancellationToken)
    {
        var command = ApprovalText.Fields(request.Input).FirstOrDefault(field => field.Name == "command").Value;
        var (end, text) = await input.ReadLineAsync(keys, command is not null ? "  command: " : "  input: ", command ?? request.Input, cancellationToken);
        if (end is not LineEnd.Entered || text.Trim().Length == 0)
        {
            screen.WriteLine("  Not changed.");
            return null;
        }

        if (command is not null)
        {
            return WithCommand(request.Input, text);
        }

        try
        {
            using var document = SoundJson.Parse(text);
            return text;
        }
        catch (JsonException wrong)
        {
            screen.WriteLine($"  That is not JSON ({VisibleText.Line(wrong.Message, 120)}). Not changed.");
            return null;
        }
    }

    private static string WithCommand(string input, string command)
    {
        using var document = SoundJson.Parse(input);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (var field in document.RootElement.EnumerateObject())
            {
                if (field.Name == "command")
                {
                    writer.WriteString("command", command);
                }
                else
                {
                    field.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
