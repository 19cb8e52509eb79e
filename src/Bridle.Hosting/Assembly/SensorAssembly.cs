using Bridle.Hosting.Sensors;
using Bridle.Sensors;

namespace Bridle.Hosting.Assembly;

/// <summary>The sensors of one session.</summary>
internal sealed class SensorAssembly
{
    /// <summary>Reads what is declared. Runs nothing.</summary>
    public SensorAssembly(HostFiles files, JudgeModel judge)
    {
        var book = SensorBook.Of(files);
        var settings = files.Layers.Effective.Sensors;
        Set = new SensorSet([.. book.Active.Select(one => Make(one, judge))])
        {
            MostRounds = settings?.Rounds ?? SensorSet.None.MostRounds,
            AutoFix = settings?.AutoFix switch { "off" => AutoFix.Off, "auto" => AutoFix.Auto, _ => AutoFix.Ask },
            Look = WorkspaceStamps.Of,
        };
        Notices = [.. book.All.Where(one => one is { WhyNot: not null, Written.Enabled: not false } && (!one.IsReadyMade || settings?.Detect is true)).Select(one => $"The sensor '{one.Name}' does not look: {one.WhyNot} `bridle sensors list` shows all.")];
    }

    /// <summary>The sensors.</summary>
    public SensorSet Set { get; }

    /// <summary>What a person should know about sensors that do not look, one line each.</summary>
    public IReadOnlyList<string> Notices { get; }

    internal static Sensor Make(DeclaredSensor one, JudgeModel judge)
    {
        Func<SensorMoment, CancellationToken, ValueTask<SensorReading>> read = one.Prompt is not null ? new JudgeSensor(one, judge).ReadAsync
            : new CommandSensor(one, $"the sensor '{one.Name}' of {(one.IsReadyMade ? "this program, which settings turn on" : "your settings")}").ReadAsync;
        return new(one.Name, one.When, read) { What = one.Command ?? "asks a model", Concerns = one.Concerns, Most = one.Most, Advice = one.Written.Advice };
    }
}
