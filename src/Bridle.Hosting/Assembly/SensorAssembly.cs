using Bridle.Events;
using Bridle.Hosting.Sensors;
using Bridle.Hosting.Sensors.LanguageServers;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Sandboxing;
using Bridle.Sensors;
using Bridle.Sessions;
using Bridle.Workspaces;

namespace Bridle.Hosting.Assembly;

/// <summary>The sensors of one session, from settings to its end.</summary>
internal sealed class SensorAssembly : IAsyncDisposable
{
    private readonly HostFiles _files;
    private readonly SensorBook _book;
    private readonly Func<CancellationToken, ValueTask<IModel?>>? _role;
    private JudgeModel? _judge;
    private readonly bool _isOnDisk;
    private readonly List<LanguageServerSensor> _servers = [];
    private Func<IProcesses>? _confined;
    private Func<IProcesses>? _git;
    private bool _isConfined;
    private ContinuousSensors? _watching;

    /// <summary>Reads what is declared. Runs nothing. <paramref name="judge"/> gives the model that judges; null for that of the conversation.</summary>
    public SensorAssembly(HarnessRequest request, HostFiles files, Func<CancellationToken, ValueTask<IModel?>>? judge = null)
    {
        (_files, _book, _role, _isOnDisk) = (files, SensorBook.ForStart(files), judge, request.Workspace is null);
        var settings = files.Layers.Effective.Sensors;
        Set = new SensorSet([.. _book.Active.Select(Make)])
        {
            MostRounds = settings?.Rounds ?? SensorSet.None.MostRounds,
            AutoFix = settings?.AutoFix switch { "off" => AutoFix.Off, "auto" => AutoFix.Auto, _ => AutoFix.Ask },
            Look = WorkspaceStamps.Of,
            Aliases = invocation => _isOnDisk ? GitAliases.For(invocation.Scope.WorkingDirectory, invocation.Scope.Files, files.Environment) : new Dictionary<string, string>(),
            Watch = invocation => _git is null ? null : RepositoryHead.Watch(invocation, _git()),
            Committed = async (invocation, token) => _git is null ? null : await FilesToCommit.OfAsync(invocation, _git(), token),
        };
        Notices = [.. _book.All.Where(one => one is { WhyNot: not null, Written.Enabled: not false } && (!one.IsReadyMade || settings?.Detect is true)).Select(one => $"The sensor '{one.Name}' does not look: {one.WhyNot} `bridle sensors list` shows all.")];
    }

    /// <summary>The sensors.</summary>
    public SensorSet Set { get; }

    /// <summary>What a person should know about sensors that do not look, one line each.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>The session begins: those that look whenever files change begin to watch. Gives what lets one look by hand.</summary>
    public Func<string, CancellationToken, Task<SensorLooked?>> Begin(SessionParts parts, Session session, SandboxInForce sandbox)
    {
        _judge = async token => (_role is null ? null : await _role(token)) ?? session.Model;
        (_isConfined, _git) = (sandbox.IsOn, _isOnDisk ? () => sandbox.Confine(parts.Workspace.Processes, sandbox.Plan) : null);
        _confined = () => MayRunWhatIsHere ? sandbox.Confine(parts.Workspace.Processes, sandbox.Plan)
            : throw new ToolException("the folder is not trusted, and without a sandbox it would run what the project says. `bridle trust` lets it.");
        var continuous = Set.All.Where(sensor => sensor.When.HasFlag(SensorStages.Continuous)).ToList();
        if (_isOnDisk && continuous.Count > 0)
        {
            _watching = new ContinuousSensors(continuous, parts.Workspace.Files.Root, (sensor, files, token) => LookAsync(parts, sensor, SensorStages.Continuous, files, token), parts.Time)
            {
                Leave = Set.Left.Enqueue, Notify = text => parts.Events.Show(RunId.Session, new NoticeShown(text)),
            };
        }

        return async (name, token) =>
        {
            var declared = SensorBook.Of(_files).All.FirstOrDefault(one => one.Name == name && (one.WhyNot is null || one.IsOnlyOff));
            if (declared is null)
            {
                return null;
            }

            var sensor = Set.All.FirstOrDefault(one => one.Name == name) ?? Make(declared);
            var looked = await LookAsync(parts, sensor, SensorStages.None, [.. WorkspaceStamps.Of(parts.Workspace.Files, token).Keys.Where(sensor.Concerns)], token);
            return looked with { Note = parts.Events.Redact(looked.Note) };
        };
    }

    // A build or a server does what the files of the folder tell it to: the person's settings stand for it where they trust the folder, or where it is confined.
    private bool MayRunWhatIsHere => _files.Trust.IsTrusted || _isConfined;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await (_watching?.DisposeAsync() ?? ValueTask.CompletedTask);
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private ValueTask<SensorLooked> LookAsync(SessionParts parts, Sensor sensor, SensorStages stage, IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var log = new SensorLog(
            async (one, durability, token) => await parts.Events.RecordAsync(RunId.Session, one, durability, token), parts.Events.Blobs, one => parts.Events.Show(RunId.Session, one)) { Redact = parts.Events.Redact };
        var calls = new SensorCalls(new SensorDoors(() => parts.Pipeline, parts.Workspace, parts.NewId, parts.Time), log);
        return SensorLook.TakeAsync(sensor, new SensorMoment(stage, files, calls) { Beside = BudgetAssembly.Beside(parts.SharedBudget, parts.Events, parts.Time) }, Set.AutoFix, cancellationToken);
    }

    private Sensor Make(DeclaredSensor one)
    {
        if (one.Server is { } settings)
        {
            var server = new LanguageServerSensor(one.Name, settings, () => _confined!());
            _servers.Add(server);
            return new(one.Name, one.When, server.ReadAsync) { What = one.Command!, Most = one.Most, Concerns = file => settings.Extensions!.ContainsKey(Path.GetExtension(file)) };
        }

        Func<SensorMoment, CancellationToken, ValueTask<SensorReading>> read = one.Prompt is not null ? new JudgeSensor(one, token => _judge!(token)).ReadAsync
            : new CommandSensor(one, () => MayRunWhatIsHere ? $"the sensor '{one.Name}' of {(one.IsReadyMade ? "this program, which settings turn on" : "your settings")}" : null).ReadAsync;
        return new(one.Name, one.When, read) { What = one.Command ?? "asks a model", Concerns = one.Concerns, Most = one.Most, Advice = one.Written.Advice };
    }
}
