using Bridle.Hosting.Sandboxes;

namespace Bridle.Hosting.Tests.Sandboxes;

public sealed class PrivatePlaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Name() => Path.Combine(_folder.Path, $"bridle-{Guid.NewGuid():N}");

    [Fact]
    public void A_session_that_has_lived_for_days_keeps_its_folder_when_another_ends()
    {
        var (old, left, young) = (Name(), Name(), Name());
        using var living = PrivatePlace.Take(old, TimeProvider.System);
        File.WriteAllText(Path.Combine(old, "kept"), "");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(left).FullName, "in-use.lock"), "");
        Directory.CreateDirectory(young);
        foreach (var folder in new[] { old, left })
        {
            Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow.AddDays(-5));
        }

        PrivatePlace.Take(Name(), TimeProvider.System).Dispose();

        Assert.True(File.Exists(Path.Combine(old, "kept")));
        Assert.False(Directory.Exists(left));
        Assert.True(Directory.Exists(young));
        living.Dispose();
        Assert.Equal([young], Directory.GetDirectories(_folder.Path));
    }
}
