using Bridle.Permissions;
using Bridle.Sandboxing;

namespace Bridle.Tests.Sandboxing;

/// <summary>Two tables say what decides what runs later: the gate asks about it, the sandbox holds it. They differ only where this says so.</summary>
public sealed class ProtectedNamesTests : IDisposable
{
    // yarn writes its cache and its state into .yarn; what of it runs is held.
    private static readonly string[] s_heldInPart = [".yarn"];

    private readonly string _workspace = Directory.CreateTempSubdirectory("bridle-protected-").FullName;

    public void Dispose() => Directory.Delete(_workspace, recursive: true);

    [Fact]
    public void What_is_asked_about_is_held_where_it_exists()
    {
        foreach (var (name, isFolder) in SensitivePaths.Protected)
        {
            var path = Path.Combine(_workspace, name);
            if (isFolder)
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                File.WriteAllText(path, "");
            }
        }

        foreach (var part in new[] { "releases", "plugins", "sdks" })
        {
            Directory.CreateDirectory(Path.Combine(_workspace, ".yarn", part));
        }

        var held = ProtectedPlaces.Of(_workspace, "/nobody");
        Assert.Equal(s_heldInPart, SensitivePaths.Protected.Select(one => one.Name).Where(name => held.All(one => one.Path != Path.Combine(_workspace, name))));
        Assert.All(SensitivePaths.Protected.Where(one => !s_heldInPart.Contains(one.Name)), one => Assert.Equal(one.IsFolder, held.First(found => found.Path == Path.Combine(_workspace, one.Name)).IsFolder));
        Assert.Equal(3, held.Count(one => one.Path.StartsWith(Path.Combine(_workspace, ".yarn") + "/", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_is_held_is_asked_about()
    {
        foreach (var name in new[] { "gradle/wrapper/gradle-wrapper.properties", ".mvn/wrapper/maven-wrapper.properties", ".cargo/config.toml", ".yarn/releases/yarn.cjs" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_workspace, name))!);
            File.WriteAllText(Path.Combine(_workspace, name), "");
        }

        Assert.All(ProtectedPlaces.Of(_workspace, "/nobody"), one => Assert.NotEqual(Sensitivity.None, SensitivePaths.Look(one.Path).Level));
    }
}
