using Bridle.Journal;
using Bridle.Messages;
using Bridle.Testing;
using Bridle.Tools.Files;
using Bridle.Tools.Search;

namespace Bridle.Tools.Tests;

public sealed class InMemoryTests
{
    [Fact]
    public async Task File_tools_work_on_a_workspace_that_is_only_in_memory()
    {
        var workspace = new InMemoryWorkspace();
        var seen = new Dictionary<string, string>();
        var scope = new CallScope
        {
            Call = new CallId("c1"),
            WorkingDirectory = workspace.Files.Root,
            Files = workspace.Files,
            Processes = workspace.Processes,
            Network = workspace.Network,
            Blobs = new MemoryBlobs(),
            Background = new BackgroundProcesses(),
            SeenFiles = seen,
            ShowProgress = _ => { },
            AskAsync = (_, _, _) => ValueTask.FromResult<string?>(null),
        };
        var written = await new WriteTool().RunAsync(scope, "src/a.cs", "one\ntwo\n");
        seen[written.Files[0].Path] = written.Files[0].Hash;
        await new EditTool().RunAsync(scope, "src/a.cs", "two", "TODO two");
        Assert.Equal("1\tone\n2\tTODO two", (await new ReadTool().RunAsync(scope, "src/a.cs")).Text);
        Assert.Equal("src/a.cs:2: TODO two", (await new GrepTool().RunAsync(scope, "TODO")).Text);
        Assert.Equal("src/a.cs", (await new GlobTool().RunAsync(scope, "**/*.cs")).Text);
        Assert.Equal("src/", (await new LsTool().RunAsync(scope)).Text);
    }
}
