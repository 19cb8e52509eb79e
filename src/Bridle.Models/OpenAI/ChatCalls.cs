using System.Text;
using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.OpenAI;

/// <summary>
/// Puts the calls of a reply together from their fragments. A fragment belongs to the call with its index, but servers leave the index out or send 0 always,
/// and leave out ids: a new id is a new call, and so is a name after a call that is complete.
/// </summary>
internal sealed class ChatCalls
{
    private readonly List<Pending> _calls = [];

    public bool Any => _calls.Count > 0;

    /// <summary>Takes one item of <c>tool_calls</c>; returns the tool's name when a call became known by it, else null.</summary>
    public string? Add(JsonElement fragment)
    {
        if (fragment.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var index = fragment.NumberAt("index");
        var id = fragment.TextAt("id") ?? "";
        var function = fragment.At("function") ?? fragment;
        var name = function.TextAt("name") ?? "";
        var call = Find(index, id, name, function.At("arguments"));
        if (call is null)
        {
            call = new(index);
            _calls.Add(call);
        }

        call.Id = call.Id.Length == 0 ? id : call.Id;
        call.Append(function.At("arguments"));
        call.Keep(fragment);
        if (call.Name.Length > 0 || name.Length == 0)
        {
            return null;
        }

        call.Name = name;
        return name;
    }

    /// <summary>The calls as parts, in the order in which they began.</summary>
    public IEnumerable<ToolCallPart> Finish(ModelInfo model, CallIds ids)
    {
        foreach (var call in _calls)
        {
            yield return new ToolCallPart(ids.Take(call.Id), call.Name, call.Arguments.ToString()) { Vendor = call.Extras(model.Origin) };
        }
    }

    private Pending? Find(long? index, string id, string name, JsonElement? arguments)
    {
        if (id.Length > 0)
        {
            var same = _calls.FindLast(call => call.Id == id && (index is null || call.Index is null || call.Index == index)) ?? _calls.FindLast(call => call.Id == id);
            if (same is not null)
            {
                // Complete arguments cannot go on: a name with arguments of its own is another call, whatever its id.
                if (name.Length > 0 && Begins(arguments) && WireJson.IsObject(same.Arguments.ToString()))
                {
                    return null;
                }

                // A repeated id: the same call goes on, unless the server numbers its calls and this is another number.
                return index is null || same.Index is null || same.Index == index ? same : null;
            }

            var last = Latest(index);
            return last is { Id.Length: 0 } && (name.Length == 0 || last.Name.Length == 0) ? last : null;
        }

        var open = Latest(index);
        return open is not null && name.Length > 0 && open.Name.Length > 0 && (name != open.Name || WireJson.IsObject(open.Arguments.ToString())) ? null : open;
    }

    private static bool Begins(JsonElement? arguments) =>
        arguments is { ValueKind: JsonValueKind.Object } or { ValueKind: JsonValueKind.String } && (arguments.Value.ValueKind is JsonValueKind.Object || arguments.Value.Text().AsSpan().TrimStart().StartsWith("{"));

    private Pending? Latest(long? index) => index is null ? _calls.LastOrDefault() : _calls.FindLast(call => call.Index == index);

    private sealed class Pending(long? index)
    {
        private Dictionary<string, JsonElement>? _extras;

        public long? Index { get; } = index;

        public string Id { get; set; } = "";

        public string Name { get; set; } = "";

        public StringBuilder Arguments { get; } = new();

        public void Append(JsonElement? arguments)
        {
            if (arguments is { } some)
            {
                Arguments.Append(some.ValueKind == JsonValueKind.String ? some.Text() : some.GetRawText());
            }
        }

        /// <summary>Keeps the fields that this protocol does not know; they go back with the call.</summary>
        public void Keep(JsonElement fragment)
        {
            foreach (var property in fragment.EnumerateObject())
            {
                if (property.Name is not ("index" or "id" or "type" or "function" or "name" or "arguments") && property.Value.ValueKind != JsonValueKind.Null)
                {
                    (_extras ??= [])[property.Name] = property.Value.Clone();
                }
            }
        }

        public VendorData? Extras(string origin) => _extras is null ? null : new(origin, WireJson.Element(writer =>
        {
            writer.WriteStartObject();
            foreach (var (name, value) in _extras)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }));
    }
}
