namespace Bridle.Cli.Tests.Shape;

/// <summary>
/// The iterators behind <c>Select</c> have a generic virtual method, and the native compiler makes it for each kind of element with each kind that comes out of any later
/// <c>Select</c>, and again for each after that: some thirty kinds made half of a program of 78 MB.
/// </summary>
public sealed class SelectShapeTests
{
    // System.CommandLine makes these itself, so that they cost nothing more.
    private static readonly string[] s_known = ["Int32", "ValueTuple`2<_, Int32>", "ValueTuple`2<_, _>"];

    private static readonly string[] s_own = ["Bridle", "Bridle.Models", "Bridle.Tools", "Bridle.Recall", "Bridle.Hosting", "Bridle.Cli"];
    private static readonly string[] s_libraries = ["AngleSharp", "Microsoft.Extensions.AI.Abstractions", "System.CommandLine", "YamlDotNet"];

    [Fact]
    public void Select_makes_no_kind_of_value_type_that_is_not_made_anyway()
    {
        var calls = CallsOf([.. s_own, .. s_libraries]);
        var more = Reached(calls).Except(s_known).ToList();
        var where = calls.Where(call => more.Contains(call.To)).Select(call => $"{call.To} in {call.Assembly}: {string.Join(", ", call.Callers)}").Order();
        Assert.True(more.Count == 0, $"""
            Each kind of value type that Select makes of a class multiplies the native program (docs/performance.md, "The native program"):
            {string.Join('\n', where)}
            Make an anonymous type or a record of it, or use a loop, List.ConvertAll or Array.ConvertAll.
            """);
    }

    [Fact]
    public void What_is_made_anyway_is_made_by_a_library() =>
        Assert.Equal(s_known, Reached(CallsOf(s_libraries)).Order(StringComparer.Ordinal));

    [Fact]
    public void A_call_is_found_with_the_method_that_makes_it()
    {
        var found = SelectCall.In(typeof(SelectShapeTests).Assembly.Location);
        var call = Assert.Single(found, call => call is { From: "DateTimeOffset", To: "ValueTuple`3<_, DayOfWeek, Nullable`1<Int64>>" });
        Assert.Equal(["SelectShapeTests.Example"], call.Callers);
        Assert.DoesNotContain(found, call => call.To == "ValueTuple`2<DayOfWeek, Int64>");
    }

    private static List<SelectCall> CallsOf(IEnumerable<string> assemblies) =>
        [.. assemblies.SelectMany(name => SelectCall.In(Path.Combine(AppContext.BaseDirectory, $"{name}.dll")))];

    // The value types that a chain which begins with classes can come to, whatever stands between.
    private static IEnumerable<string> Reached(List<SelectCall> calls)
    {
        var reached = new HashSet<string> { ShapeNames.AnyClass };
        while (calls.Exists(call => reached.Contains(call.From) && reached.Add(call.To)))
        {
        }

        return reached.Where(type => type != ShapeNames.AnyClass);
    }

    private static IReadOnlyList<object> Example(IEnumerable<DateTimeOffset> days) =>
    [
        .. days.Select(day => (day.ToString(), day.DayOfWeek, (long?)day.Ticks)).Select(one => one.Item1),
        .. days.Select((day, i) => (day.DayOfWeek, (long)i)),
    ];
}
