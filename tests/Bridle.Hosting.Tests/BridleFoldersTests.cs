namespace Bridle.Hosting.Tests;

public sealed class BridleFoldersTests
{
    private static HostEnvironment World(HostPlatform platform, params (string Name, string Value)[] variables) =>
        new(variables.ToDictionary(variable => variable.Name, variable => variable.Value), "/home/ann", "/work", platform);

    [Fact]
    public void Linux_uses_the_places_below_the_home_folder()
    {
        var folders = BridleFolders.For(World(HostPlatform.Linux));
        Assert.Equal(("/home/ann/.local/share/bridle", "/home/ann/.local/state/bridle", "/home/ann/.config/bridle"), (folders.Data, folders.State, folders.Config));
        Assert.Equal("/home/ann/.config/bridle/settings.json", folders.UserSettings);
        Assert.Equal("/home/ann/.local/share/bridle/sessions", folders.Sessions);
    }

    [Fact]
    public void XDG_variables_move_the_folders_on_every_platform()
    {
        foreach (var platform in Enum.GetValues<HostPlatform>())
        {
            var folders = BridleFolders.For(World(platform, ("XDG_DATA_HOME", "/d"), ("XDG_STATE_HOME", "/s"), ("XDG_CONFIG_HOME", "/c")));
            Assert.Equal(("/d/bridle", "/s/bridle", "/c/bridle"), (folders.Data, folders.State, folders.Config));
        }
    }

    [Fact]
    public void A_relative_XDG_path_is_not_used() =>
        Assert.Equal("/home/ann/.local/share/bridle", BridleFolders.For(World(HostPlatform.Linux, ("XDG_DATA_HOME", "relative"))).Data);

    [Fact]
    public void HARNESS_ROOT_DIRS_NAME_changes_the_folder_name() =>
        Assert.Equal("/home/ann/.local/state/mine", BridleFolders.For(World(HostPlatform.Linux, ("HARNESS_ROOT_DIRS_NAME", "mine"))).State);

    [Theory]
    [InlineData("../up")]
    [InlineData("..")]
    [InlineData("/etc")]
    [InlineData("a\\b")]
    public void A_folder_name_that_leads_elsewhere_is_refused_with_a_word(string name)
    {
        var folders = BridleFolders.For(World(HostPlatform.Linux, ("HARNESS_ROOT_DIRS_NAME", name)));
        Assert.Equal("/home/ann/.local/share/bridle", folders.Data);
        Assert.Contains("HARNESS_ROOT_DIRS_NAME", folders.Notice);
    }

    [Fact]
    public void MacOS_and_Windows_have_their_own_place()
    {
        Assert.Equal("/home/ann/Library/Application Support/bridle/", BridleFolders.For(World(HostPlatform.MacOS)).Data + "/");
        Assert.Equal("/home/ann/Library/Application Support/bridle/state", BridleFolders.For(World(HostPlatform.MacOS)).State);
        Assert.StartsWith("/local", BridleFolders.For(World(HostPlatform.Windows, ("LOCALAPPDATA", "/local"))).Config);
    }

    [Fact]
    public void Made_folders_are_for_their_owner_only_and_open_ones_are_closed()
    {
        using var temporary = new TemporaryFolder();
        var folders = BridleFolders.For(temporary.Environment());
        Directory.CreateDirectory(folders.Data, (UnixFileMode)Convert.ToInt32("755", 8));
        folders.Create();
        foreach (var folder in new[] { folders.Data, folders.State, folders.Sessions, folders.Blobs })
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        }
    }
}
