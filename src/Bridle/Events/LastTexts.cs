using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Bridle.Messages;

namespace Bridle.Events;

/// <summary>The texts of some parts by name, each read when it is asked for.</summary>
internal sealed class LastTexts(ImmutableDictionary<string, TextPart> parts) : IReadOnlyDictionary<string, string>
{
    public int Count => parts.Count;

    public IEnumerable<string> Keys => parts.Keys;

    public IEnumerable<string> Values => this.ToList().ConvertAll(pair => pair.Value);

    public string this[string key] => parts[key].Text;

    public bool ContainsKey(string key) => parts.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        value = parts.TryGetValue(key, out var part) ? part.Text : null;
        return part is not null;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator()
    {
        foreach (var (name, part) in parts)
        {
            yield return new(name, part.Text);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
