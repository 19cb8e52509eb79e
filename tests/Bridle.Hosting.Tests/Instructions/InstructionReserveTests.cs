using Bridle.Hosting.Tests.Hooks;

namespace Bridle.Hosting.Tests.Instructions;

/// <summary>What is told at the start leaves room to the rules that are told later.</summary>
public sealed class InstructionReserveTests : IDisposable
{
    private readonly HookRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_short_rule_is_told_when_its_file_is_read_beside_a_file_that_is_too_long_for_all()
    {
        _rig.File("work/AGENTS.md", new string('x', 100 * 1024));
        _rig.File("work/.claude/rules/cs.md", "---\npaths: \"*.cs\"\n---\nSeal every class that nobody derives from, always.");
        _rig.File("work/a.cs", "class A;");
        var model = HookRig.Calls("Read", """{"file_path":"a.cs"}""");
        await _rig.RunAsync(model);
        Assert.Contains("Seal every class that nobody derives from, always.", HookRig.LastSent(model), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_rules_leave_three_quarters_to_what_is_told_at_the_start()
    {
        _rig.File("work/AGENTS.md", new string('x', 100 * 1024));
        _rig.File("work/.claude/rules/cs.md", $"---\npaths: \"*.cs\"\n---\n{new string('y', 100 * 1024)}");
        _rig.File("work/a.cs", "class A;");
        var model = HookRig.Calls("Read", """{"file_path":"a.cs"}""");
        await _rig.RunAsync(model);
        var sent = model.Requests[^1].System + HookRig.LastSent(model);
        Assert.Contains(new string('x', 48 * 1024), sent, StringComparison.Ordinal);
        Assert.DoesNotContain(new string('x', (48 * 1024) + 1), sent, StringComparison.Ordinal);
        Assert.Contains(new string('y', 16 * 1024), sent, StringComparison.Ordinal);
        Assert.DoesNotContain(new string('y', (16 * 1024) + 1), sent, StringComparison.Ordinal);
    }
}
