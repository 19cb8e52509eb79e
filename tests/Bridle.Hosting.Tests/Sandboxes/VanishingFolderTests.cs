using Bridle.Hosting.Sandboxes;
using Bridle.Hosting.Sensors;
using Bridle.Sandboxing;

namespace Bridle.Hosting.Tests.Sandboxes;

/// <summary>Builds and tests remove folders while the workspace is looked through: that fails no look, and a look that failed is not kept.</summary>
public sealed class VanishingFolderTests : IDisposable
{
    private const int Folders = 150;
    private const int Looks = 60;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_workspace_that_is_gone_holds_what_is_always_held() =>
        Assert.Contains(ProtectedPlaces.Of(Path.Combine(_folder.Path, "gone"), "/nobody"), one => one.Path.EndsWith("/gone/.git", StringComparison.Ordinal));

    [Fact]
    public async Task Folders_that_come_and_go_while_it_is_looked_through_take_nothing_else_away()
    {
        _folder.Write("work/stays/.git/config", "");
        _folder.Write("work/stays/one.csproj", "");
        var work = Path.Combine(_folder.Path, "work");
        using var over = new CancellationTokenSource();
        var churn = Task.Run(() => Churn(work, over.Token), TestContext.Current.CancellationToken);
        try
        {
            for (var i = 0; i < Looks; i++)
            {
                Assert.Contains(ProtectedPlaces.Of(work, "/nobody"), one => one.Path.EndsWith("/stays/.git", StringComparison.Ordinal));
                Assert.Contains("stays/one.csproj", ProjectFolders.Files(work, ProjectFolders.MostDepth));
            }
        }
        finally
        {
            await over.CancelAsync();
            await churn;
        }
    }

    [Fact]
    public void A_folder_that_is_gone_lists_nothing() => Assert.Empty(ProjectFolders.Sorted(() => Directory.EnumerateFiles(Path.Combine(_folder.Path, "gone"))));

    [Fact]
    public void A_list_that_could_not_be_made_is_made_again_and_then_once()
    {
        var tries = 0;
        var list = new LaterList<string>(() => ++tries == 1 ? throw new DirectoryNotFoundException("gone") : ["a"]);
        Assert.Throws<DirectoryNotFoundException>(() => list.Count);
        Assert.Equal(["a"], list);
        Assert.Equal((1, 2), (list.Count, tries));
    }

    private static void Churn(string work, CancellationToken over)
    {
        do
        {
            for (var i = 0; i < Folders; i++)
            {
                Directory.CreateDirectory(Path.Combine(work, $"d{i}"));
            }

            for (var i = 0; i < Folders; i++)
            {
                Directory.Delete(Path.Combine(work, $"d{i}"));
            }
        }
        while (!over.IsCancellationRequested);
    }
}
