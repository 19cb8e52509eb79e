using System.Text;
using System.Text.Json;
using Bridle.Journal;
using Bridle.Permissions;

namespace Bridle.Hosting.Grants;

/// <summary>
/// What people agreed to beyond a session: one file in the harness's own state, one grant a line, for its owner only. A project's own files never hold any. A file that is damaged, or that
/// others could have written, opens nothing as a whole and is left as it is. Safe to use concurrently, also from several processes.
/// </summary>
public sealed class KeptGrants(string path)
{
    private const int MostBytes = 4 * 1024 * 1024;

    /// <summary>The grants, and why there are none when the file cannot be used.</summary>
    public (IReadOnlyList<PermissionGrant> Grants, string? Problem) Read()
    {
        try
        {
            if (!File.Exists(path))
            {
                return ([], null);
            }

            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0)
            {
                return ([], Unusable("others than its owner may write it"));
            }

            if (new FileInfo(path).Length > MostBytes)
            {
                return ([], Unusable("it is larger than any list of grants"));
            }

            return Parse(File.ReadAllText(path));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return ([], Unusable(unreadable.Message));
        }
    }

    /// <summary>Adds a grant; one that says the same is replaced. Gives why it could not be kept, or null.</summary>
    public string? Add(PermissionGrant grant) => Change(grants => [.. grants.Where(one => !Same(one, grant)), grant]);

    /// <summary>Removes the grant of that id. Null when there is none; else what came of it.</summary>
    public (bool Found, string? Problem) Remove(string id)
    {
        var found = false;
        var problem = Change(grants =>
        {
            found = grants.Any(grant => grant.Id == id);
            return found ? [.. grants.Where(grant => grant.Id != id)] : grants;
        });
        return (found, problem);
    }

    private string? Change(Func<IReadOnlyList<PermissionGrant>, IReadOnlyList<PermissionGrant>> change)
    {
        try
        {
            BridleFolders.CreatePrivate(Path.GetDirectoryName(path)!);
            using var alone = FileLock.Take($"{path}.lock");
            var (grants, problem) = Read();
            if (problem is not null)
            {
                return problem;
            }

            var changed = change(grants);
            if (!ReferenceEquals(changed, grants))
            {
                var text = new StringBuilder();
                foreach (var grant in changed)
                {
                    text.Append(JsonSerializer.Serialize(GrantRow.Of(grant), GrantJson.Default.GrantRow)).Append('\n');
                }

                PrivateFile.Replace(path, Encoding.UTF8.GetBytes(text.ToString()));
            }

            return null;
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            return $"{path} could not be written: {unwritable.Message}";
        }
    }

    private (IReadOnlyList<PermissionGrant> Grants, string? Problem) Parse(string text)
    {
        var grants = new List<PermissionGrant>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (line.Length == 0)
            {
                continue;
            }

            if (RowOf(line)?.ToGrant() is not { } grant || grants.Any(one => one.Id == grant.Id))
            {
                return ([], Unusable($"line {number} is no grant"));
            }

            grants.Add(grant);
        }

        return text.Length > 0 && !text.EndsWith('\n') ? ([], Unusable("its last line is cut")) : (grants, null);
    }

    private static GrantRow? RowOf(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, GrantJson.Default.GrantRow);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string Unusable(string why) => $"The permissions kept in {path} do not count: {why}. Correct the file or remove it; what it allowed is asked again.";

    private static bool Same(PermissionGrant a, PermissionGrant b) => (a.Actor, a.RuleText, a.Lifetime, a.Folder) == (b.Actor, b.RuleText, b.Lifetime, b.Folder);
}
