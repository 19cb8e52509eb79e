using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Bridle.Models.Http;

/// <summary>
/// Remembers the wire bytes of an object as long as the object lives, so that each message is serialised once for all requests it is part of.
/// The bytes may depend on the form (such as the origin whose opaque data is kept), so each form has its own.
/// </summary>
internal sealed class WireCache<T>
    where T : class
{
    private readonly ConditionalWeakTable<T, Forms> _known = [];

    /// <summary>The bytes of <paramref name="item"/>, written by <paramref name="write"/> the first time. May be empty, or several values parted by commas. Not to be changed.</summary>
    public byte[] Get<TState>(T item, string form, TState state, Action<Utf8JsonWriter, T, TState> write)
    {
        var forms = _known.GetOrCreateValue(item);
        foreach (var known in forms.All)
        {
            if (known.Name == form)
            {
                return known.Bytes;
            }
        }

        var bytes = WireJson.Bytes((item, state, write), static (writer, it) => it.write(writer, it.item, it.state));
        forms.Add(new(form, bytes));
        return bytes;
    }

    private sealed record Form(string Name, byte[] Bytes);

    private sealed class Forms
    {
        private Form[] _all = [];

        public Form[] All => Volatile.Read(ref _all);

        // Two requests that add at once write the same bytes; losing one costs a second serialisation and nothing else.
        public void Add(Form form) => Volatile.Write(ref _all, [.. All, form]);
    }
}
