namespace Bridle.Hosting.Tests.Telemetry;

/// <summary>Tests that run beside no others: what a session sends at its end has two seconds, which a machine that does sixty other things at once may not have.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
