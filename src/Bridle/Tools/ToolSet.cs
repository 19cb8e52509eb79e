using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Bridle.Models;

namespace Bridle.Tools;

/// <summary>
/// The tools of a session, from sources and one by one, in the order of their names. Follows its sources: what they offer is looked at on each use, and
/// everything stays the same instance while nothing changed. Safe to use concurrently.
/// </summary>
public sealed class ToolSet
{
    private const int MostNamed = 100;

    // Some models were taught their tools as functions.Read, and call them so.
    private const string Namespace = "functions.";

    private readonly IReadOnlyList<IToolSource> _sources;
    private readonly IReadOnlyList<Tool> _own;
    private readonly ToolAliases _aliases;
    private volatile Contents _contents;

    /// <summary>A set of these; where a name is offered twice, the tools win over the sources and an earlier source over a later one.</summary>
    public ToolSet(IEnumerable<Tool> tools, IEnumerable<IToolSource>? sources = null, ToolAliases? aliases = null)
    {
        _own = [.. tools];
        _sources = [.. sources ?? []];
        _aliases = aliases ?? ToolAliases.Standard;
        _contents = new Contents(Offered());
    }

    /// <summary>The tools by name.</summary>
    public IReadOnlyList<Tool> Tools => Current.Tools;

    /// <summary>Their names.</summary>
    public IReadOnlySet<string> Names => Current.Tools.Select(tool => tool.Definition.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>The tools as a model sees them, in the same order.</summary>
    public IReadOnlyList<ToolSchema> Schemas => Current.Schemas;

    /// <summary>What is wrong with the offer, in sentences for a person: names offered more than once.</summary>
    public IReadOnlyList<string> Problems => Current.Problems;

    /// <summary>The SHA-256 in hex of names, descriptions and schemas. The same in every process for the same tools.</summary>
    public string Hash => Current.Hash;

    private Contents Current
    {
        get
        {
            var (contents, offered) = (_contents, Offered());
            return contents.Offered.SequenceEqual(offered, ReferenceEqualityComparer.Instance) ? contents : _contents = new Contents(offered);
        }
    }

    /// <summary>The tool of exactly that name, or null.</summary>
    public Tool? Find(string name) => Current.ByName.GetValueOrDefault(name);

    /// <summary>The tool that is meant by a name: its own, an alias, or its own in another case, each also after <c>functions.</c>. The alias is given when the arguments may need translation.</summary>
    public (Tool Tool, ToolAlias? Alias)? Resolve(string name)
    {
        var contents = Current;
        return Resolve(name, contents) ?? (name.StartsWith(Namespace, StringComparison.Ordinal) ? Resolve(name[Namespace.Length..], contents) : null);
    }

    private (Tool Tool, ToolAlias? Alias)? Resolve(string name, Contents contents)
    {
        if (contents.ByName.TryGetValue(name, out var exact))
        {
            return (exact, _aliases.Find(name) is { } own && own.Tool == name ? own : null);
        }

        if (_aliases.Find(name) is { } alias && contents.ByName.TryGetValue(alias.Tool, out var meant))
        {
            return (meant, alias);
        }

        var alike = contents.Tools.Where(tool => string.Equals(tool.Definition.Name, name, StringComparison.OrdinalIgnoreCase)).Take(2).ToList();
        return alike.Count == 1 ? (alike[0], null) : null;
    }

    /// <summary>What to tell a model that asked for a tool that does not exist: the nearest name, and all names.</summary>
    public string Unknown(string name)
    {
        var names = Current.Tools.Select(tool => tool.Definition.Name).ToList();
        if (names.Count == 0)
        {
            return $"There is no tool '{name}', and no other one either. Answer without tools.";
        }

        var aliases = _aliases.Names.Order(StringComparer.Ordinal).Where(alias => _aliases.Find(alias) is { } known && Current.ByName.ContainsKey(known.Tool));
        var hint = Nearest.Of(name, [.. names, .. aliases]) is { } nearest ? $" Did you mean '{(Current.ByName.ContainsKey(nearest) ? nearest : _aliases.Find(nearest)!.Tool)}'?" : "";
        var more = names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : "";
        return $"There is no tool '{name}'.{hint} The tools are: {string.Join(", ", names.Take(MostNamed))}{more}.";
    }

    private List<Tool> Offered() => [.. _own, .. _sources.SelectMany(source => source.Tools)];

    private sealed class Contents
    {
        public Contents(IReadOnlyList<Tool> offered)
        {
            Offered = offered;
            var groups = offered.GroupBy(tool => tool.Definition.Name, StringComparer.Ordinal).OrderBy(same => same.Key, StringComparer.Ordinal).ToList();
            Tools = [.. groups.Select(same => same.First())];
            Problems = [.. groups.Where(same => same.Distinct().Skip(1).Any())
                .Select(same => $"The tool '{same.Key}' is offered {same.Count()} times; the first offer is used. Rename or switch off the others.")];
            ByName = Tools.ToFrozenDictionary(tool => tool.Definition.Name, StringComparer.Ordinal);
            Schemas = [.. Tools.Select(tool => new ToolSchema(tool.Definition.Name, tool.Definition.Description, tool.Definition.InputSchema))];
            Hash = HashOf(Schemas);
        }

        public IReadOnlyList<Tool> Offered { get; }

        public IReadOnlyList<Tool> Tools { get; }

        public IReadOnlyList<string> Problems { get; }

        public FrozenDictionary<string, Tool> ByName { get; }

        public IReadOnlyList<ToolSchema> Schemas { get; }

        public string Hash { get; }

        private static string HashOf(IEnumerable<ToolSchema> schemas)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var schema in schemas)
            {
                foreach (var text in (ReadOnlySpan<string>)[schema.Name, schema.Description, schema.Parameters.GetRawText()])
                {
                    var bytes = Encoding.UTF8.GetBytes(text);
                    hash.AppendData(BitConverter.GetBytes(bytes.Length));
                    hash.AppendData(bytes);
                }
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }
}
