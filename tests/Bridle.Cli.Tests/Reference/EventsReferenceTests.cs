using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Bridle.Cli.Output;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Sessions;

namespace Bridle.Cli.Tests.Reference;

public sealed class EventsReferenceTests
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly TransientEvent[] ShownOnly =
    [
        new TextStreamed("Two files"), new ReasoningStreamed("First I look for"), new CallStreamed("Grep"), new ReplyWithdrawn("the connection broke off"),
        new RetryWaiting(2, 5, TimeSpan.FromSeconds(1.5), "HTTP 529: overloaded"), new ToolProgressed(new("call_1"), "Restored 3 packages\n"), new NoticeShown("Nothing was changed."),
        new SensorBegan("build", "dotnet build --nologo"),
    ];

    [Fact]
    public void Every_line_of_the_output_is_in_the_reference()
    {
        var shown = typeof(TransientEvent).Assembly.GetTypes().Where(type => type.BaseType == typeof(TransientEvent));
        Assert.Equal([], shown.Except(ShownOnly.Select(one => one.GetType())));
        var recorded = new Recorded(2, DateTimeOffset.Parse("2026-11-21T12:00:00.120Z", System.Globalization.CultureInfo.InvariantCulture), new("1"), new UserSpoke("m1", [new TextPart("Which files mention TODO?")]));
        var lines = ShownOnly.Select(one => EventLines.Line(new Shown(new("1"), one))).Prepend(EventLines.Line(recorded));
        ReferencePage.Check(
            "events.md", ("lines", $"```json\n{string.Join('\n', lines)}\n```"), ("records", Records()), ("result", Results()),
            ("errors", ReferencePage.Table(["`error.kind`", "Exit code"], Enum.GetValues<ModelErrorKind>().Select(kind => (IReadOnlyList<string>)[$"`{Snake(kind)}`", $"{ExitCode.Of(kind)}"]))));
    }

    private static string Records()
    {
        var inside = new List<Type>();
        var records = typeof(DurableEvent).GetCustomAttributes<JsonDerivedTypeAttribute>().Where(one => one.DerivedType != typeof(UnknownEvent)).Select(one => Row($"`{one.TypeDiscriminator}`", one.DerivedType, inside)).ToList();
        var text = new StringBuilder(ReferencePage.Table(["`type`", "Fields"], records));
        var rows = new List<IReadOnlyList<string>>();
        for (var i = 0; i < inside.Count; i++)
        {
            var type = inside[i];
            if (type.IsEnum)
            {
                rows.Add([Name(type), string.Join(", ", Enum.GetValues(type).Cast<Enum>().Select(value => $"`{Snake(value)}`"))]);
                continue;
            }

            var kinds = type.GetCustomAttributes<JsonDerivedTypeAttribute>().ToList();
            rows.AddRange(kinds.Count > 0 ? kinds.Select(kind => Row($"{Name(type)} of `type` `{kind.TypeDiscriminator}`", kind.DerivedType, inside)) : [Row(Name(type), type, inside)]);
        }

        return text.Append("\nThe values in it:\n\n").Append(ReferencePage.Table(["Value", "Fields or words"], rows)).ToString();
    }

    private static IReadOnlyList<string> Row(string name, Type type, List<Type> inside) =>
        [name, string.Join(", ", EventJson.Default.GetTypeInfo(type)!.Properties.Where(field => field.Get is not null).Select(field => $"`{(field.Name is "kind" && type.IsSubclassOf(typeof(DurableEvent)) ? EventLines.RecordKind : field.Name)}`{(IsOptional(field) ? "?" : "")} {Kind(field.PropertyType, inside)}"))];

    private static bool IsOptional(JsonPropertyInfo field) =>
        Nullable.GetUnderlyingType(field.PropertyType) is not null || (!field.PropertyType.IsValueType && field.IsGetNullable);

    private static string Kind(Type type, List<Type> inside)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            return $"list of {Kind(type.GetGenericArguments()[0], inside)}";
        }

        if (type == typeof(string) || type == typeof(DateTimeOffset) || EventJson.Default.GetTypeInfo(type) is { Kind: JsonTypeInfoKind.None } && type.IsValueType && !type.IsEnum && !type.IsPrimitive && type != typeof(decimal) && type != typeof(JsonElement))
        {
            return type == typeof(DateTimeOffset) ? "time" : "text";
        }

        if (type == typeof(bool))
        {
            return "boolean";
        }

        if (type.IsPrimitive || type == typeof(decimal))
        {
            return "number";
        }

        if (type == typeof(JsonElement))
        {
            return "any";
        }

        if (!inside.Contains(type))
        {
            inside.Add(type);
        }

        return Name(type);
    }

    private static string Results()
    {
        var answered = ResultObject.Of(
            new TurnResult(TurnOutcome.Completed, "Two files mention TODO.", new Usage(819, 512, 0, 56, 0), 0.00042m, 2, [new DeniedCall(new("call_2"), "Write", "Nobody is there to ask.")], null, null, false)
            {
                Sensors = [new SensorRan("build", "turn", SensorState.Green, [new SensorSignal(SignalSeverity.Warn, "unused")], 2_900)],
            },
            "2026-11-21_12-00-00", "anthropic/claude-sonnet-4-20250514");
        var refused = ResultObject.Of(new Failure("provider", "There is no key for Anthropic.", "Set ANTHROPIC_API_KEY, or run `bridle init`."), ExitCode.Usage);
        return $"```json\n{Pretty(answered)}\n```\n\nAnd of a turn that never began:\n\n```json\n{Pretty(refused)}\n```";
    }

    private static string Pretty(string json)
    {
        using var document = JsonDocument.Parse(json);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            document.RootElement.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.ToArray()).ReplaceLineEndings("\n");
    }

    private static string Name(Type type) => JsonNamingPolicy.SnakeCaseLower.ConvertName(type.Name).Replace('_', ' ');

    private static string Snake(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
