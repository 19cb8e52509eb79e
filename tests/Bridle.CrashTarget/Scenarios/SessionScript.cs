using Bridle.Events;
using Bridle.Hosting;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Sessions;
using Bridle.Testing;

namespace Bridle.CrashTarget.Scenarios;

/// <summary>
/// Plays a scenario in a real session, put together as the command line does: new the first time, continued from its log every time after.
/// Tells every record that the log took (<c>ack</c>), every message (<c>accepted</c>), every turn (<c>finished</c>), and <c>closed</c> at the end.
/// </summary>
internal sealed class SessionScript
{
    private readonly Place _place;
    private readonly Scenario _scenario;
    private readonly bool _allowAll;
    private readonly TextWriter _out;
    private readonly Points _points;
    private readonly StepModel _model;

    private SessionScript(Place place, Scenario scenario, bool allowAll, TextWriter output, Action<int, string> atPoint)
    {
        (_place, _scenario, _allowAll, _out) = (place, scenario, allowAll, output);
        _points = new Points(atPoint);
        _model = new StepModel(scenario, request => Outside.Append(place.Requests, $"-- request\n{RequestText.Of(request, place)}"));
    }

    /// <summary>As a program of its own. <c>kill=N</c> ends the process at point N; <c>allow-all</c> lets every call run without asking.</summary>
    public static int Run(string root, string scenario, string[] options)
    {
        var kill = options.FirstOrDefault(option => option.StartsWith("kill=", StringComparison.Ordinal)) is { } given ? int.Parse(given[5..]) : 0;
        return Run(root, scenario, options.Contains("allow-all"), Console.Out, (n, what) =>
        {
            if (n == kill)
            {
                Outside.Die();
            }
        });
    }

    /// <summary>On the calling thread.</summary>
    public static int Run(string root, string scenario, bool allowAll, TextWriter output, Action<int, string> atPoint) =>
        OneThread.Run(new SessionScript(new Place(root), AllScenarios.Named(scenario), allowAll, output, atPoint).PlayAsync);

    public static int List()
    {
        Console.Out.WriteLine(string.Join('\n', AllScenarios.List.Select(scenario => scenario.Name)));
        return 0;
    }

    private async Task<int> PlayAsync()
    {
        try
        {
            Directory.CreateDirectory(_place.Work);
            if (await Composition.StartAsync(Request(), CancellationToken.None) is not HarnessStarted { Harness: var harness } start)
            {
                Tell("refused to start");
                return 1;
            }

            await using (harness)
            {
                harness.Notices.ToList().ForEach(notice => Tell($"notice {notice}"));
                await PlayAsync(harness.Session);
            }

            Tell("closed");
            return 0;
        }
        catch (JournalException failure)
        {
            Tell($"refused {failure.Message}");
            return 1;
        }
    }

    private async Task PlayAsync(Session session)
    {
        _model.Session = session;
        var before = _place.Store.Read(Place.Session).Journal.Read().Select(record => record.Event).ToList();
        RepeatWhatWasTyped(session, before);
        foreach (var turn in _scenario.Turns.Where(turn => !IsFinished(turn, before)))
        {
            if (turn.Mode is { } mode)
            {
                await session.ChangeModeAsync(mode, CancellationToken.None);
            }

            var result = await session.RunAsync([new TextPart(turn.Text)], turn.Id, CancellationToken.None);
            Tell(result.Outcome is TurnOutcome.Completed ? $"finished {turn.Id}" : $"ended {turn.Id} {result.Outcome} {result.Error}");
        }
    }

    private HarnessRequest Request() => new(_place.Environment, _place.Work)
    {
        Model = _model,
        Mode = _place.Store.Exists(Place.Session) ? null : _scenario.Mode,
        Allow = _allowAll ? ["Count", "Dump", "Fail", "Pay", "Bash", "Write", "Edit"] : ["Count", "Dump", "Fail"],
        SessionName = Place.Session,
        Approver = new TestApprover(prompt => _scenario.Approve?.Invoke(prompt) ?? new ApprovalAnswer(true), question => question.Options[^1]),
        ExtraTools = CountingTool.All(_place, _points),
        Sinks = [new CollectingSink { OnEvent = Watch }],
    };

    // What was typed and never acknowledged is typed again, as a person would.
    private void RepeatWhatWasTyped(Session session, List<DurableEvent> before)
    {
        var replies = session.Transcript.Messages.Count(message => message.Role is Role.Assistant);
        foreach (var steer in _scenario.Steps.Take(replies).Select(step => step.Steer).OfType<string>())
        {
            if (!before.OfType<InboxDrained>().Any(drained => drained.Messages.Any(message => message.Text == steer)))
            {
                session.Post(steer);
            }
        }
    }

    private static bool IsFinished(Turn turn, List<DurableEvent> before) =>
        before.SkipWhile(one => one is not UserSpoke spoke || spoke.MessageId != turn.Id).OfType<RunFinished>().Any(run => run.Outcome is not TurnOutcome.Crashed);

    private void Watch(SessionEvent one)
    {
        if (one is not Recorded record)
        {
            return;
        }

        Tell($"ack {record.N}");
        var typed = record.Event switch
        {
            UserSpoke spoke => [spoke.MessageId],
            InboxDrained drained => drained.Messages.Select(message => message.Text),
            _ => [],
        };
        foreach (var message in typed)
        {
            Tell($"accepted {message}");
        }

        _points.Reach(NameOf(record.Event));
    }

    // Marked when the log was synced with it, see docs/reference/log.md.
    private static string NameOf(DurableEvent one) =>
        one is UserSpoke or InboxDrained or ApprovalGiven or QuestionAsked or QuestionAnswered or RunFinished or ToolStarted { Effect: ToolEffect.Once }
        ? $"synced {one.GetType().Name}" : one is ToolReturned returned ? $"returned {returned.Call}" : $"written {one.GetType().Name}";

    private void Tell(string line)
    {
        lock (_out)
        {
            _out.WriteLine(line.ReplaceLineEndings(" "));
            _out.Flush();
        }
    }
}
