using System.Buffers;
using System.ComponentModel;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bridle.Tools;

/// <summary>Reads the value at which the reader stands.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate T ArgumentRead<out T>(ArgumentReader reader);

/// <summary>
/// What generated binders are written against: takes typed values out of JSON arguments, converts what is unambiguous, collects what is wrong
/// in words for the model, and writes the converted arguments down once more. For one binding, by one thread. Never throws for bad input.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ArgumentReader
{
    private const int ShownErrors = 5;
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Utf8JsonWriter _writer;
    private readonly List<string> _errors = [];
    private readonly List<ToolTarget> _targets = [];
    private JsonElement _value;
    private string _path = "";
    private OpenObject? _object;

    /// <summary>Stands at the whole of the arguments.</summary>
    public ArgumentReader(JsonElement arguments)
    {
        _value = arguments;
        _writer = new Utf8JsonWriter(_bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
    }

    /// <summary>Parses a schema that a generator wrote.</summary>
    public static JsonElement ParseSchema(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>Enters the object at which the reader stands. Every other name than the given ones is an error.</summary>
    public void BeginObject(params ReadOnlySpan<string> names)
    {
        var opened = new OpenObject(_object, _path, names.ToArray(), _errors.Count);
        _object = opened;
        _writer.WriteStartObject();
        if (_value.ValueKind is JsonValueKind.Undefined)
        {
            return;
        }

        if (Coerce.Structure(_value, JsonValueKind.Object) is not { } value)
        {
            Refuse("an object");
            opened.Unreadable = true;
            return;
        }

        foreach (var property in value.EnumerateObject())
        {
            var name = Coerce.NameOf(property);
            var index = name is null ? -1 : Array.IndexOf(opened.Names, name);
            if (index >= 0)
            {
                opened.Values[index] = property.Value;
            }
            else
            {
                _errors.Add(name is null ? "An argument's name is not valid Unicode." : Unknown(opened, name));
            }
        }
    }

    /// <summary>Leaves the object. False when something in it was wrong; its value must not be made then.</summary>
    public bool EndObject()
    {
        _writer.WriteEndObject();
        var closed = _object!;
        _object = closed.Outer;
        return closed.ErrorsBefore == _errors.Count;
    }

    /// <summary>Reads an argument that must be there. Null counts as not there.</summary>
    public T Required<T>(string name, ArgumentRead<T> read)
    {
        var value = ValueOf(name);
        if (value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
        {
            return Read(name, value, read)!;
        }

        if (!_object!.Unreadable)
        {
            _errors.Add($"Missing required argument '{PathTo(name)}'.");
        }

        return default!;
    }

    /// <summary>Reads an argument that must be there and may be any JSON, null included.</summary>
    public JsonElement RequiredAny(string name)
    {
        var value = ValueOf(name);
        return value.ValueKind == JsonValueKind.Null ? Read(name, value, static reader => reader.AsAny()) : Required(name, static reader => reader.AsAny());
    }

    /// <summary>Reads an argument that may be absent or null; the fallback stands for it then.</summary>
    public T Optional<T>(string name, ArgumentRead<T> read, T fallback)
    {
        var value = ValueOf(name);
        return value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? fallback : Read(name, value, read)!;
    }

    /// <summary>Text.</summary>
    public string AsString()
    {
        if (Coerce.Text(_value) is { } text)
        {
            _writer.WriteStringValue(text);
            return text;
        }

        Refuse(_value.ValueKind == JsonValueKind.String ? "valid Unicode" : "a string");
        return "";
    }

    /// <summary>True or false.</summary>
    public bool AsBoolean()
    {
        if (Coerce.Flag(_value) is { } flag)
        {
            _writer.WriteBooleanValue(flag);
            return flag;
        }

        Refuse("true or false");
        return false;
    }

    /// <summary>A whole number of 32 bits.</summary>
    public int AsInt32(int min = int.MinValue, int max = int.MaxValue) => (int)AsInt64(min, max);

    /// <summary>A whole number of 64 bits.</summary>
    public long AsInt64(long min = long.MinValue, long max = long.MaxValue)
    {
        if (Coerce.Whole(_value) is { } number && number >= min && number <= max)
        {
            _writer.WriteNumberValue(number);
            return number;
        }

        Refuse("a whole number" + Bounds(min > int.MinValue ? min : null, max < int.MaxValue ? max : null, Coerce.Whole(_value) is not null));
        return 0;
    }

    /// <summary>A finite number.</summary>
    public double AsDouble(double min = double.NegativeInfinity, double max = double.PositiveInfinity)
    {
        if (Coerce.Number(_value) is { } number && number >= min && number <= max)
        {
            _writer.WriteNumberValue(number);
            return number;
        }

        Refuse("a number" + Bounds(double.IsFinite(min) ? min : null, double.IsFinite(max) ? max : null, false));
        return 0;
    }

    /// <summary>The index of one of the choices. Case and the difference between <c>_</c>, <c>-</c> and a space do not matter.</summary>
    public int AsChoice(params ReadOnlySpan<string> choices)
    {
        var text = _value.ValueKind == JsonValueKind.String ? Coerce.StringOf(_value) : null;
        for (var i = 0; text is not null && i < choices.Length; i++)
        {
            if (string.Equals(Coerce.Plain(text), Coerce.Plain(choices[i]), StringComparison.OrdinalIgnoreCase))
            {
                _writer.WriteStringValue(choices[i]);
                return i;
            }
        }

        Refuse("one of " + string.Join(", ", choices.ToArray()));
        return 0;
    }

    /// <summary>A list; a single value counts as a list of one.</summary>
    public T[] AsArray<T>(ArgumentRead<T> read)
    {
        var (value, path) = (_value, _path);
        _writer.WriteStartArray();
        var items = new List<T>();
        if (Coerce.Structure(value, JsonValueKind.Array) is { } array)
        {
            foreach (var item in array.EnumerateArray())
            {
                (_value, _path) = (item, $"{path}[{items.Count}]");
                items.Add(item.ValueKind == JsonValueKind.Null ? RefuseNull<T>() : read(this));
            }
        }
        else
        {
            items.Add(read(this));
        }

        _writer.WriteEndArray();
        (_value, _path) = (value, path);
        return [.. items];
    }

    /// <summary>Any JSON.</summary>
    public JsonElement AsAny()
    {
        try
        {
            _value.WriteTo(_writer);
        }
        catch (InvalidOperationException)
        {
            Refuse("valid Unicode");
        }

        return _value.Clone();
    }

    /// <summary>The call touches this path. Null and empty give nothing.</summary>
    public void AddPath(string? path, FileAccessKind access)
    {
        if (!string.IsNullOrEmpty(path))
        {
            _targets.Add(new FileTarget(path, access));
        }
    }

    /// <summary>The call touches each of these paths.</summary>
    public void AddPaths(IEnumerable<string>? paths, FileAccessKind access)
    {
        foreach (var path in paths ?? [])
        {
            AddPath(path, access);
        }
    }

    /// <summary>The call runs this command. An empty one is refused by <see cref="Bound"/>: nobody could judge it, and nothing would run.</summary>
    public void AddCommand(string? command)
    {
        if (!string.IsNullOrWhiteSpace(command))
        {
            _targets.Add(new CommandTarget(command));
        }
        else if (command is not null && _errors.Count == 0)
        {
            _errors.Add("The command is empty, so nothing would run. Send the command line that is to run.");
        }
    }

    /// <summary>The call runs each of these commands.</summary>
    public void AddCommands(IEnumerable<string>? commands)
    {
        foreach (var command in commands ?? [])
        {
            AddCommand(command);
        }
    }

    /// <summary>The call reaches this address.</summary>
    public void AddUrl(string? url)
    {
        if (!string.IsNullOrEmpty(url))
        {
            _targets.Add(new UrlTarget(url));
        }
    }

    /// <summary>The call reaches each of these addresses.</summary>
    public void AddUrls(IEnumerable<string>? urls)
    {
        foreach (var url in urls ?? [])
        {
            AddUrl(url);
        }
    }

    /// <summary>All is well: the input with the arguments as they were understood, unless one of its targets is none.</summary>
    public BindOutcome Bound(object arguments)
    {
        if (_errors.Count > 0)
        {
            return Refused();
        }

        _writer.Flush();
        var reader = new Utf8JsonReader(_bytes.WrittenSpan, new JsonReaderOptions { MaxDepth = 256 });
        return BindOutcome.Of(new ToolInput(JsonElement.ParseValue(ref reader), arguments, _targets));
    }

    /// <summary>Something is wrong: what, in words for the model.</summary>
    public BindOutcome Refused()
    {
        var shown = string.Join(' ', _errors.Take(ShownErrors));
        return BindOutcome.Failed(_errors.Count > ShownErrors ? $"{shown} And {_errors.Count - ShownErrors} more." : shown);
    }

    private static string Bounds(IFormattable? min, IFormattable? max, bool tooLarge) => (min, max) switch
    {
        ({ } low, { } high) => string.Create(CultureInfo.InvariantCulture, $" from {low} to {high}"),
        ({ } low, null) => string.Create(CultureInfo.InvariantCulture, $" of at least {low}"),
        (null, { } high) => string.Create(CultureInfo.InvariantCulture, $" of at most {high}"),
        _ => tooLarge ? $" from {int.MinValue} to {int.MaxValue}" : "",
    };

    private static string Unknown(OpenObject opened, string name)
    {
        var where = opened.Path.Length == 0 ? "" : $" in '{opened.Path}'";
        if (opened.Names.Length == 0)
        {
            return $"Unknown argument '{name}'{where}: there are none.";
        }

        var hint = Nearest.Of(name, opened.Names) is { } nearest ? $" Did you mean '{nearest}'?" : "";
        return $"Unknown argument '{name}'{where}.{hint} Known are {string.Join(", ", opened.Names)}.";
    }

    private T? Read<T>(string name, JsonElement value, ArgumentRead<T> read)
    {
        var (outerValue, outerPath) = (_value, _path);
        (_value, _path) = (value, PathTo(name));
        try
        {
            _writer.WritePropertyName(name);
            return read(this);
        }
        catch (ArgumentException error)
        {
            // The constructor of a record that a tool takes may have its own idea of what is valid.
            _errors.Add($"Argument '{_path}' was refused: {error.Message}");
            return default;
        }
        finally
        {
            (_value, _path) = (outerValue, outerPath);
        }
    }

    private JsonElement ValueOf(string name) => _object!.Values[Array.IndexOf(_object.Names, name)];

    private string PathTo(string name) => _object!.Path.Length == 0 ? name : $"{_object.Path}.{name}";

    private T RefuseNull<T>()
    {
        _errors.Add($"Argument '{_path}' must not be null.");
        return default!;
    }

    private void Refuse(string expected) => _errors.Add(_path.Length == 0
        ? $"The arguments must be {expected}, but were {Coerce.Describe(_value)}."
        : $"Argument '{_path}' must be {expected}, but was {Coerce.Describe(_value)}.");

    private sealed class OpenObject(OpenObject? outer, string path, string[] names, int errorsBefore)
    {
        public OpenObject? Outer { get; } = outer;

        public string Path { get; } = path;

        public string[] Names { get; } = names;

        public JsonElement[] Values { get; } = new JsonElement[names.Length];

        public int ErrorsBefore { get; } = errorsBefore;

        public bool Unreadable { get; set; }
    }
}
