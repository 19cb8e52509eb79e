using Bridle.Hosting.Settings;

namespace Bridle.Hosting.Tests.Settings;

public sealed class UserSettingsFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bridle-user-settings-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("{\"providers\":{\"lab\":{\"baseUrl\":\"http://lab.example/v1\"}}}", false)]
    [InlineData("{\"model\":\"a/*b*/c\"}", false)]
    [InlineData("{ // mine\n\"model\":\"a\"}", true)]
    [InlineData("{\"model\":\"a\", /* mine */ }", true)]
    [InlineData("", false)]
    public void Only_a_file_with_comments_is_kept_beside_the_new_one(string before, bool kept)
    {
        var path = Path.Combine(_folder.FullName, "settings.json");
        File.WriteAllText(path, before);
        Assert.Equal(kept, UserSettingsFile.Set(path, [(["model"], "x/y")]) is not null);
        Assert.Equal(kept, File.Exists(path + ".before"));
        Assert.Contains("x/y", File.ReadAllText(path), StringComparison.Ordinal);
    }
}
