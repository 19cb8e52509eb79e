using System.Collections.Frozen;

namespace Bridle.Permissions;

/// <summary>The names that one program has for its verbs; those of one group mean the same. From the programs' own documentation and sources.</summary>
internal sealed class VerbNames
{
    private static readonly FrozenDictionary<string, VerbNames> All = Make();

    private readonly FrozenDictionary<string, string[]> _groups;
    private readonly string[] _abbreviated;

    // Names of one group stand side by side with '|' between them; a name may have two words.
    private VerbNames(string groups, string abbreviated = "")
    {
        _abbreviated = [.. abbreviated.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        _groups = groups.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(group => group.Split('|'))
            .SelectMany(group => group, (group, name) => (name, group)).GroupBy(one => one.name).ToFrozenDictionary(one => one.Key, one => one.SelectMany(each => each.group).Distinct().ToArray());
    }

    /// <summary>Those of a program, or null where it is not in the table.</summary>
    public static VerbNames? Of(string program) => All.GetValueOrDefault(program);

    /// <summary>The other names of the verb that stands in a word, or in it and the next; with how many words they replace.</summary>
    public IEnumerable<(int Words, string Name)> OthersOf(string word, string? next)
    {
        foreach (var other in GroupOf(word))
        {
            yield return (1, other);
        }

        foreach (var other in next is not null && _groups.TryGetValue($"{word} {next}", out var group) ? group : [])
        {
            yield return (2, other);
        }
    }

    // Where the program takes the beginning of a name for it, as far as all names that begin so mean one.
    private string[] GroupOf(string word)
    {
        if (_groups.TryGetValue(word, out var group))
        {
            return group;
        }

        if (_abbreviated.Length == 0 || _abbreviated.Contains(word))
        {
            return [];
        }

        var dashed = string.Concat(word.Select(sign => char.IsAsciiLetterUpper(sign) ? $"-{char.ToLowerInvariant(sign)}" : sign.ToString()));
        var meant = _abbreviated.Concat(_groups.Keys).Where(name => name.StartsWith(dashed, StringComparison.Ordinal)).Distinct().Select(name => _groups.GetValueOrDefault(name) ?? [name]).ToList();
        return meant.Count > 0 && meant.TrueForAll(one => one.Contains(meant[0][0])) ? meant[0] : [];
    }

    private static FrozenDictionary<string, VerbNames> Make()
    {
        var containers = new VerbNames(
            string.Join(';', "attach commit cp create diff exec export kill logs pause port rename restart rm run start stats stop top unpause update wait".Split(' ').Select(verb => $"{verb}|container {verb}"))
            + ";ps|container ls|container list|container ps;rm|container rm|container remove;inspect|container inspect"
            + ";build|image build|buildx build|builder build;history|image history;import|image import;load|image load;pull|image pull;push|image push;save|image save;tag|image tag;rmi|image rm|image remove;images|image ls|image list;info|system info;events|system events");
        var dnf = new VerbNames("install|in|localinstall;remove|rm|erase;update|upgrade|up|update-to;list|ls;search|se;info|if;reinstall|rei;repoquery|rq;downgrade|dg;makecache|mc;history|hist");
        var conda = new VerbNames("remove|uninstall;update|upgrade");
        var bun = new VerbNames("add|a;install|i;remove|rm|r;update|up");
        return new Dictionary<string, VerbNames>
        {
            ["npm"] = new(
                "owner|author;docs|home;bugs|issues;view|info|show|v;search|find|s|se;install|add|i|in|ins|inst|insta|instal|isnt|isnta|isntal|isntall;uninstall|unlink|remove|rm|r|un;rebuild|rb;ls|list;link|ln;init|create|innit;install-test|it;"
                + "install-ci-test|cit|clean-install-test|sit;update|u|up|upgrade|udpate;config|c;test|tst|t;dedupe|ddp;run|run-script|rum|urn;ci|clean-install|ic|install-clean|isntall-clean;exec|x;explain|why;ll|la;version|verison;help|hlep;dist-tag|dist-tags;org|ogr;adduser|add-user",
                "access adduser approve-scripts audit bugs cache ci completion config dedupe deny-scripts deprecate diff dist-tag docs doctor edit exec explain explore find-dupes fund get help help-search init install install-ci-test install-scripts install-test link ll "
                + "login logout ls org outdated owner pack ping pkg prefix profile prune publish query rebuild repo restart root run sbom search set shrinkwrap stage star stars start stop team test token trust undeprecate uninstall unpublish unstar update version view whoami"),
            ["pnpm"] = new("install|i;remove|rm|uninstall|un|uni;update|up|upgrade;run|run-script;test|t|tst;list|ls;ll|la;link|ln;unlink|dislink;rebuild|rb;create|init;config|c;install-test|it"),
            ["yarn"] = new("upgrade|up;run|run-script"), ["bun"] = bun,
            ["cargo"] = new("build|b;check|c;doc|d;run|r;test|t;remove|rm"),
            ["brew"] = new("uninstall|remove|rm|uninstal;list|ls;install|instal;update|up;search|-S;info|abv;link|ln;home|homepage;doctor|dr;postinstall|post_install"),
            ["composer"] = new("install|i;require|r;update|u|upgrade;remove|rm|uninstall;run-script|run;dump-autoload|dumpautoload;show|info"),
            ["docker"] = containers, ["podman"] = containers, ["nerdctl"] = containers,
            ["dnf"] = dnf, ["yum"] = dnf, ["dnf5"] = dnf, ["microdnf"] = dnf, ["zypper"] = new("install|in;remove|rm;update|up;dist-upgrade|dup;refresh|ref;search|se;addrepo|ar;removerepo|rr"),
            ["conda"] = conda, ["mamba"] = conda, ["micromamba"] = conda, ["helm"] = new("uninstall|delete|del|un;list|ls;dependency|dep|dependencies;plugin|plugins"),
            ["svn"] = new("commit|ci;checkout|co;delete|del|remove|rm;update|up;switch|sw;move|mv|rename|ren;copy|cp;status|stat|st;blame|praise|annotate|ann;diff|di;list|ls;propset|pset|ps;propdel|pdel|pd;propedit|pedit|pe;propget|pget|pg"),
            ["hg"] = new("commit|ci;update|up|checkout|co;remove|rm;move|mv|rename;copy|cp;status|st;log|history", "add addremove backout bisect bookmarks branch bundle clone commit copy diff export forget graft grep histedit import incoming init log merge outgoing phase pull purge push rebase recover remove rename resolve revert root serve shelve status strip summary tag unbundle unshelve update verify"),
            ["gem"] = new("install|i;list|l", "build cert check cleanup contents dependency environment exec fetch help info install list lock open outdated owner pristine push query rebuild rdoc search signin signout sources specification stale uninstall unpack update which yank"),
            ["git"] = new("push|subtree push|send-pack;add|stage;fetch|fetch-pack;pull|subtree pull"),
            ["pacman"] = new("-S|--sync;-R|--remove;-U|--upgrade;-Q|--query"), ["dotnet"] = new("add package|package add;remove package|package remove;list package|package list;add reference|reference add;remove reference|reference remove;list reference|reference list"),
            ["gh"] = new("pr checkout|pr co|co"), ["winget"] = new("install|add;uninstall|remove|rm;upgrade|update;list|ls;search|find;show|view"), ["scoop"] = new("uninstall|rm"), ["choco"] = new("uninstall|remove"),
        }.ToFrozenDictionary();
    }
}
