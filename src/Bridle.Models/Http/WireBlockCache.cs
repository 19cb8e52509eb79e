using System.Runtime.CompilerServices;
using Bridle.Messages;

namespace Bridle.Models.Http;

/// <summary>One content block of a message in its wire form; <paramref name="Answers"/> marks the answer to a call, which vendors want first.</summary>
internal readonly record struct WireBlock(byte[] Json, bool Answers);

/// <summary>
/// The wire form of messages for protocols that speak in content blocks. A message is written once for a model, however often it is sent.
/// Safe to use concurrently; what is written twice in a race is the same.
/// </summary>
internal sealed class WireBlockCache
{
    private readonly ConditionalWeakTable<Message, Written> _written = new();

    public IReadOnlyList<WireBlock> Of(Message message, ModelInfo model, Func<Message, ModelInfo, List<WireBlock>> write)
    {
        if (_written.TryGetValue(message, out var known) && (ReferenceEquals(known.Model, model) || known.Model == model))
        {
            return known.Blocks;
        }

        var blocks = write(message, model);
        _written.AddOrUpdate(message, new Written(model, blocks));
        return blocks;
    }

    /// <summary>
    /// Joins messages of the same speaker that follow each other, answers first, and leaves out what has no blocks.
    /// </summary>
    public List<WireTurn> Turns(IReadOnlyList<Message> messages, ModelInfo model, Func<Message, ModelInfo, List<WireBlock>> write)
    {
        var turns = new List<WireTurn>(messages.Count);
        foreach (var message in messages)
        {
            var blocks = Of(message, model, write);
            if (blocks.Count == 0)
            {
                continue;
            }

            if (turns.Count == 0 || turns[^1].Role != message.Role)
            {
                turns.Add(new WireTurn(message.Role));
            }

            turns[^1].Add(blocks);
        }

        return turns;
    }

    private sealed record Written(ModelInfo Model, IReadOnlyList<WireBlock> Blocks);
}

/// <summary>What one side says in one wire message.</summary>
internal sealed class WireTurn(Role role)
{
    private readonly List<byte[]> _answers = [];
    private readonly List<byte[]> _rest = [];

    public Role Role { get; } = role;

    public int Count => _answers.Count + _rest.Count;

    public byte[] this[int index] => index < _answers.Count ? _answers[index] : _rest[index - _answers.Count];

    public void Add(IReadOnlyList<WireBlock> blocks)
    {
        foreach (var block in blocks)
        {
            (block.Answers ? _answers : _rest).Add(block.Json);
        }
    }
}
