using Bridle.Benchmarks;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Bridle.Journal;

// What bench/sessions.sh measures the program on: many DATA STATE COUNT, or one DATA STATE NAME RECORDS SUMMARY_EVERY (0: no summaries). resume DATA STATE NAME ROUNDS: where the time of going on with one goes. copies DATA STATE NAME ROUNDS: what clone, /rewind and edit cost. recall-…: what bench/recall.sh measures.
switch (args)
{
    case ["many", var data, var state, var count]:
        await MadeSessions.ManyAsync(data, state, int.Parse(count, System.Globalization.CultureInfo.InvariantCulture));
        return;
    case ["one", var data, var state, var name, var records, var summaryEvery]:
        await MadeSessions.WriteAsync(
            new SessionStore(data, state), name, int.Parse(records, System.Globalization.CultureInfo.InvariantCulture), int.Parse(summaryEvery, System.Globalization.CultureInfo.InvariantCulture));
        return;
    case ["resume", var data, var state, var name, var rounds]:
        await ResumeCost.PrintAsync(data, state, name, int.Parse(rounds, System.Globalization.CultureInfo.InvariantCulture));
        return;
    case ["copies", var data, var state, var name, var rounds]:
        await CopyCost.PrintAsync(data, state, name, int.Parse(rounds, System.Globalization.CultureInfo.InvariantCulture));
        return;
    case ["recall-make", var data, var state, var count]:
        await RecallScale.MakeAsync(data, state, int.Parse(count, System.Globalization.CultureInfo.InvariantCulture));
        return;
    case ["recall-build", var data, var state]:
        await RecallScale.BuildAsync(data, state);
        return;
    case ["recall-dump", var data, var state, var file]:
        RecallScale.Dump(data, state, file);
        return;
    case ["recall-query", var data, var state, var count]:
        await RecallScale.QueryAsync(data, state, int.Parse(count, System.Globalization.CultureInfo.InvariantCulture));
        return;
    default:
        break;
}

if (args is ["--start-ratio", .. var pairs])
{
    await StartRatio.PrintAsync(pairs is [var count] ? int.Parse(count, System.Globalization.CultureInfo.InvariantCulture) : 60);
    return;
}

if (args is ["guarded", .. var looks])
{
    await GuardedWalk.PrintAsync(looks is [var count] ? int.Parse(count, System.Globalization.CultureInfo.InvariantCulture) : 30);
    return;
}

if (args is ["verdicts"])
{
    VerdictTimes.Print();
    return;
}

if (args is ["screen"])
{
    await ScreenFrames.ReportAsync();
    return;
}

// In this process: the projects that BenchmarkDotNet would write do not follow this repository's build output.
var job = (args.Contains("--quick") ? Job.ShortRun : Job.Default).WithToolchain(InProcessEmitToolchain.Instance);
BenchmarkSwitcher.FromAssembly(typeof(ScreenFrames).Assembly).Run([.. args.Where(word => word != "--quick")], DefaultConfig.Instance.AddJob(job));
