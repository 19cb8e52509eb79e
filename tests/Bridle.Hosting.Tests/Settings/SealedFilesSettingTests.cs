using Bridle.Hosting.Settings;
using Bridle.Hosting.Tests.Hooks;

namespace Bridle.Hosting.Tests.Settings;

public sealed class SealedFilesSettingTests : IDisposable
{
    private readonly HookRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public async Task An_empty_seal_is_a_problem_of_the_settings(string pattern)
    {
        Assert.Equal("sealedFiles", Assert.Single(SettingsCheck.Problems(new() { SealedFiles = ["tests/**", pattern] })).Path);
        Assert.Empty(SettingsCheck.Problems(new() { SealedFiles = ["tests/**"] }));
        _rig.UserSettings($$"""{ "sealedFiles": ["{{pattern}}"] }""");
        var refused = Assert.IsType<HarnessRefused>(await Composition.StartAsync(_rig.Request(new Testing.ScriptedModel()), TestContext.Current.CancellationToken));
        Assert.Contains("'sealedFiles' has an empty pattern", refused.Message, StringComparison.Ordinal);
    }
}
