using Bridle.Cli.Output;

namespace Bridle.Cli.Tests.Output;

public sealed class DiskTroubleTests
{
    [Fact]
    public void A_full_disk_is_told_with_what_to_do_and_as_no_defect()
    {
        var full = Assert.Throws<IOException>(() =>
        {
            using var device = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            device.Write([1]);
        });
        Assert.True(DiskTrouble.Is(full));
        Assert.Equal(("failed", "Free some room, then try again."), (DiskTrouble.Of(full).Kind, DiskTrouble.Of(full).Advice));
        Assert.StartsWith("No space left on device", DiskTrouble.Of(full).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_that_may_not_be_written_is_told_with_what_to_do()
    {
        foreach (var trouble in (Exception[])[new UnauthorizedAccessException("Access to the path '/x' is denied."), new IOException("Read-only file system : '/x'", 30)])
        {
            Assert.True(DiskTrouble.Is(trouble));
            Assert.StartsWith("Make the place writable, or set XDG_DATA_HOME", DiskTrouble.Of(trouble).Advice, StringComparison.Ordinal);
        }

        Assert.False(DiskTrouble.Is(new IOException("The pipe broke.", 32)));
        Assert.False(DiskTrouble.Is(new InvalidOperationException()));
    }
}
