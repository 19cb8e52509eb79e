using Bridle.Hosting.Tests.Hooks;
using Bridle.Hosting.Trust;

namespace Bridle.Hosting.Tests.Guides;

public sealed class ShownExperienceTests : IDisposable
{
    private readonly HookRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void The_guide_of_earlier_runs_is_listed_as_what_it_is_with_the_tokens_that_all_of_them_may_have()
    {
        var request = _rig.Request(null);
        Assert.Empty(ContextGuide.Of(request, HostFiles.Read(request)));
        _rig.UserSettings("""{ "experienceEnabled": true }""");
        Assert.Equal("experience: episodes, when an earlier run was like the task, at the start of a turn, at most 400 tokens", Assert.Single(ContextGuide.Of(request, HostFiles.Read(request))).Words);
    }
}
