using Bridle.Benchmarks;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

if (args is ["--start-ratio", .. var pairs])
{
    await StartRatio.PrintAsync(pairs is [var count] ? int.Parse(count, System.Globalization.CultureInfo.InvariantCulture) : 60);
    return;
}

// In this process: the projects that BenchmarkDotNet would write do not follow this repository's build output.
var job = (args.Contains("--quick") ? Job.ShortRun : Job.Default).WithToolchain(InProcessEmitToolchain.Instance);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run([.. args.Where(word => word != "--quick")], DefaultConfig.Instance.AddJob(job));
