using System.Text.Json;
using Bridle.Messages;

namespace Bridle.Models.Http;

/// <summary>Which part of a message is written.</summary>
internal enum BlockKind
{
    /// <summary>The answers to calls, which vendors want first.</summary>
    Answers,

    /// <summary>Everything else, which may include what an answer brings along.</summary>
    Rest,
}

/// <summary>What a writer of blocks needs to know beside the message.</summary>
/// <param name="Model">Whose opaque data may be sent.</param>
/// <param name="Kind">What to write of the message.</param>
/// <param name="Before">The message before it: the one with the calls that this one answers.</param>
internal readonly record struct BlockContext(ModelInfo Model, BlockKind Kind, Message? Before);

/// <summary>
/// The history for protocols that speak in content blocks: messages of the same speaker that follow each other are joined, answers first, and each message is
/// serialised once however often it is sent.
/// </summary>
internal sealed class BlockTurns(Action<Utf8JsonWriter, Message, BlockContext> write)
{
    private readonly WireCache<Message> _answers = new();
    private readonly WireCache<Message> _rest = new();

    /// <summary>The turns of a history. Messages that have nothing to say to this vendor are left out.</summary>
    public List<BlockTurn> Of(IReadOnlyList<Message> messages, ModelInfo model)
    {
        var form = $"{model.Origin} {model.Images}";
        var turns = new List<BlockTurn>(messages.Count);
        Message? before = null;
        foreach (var message in messages)
        {
            var answers = _answers.Get(message, form, new BlockContext(model, BlockKind.Answers, before), write);
            var rest = _rest.Get(message, form, new BlockContext(model, BlockKind.Rest, before), write);
            before = message;
            if (answers.Length == 0 && rest.Length == 0)
            {
                continue;
            }

            if (turns.Count == 0 || turns[^1].Role != message.Role)
            {
                turns.Add(new BlockTurn(message.Role));
            }

            turns[^1].Add(answers, rest);
        }

        return turns;
    }
}

/// <summary>What one side says in one wire message, as values parted by commas.</summary>
internal sealed class BlockTurn(Role role)
{
    private readonly List<byte[]> _answers = [];
    private readonly List<byte[]> _rest = [];

    public Role Role { get; } = role;

    /// <summary>Writes the blocks into the array that was begun. <paramref name="mark"/> joins the fields of the last block, which must be an object.</summary>
    public void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> mark = default)
    {
        var last = _rest.Count > 0 ? _rest[^1] : _answers[^1];
        foreach (var blocks in _answers.Concat(_rest))
        {
            // The mark goes in before the closing brace, so that a marked block is not serialised anew.
            writer.WriteRawValue(mark.IsEmpty || blocks != last ? blocks : [.. blocks.AsSpan(0, blocks.Length - 1), .. mark, (byte)'}'], skipInputValidation: true);
        }
    }

    internal void Add(byte[] answers, byte[] rest)
    {
        if (answers.Length > 0)
        {
            _answers.Add(answers);
        }

        if (rest.Length > 0)
        {
            _rest.Add(rest);
        }
    }
}
