using Bridle.Permissions;
using Bridle.Tests.Workspaces;
using Bridle.Workspaces;

namespace Bridle.Tests.Permissions;

/// <summary>What is remembered of a workspace between two looks, and that nothing is missed by it.</summary>
public sealed class GuardedLooksTests : IDisposable
{
    private readonly ScratchFolder _outer = new();
    private readonly string _root;

    public GuardedLooksTests() => _root = new LocalFiles(_outer.Folder("ws")).Root;

    public void Dispose() => _outer.Dispose();

    [Fact]
    public void A_folder_that_did_not_change_is_not_read_again_and_one_that_did_is()
    {
        SkipUnlessRemembered();
        foreach (var name in (string[])["a/b/plain.cs", "a/.env", "c/plain.cs", "node_modules/p/.env"])
        {
            _outer.File($"ws/{name}", "x");
        }

        var looks = Later();
        Assert.Equal(["a/.env"], Found(looks));
        Assert.Equal(4, looks.Read);
        Assert.Equal(["a/.env"], Found(looks));
        Assert.Equal(4, looks.Read);

        Tick();
        _outer.File("ws/c/.npmrc", "x");
        Assert.Equal(["a/.env", "c/.npmrc"], Found(looks));
        Assert.Equal(5, looks.Read);

        // What a file holds is nothing that is remembered.
        Tick();
        _outer.File("ws/c/plain.cs", "y");
        Assert.Equal(["a/.env", "c/.npmrc"], Found(looks));
        Assert.Equal(5, looks.Read);
    }

    // A second change may have the same time as the first.
    [Fact]
    public void A_folder_that_changed_a_moment_ago_is_read_each_time()
    {
        _outer.File("ws/a/plain.cs", "x");
        var looks = new GuardedLooks(Policy());
        Assert.Empty(Found(looks));
        Assert.Empty(Found(looks));
        Assert.Equal(4, looks.Read);
        _outer.File("ws/a/.env", "x");
        Assert.Equal(["a/.env"], Found(looks));
    }

    [Fact]
    public void Where_a_link_leads_is_looked_at_each_time()
    {
        SkipUnlessRemembered();
        _outer.File("else/plain", "x");
        _outer.File("else/private/plan", "x");
        File.CreateSymbolicLink(_outer["else/now"], "plain");
        File.CreateSymbolicLink(_outer["ws/link"], _outer["else/now"]);
        var looks = Later("Read(**/private/**)");
        Assert.Empty(Found(looks));
        File.Delete(_outer["else/now"]);
        File.CreateSymbolicLink(_outer["else/now"], "private/plan");
        Assert.Equal(["link"], Found(looks));
        Assert.Equal(1, looks.Read);
    }

    // Any changes, in any order: whoever remembers finds what one finds who looks for the first time.
    [Theory]
    [InlineData(3, null)]
    [InlineData(33, "Read(**/b/**)")]
    public void Nothing_that_comes_goes_or_moves_is_missed(int seed, string? deny)
    {
        string[] names = ["a", "b", "plain.cs", ".env", ".npmrc", "secrets", "node_modules", ".vscode", "link"];
        var (random, looks) = (new Random(seed), Later(deny));
        string Any() => string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => names[random.Next(names.Length)]));
        var (changed, read) = (0, 0);
        for (var round = 0; round < 150; round++)
        {
            Tick();
            changed += Change(random.Next(6), _outer[$"ws/{Any()}"], _outer[$"ws/{Any()}"]) ? 1 : 0;
            var first = new GuardedLooks(Policy(deny));
            Assert.Equal(Found(first), Found(looks));
            read += first.Read;
        }

        Assert.InRange(changed, 30, 150);
        Assert.InRange(looks.Read, 30, read / 2);
    }

    [Fact]
    public void More_than_can_be_looked_at_is_said()
    {
        foreach (var name in (string[])["a/x", "b/x", "c/x", "c/d/.envrc"])
        {
            _outer.File($"ws/{name}", "x");
        }

        foreach (var most in new[] { new GuardedLimits(3, 100), new GuardedLimits(100, 4) })
        {
            var places = new GuardedLooks(Policy(), most: most).Look();
            Assert.Contains("to look at", places.Unseen, StringComparison.Ordinal);
            Assert.Equal(places.Unseen, places.Problem);
        }

        Assert.Equal((null, null), (new GuardedLooks(Policy(), most: new(5, 8)).Look() is var all ? all.Unseen : "", all.Problem));
    }

    [Theory]
    [InlineData("mkdir $'ROOT/x\\xff'")]
    [InlineData("mkdir $'ROOT/x\\xff' $'ROOT/x\\xef\\xbf\\xbd'")]
    public void A_folder_that_can_be_entered_and_not_looked_into_is_said(string script)
    {
        SkipUnlessRemembered();
        using var made = System.Diagnostics.Process.Start("bash", ["-c", script.Replace("ROOT", _root, StringComparison.Ordinal)]);
        made.WaitForExit();
        var unseen = new GuardedLooks(Policy()).Look().Unseen;
        using var gone = System.Diagnostics.Process.Start("rm", ["-rf", _root]);
        gone.WaitForExit();
        Assert.Contains("cannot be looked into", unseen, StringComparison.Ordinal);
    }

    private static bool Change(int kind, string path, string other)
    {
        try
        {
            switch (kind)
            {
                case 0 or 1:
                    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                    File.WriteAllText(path, "x");
                    break;
                case 2:
                    Directory.CreateDirectory(path);
                    break;
                case 3:
                    Directory.Move(path, other);
                    break;
                case 4:
                    File.CreateSymbolicLink(path, other);
                    break;
                default:
                    File.Delete(path);
                    break;
            }

            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Until the clock of the file system has gone on, so that two changes have two times.
    private void Tick()
    {
        var path = _outer["tick"];
        File.WriteAllText(path, "");
        for (var first = Changed(path); Changed(path) == first;)
        {
            File.WriteAllText(path, "x");
        }
    }

    private static (long, uint) Changed(string path) => LinuxCalls.StatPath(path, out var stat) == 0 ? (stat.ChangedSeconds, stat.ChangedNanoseconds) : default;

    private void SkipUnlessRemembered() => Assert.SkipUnless(new FolderStamps(_root, TimeProvider.System).Of(_root).Stamp is not null, "This file system does not say when a folder changed.");

    private List<string> Found(GuardedLooks looks) => [.. looks.Look().Places.Select(place => Path.GetRelativePath(_root, place.Path)).Order(StringComparer.Ordinal)];

    // For a clock that is a day ahead every folder has been left alone for long enough.
    private GuardedLooks Later(string? deny = null) => new(Policy(deny), new Tomorrow());

    private PermissionPolicy Policy(string? deny = null) => new(Judging.Options with { Root = _root, AllowConfined = true, Rules = Judging.Rules(deny: deny is null ? [] : [deny]) });

    private sealed class Tomorrow : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddDays(1);
    }
}
