using Bridle.Benchmarks;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

if (args is ["screen"])
{
    await ScreenFrames.ReportAsync();
    return;
}

// In this process: the projects that BenchmarkDotNet would write do not follow this repository's build output.
var job = (args.Contains("--quick") ? Job.ShortRun : Job.Default).WithToolchain(InProcessEmitToolchain.Instance);
BenchmarkSwitcher.FromAssembly(typeof(ScreenFrames).Assembly).Run([.. args.Where(word => word != "--quick")], DefaultConfig.Instance.AddJob(job));
