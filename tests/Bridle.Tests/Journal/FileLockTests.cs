using Bridle.Journal;

namespace Bridle.Tests.Journal;

public sealed class FileLockTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_lock_that_is_held_is_not_waited_for_and_is_free_again_once_let_go()
    {
        var file = Path.Combine(_folder.Root, "deep", "work.lock");
        var first = FileLock.TryTake(file);
        Assert.NotNull(first);
        Assert.Null(FileLock.TryTake(file));
        first.Dispose();
        using var next = FileLock.TryTake(file);
        Assert.NotNull(next);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }
}
