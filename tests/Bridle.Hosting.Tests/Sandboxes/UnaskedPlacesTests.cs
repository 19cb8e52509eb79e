using System.Diagnostics;
using Bridle.Hosting.Providers;
using Bridle.Models;
using Bridle.Sandboxing;
using Bridle.Testing;

namespace Bridle.Hosting.Tests.Sandboxes;

/// <summary>What a command that nobody was asked about must not leave or see where the person's own places lie within its reach.</summary>
public sealed class UnaskedPlacesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public UnaskedPlacesTests() => Assert.SkipUnless(BubblewrapSandbox.Shared.Probe().Works, BubblewrapSandbox.Shared.Probe().Detail);

    public void Dispose() => _folder.Dispose();

    private async Task<string> RunAsync(string folder, string command, params string[] allow)
    {
        var request = new HarnessRequest(_folder.Environment(("PATH", Environment.GetEnvironmentVariable("PATH")!)), folder)
        {
            ConfinedUnasked = true,
            Allow = allow,
            Model = new ScriptedModel(ScriptedReply.Calls(("Bash", $$"""{"command":"{{System.Text.Json.JsonEncodedText.Encode(command)}}"}""")), ScriptedReply.Text("done")),
            FindLocalServers = _ => Task.FromResult<IReadOnlyList<LocalServerFound>>([]),
        };
        var start = await Composition.StartAsync(request, TestContext.Current.CancellationToken);
        await using var harness = Assert.IsType<HarnessStarted>(start).Harness;
        await harness.Session.RunAsync("task", TestContext.Current.CancellationToken);
        return string.Join('\n', harness.Session.Transcript.Messages.SelectMany(message => message.Parts).OfType<Messages.ToolResultPart>().SelectMany(part => part.Content).OfType<Messages.TextPart>().Select(part => part.Text));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Settings_that_were_not_there_are_not_made_in_a_home_folder(bool hasConfig)
    {
        if (hasConfig)
        {
            Directory.CreateDirectory(Path.Combine(_folder.Path, ".config"));
        }

        _folder.Write("w.sh", "for f in .config/bridle/settings.json .bash_aliases .config/autostart/x bin/git .local/bin/git .cache/bridle/toolchains/other/x; do mkdir -p ${f%/*}; echo x > $f; done; mkdir -p .cache/mine; echo x > plain; echo end");

        var said = await RunAsync(_folder.Path, "bash w.sh");
        Assert.Contains("end", said, StringComparison.Ordinal);
        Assert.DoesNotContain("was made", said, StringComparison.Ordinal);

        Assert.True(File.Exists(Path.Combine(_folder.Path, "plain")) && Directory.Exists(Path.Combine(_folder.Path, ".cache/mine")));
        foreach (var name in new[] { ".config/bridle/settings.json", ".bash_aliases", ".config/autostart", "bin", ".local/bin", ".cache/bridle/toolchains/other" })
        {
            Assert.False(Path.Exists(Path.Combine(_folder.Path, name)), name);
        }
    }

    [Fact]
    public async Task Credentials_for_a_registry_are_shown_to_what_fetches_or_was_allowed_and_to_nothing_else()
    {
        _folder.Write(".nuget/NuGet/NuGet.Config", "<x>hush</x>");
        _folder.Write("work/a.csproj", "");
        _folder.Write("work/look.sh", "cat $DOTNET_CLI_HOME/.nuget/NuGet/NuGet.Config; echo end");
        var work = Path.Combine(_folder.Path, "work");

        Assert.DoesNotContain("hush", await RunAsync(work, "bash look.sh"), StringComparison.Ordinal);
        Assert.Contains("hush", await RunAsync(work, "bash look.sh", "Bash(bash look.sh)"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Git_finds_the_repository_of_a_linked_worktree_in_a_folder_for_temporary_files()
    {
        void Git(params string[] arguments)
        {
            using var git = Process.Start("git", ["-C", Directory.CreateDirectory(Path.Combine(_folder.Path, "main")).FullName, "-c", "user.name=t", "-c", "user.email=t@example.com", .. arguments]);
            git.WaitForExit();
        }

        Git("init", "-q", "-b", "main");
        Git("commit", "-q", "--allow-empty", "-m", "first");
        Git("worktree", "add", "-q", "../tree", "-b", "side");

        _folder.Write("tree/look.sh", "git log --format=%s; echo x >> ../main/.git/config || echo kept");
        var said = await RunAsync(Path.Combine(_folder.Path, "tree"), "bash look.sh");

        Assert.Contains("first", said, StringComparison.Ordinal);
        Assert.Contains("kept", said, StringComparison.Ordinal);
    }
}
