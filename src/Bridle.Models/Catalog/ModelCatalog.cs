using System.Text;
using System.Text.Json;

namespace Bridle.Models.Catalog;

/// <summary>
/// The models that providers listed, kept as one JSON object a line. A line that does not parse is left out and counted, never fatal:
/// everything in the file can be fetched again. The file is replaced as a whole.
/// </summary>
public sealed class ModelCatalog
{
    private readonly string _file;
    private readonly Lock _lock = new();
    private List<CatalogEntry>? _entries;

    /// <summary>The catalog in the given file, which is read when first needed.</summary>
    public ModelCatalog(string file) => _file = file;

    /// <summary>Lines of the file that could not be read.</summary>
    public int BrokenLines { get; private set; }

    /// <summary>All entries, in the order of the file.</summary>
    public IReadOnlyList<CatalogEntry> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. Loaded()];
            }
        }
    }

    /// <summary>The entry for a model, or null.</summary>
    public CatalogEntry? Find(string provider, string model)
    {
        lock (_lock)
        {
            return Loaded().Find(entry => entry.Provider == provider && entry.Model == model);
        }
    }

    /// <summary>Replaces what is known of a provider by what it lists now; what was found out about tools in use is kept where the list says nothing.</summary>
    public void Replace(string provider, IReadOnlyList<CatalogEntry> listed)
    {
        lock (_lock)
        {
            var before = Loaded().Where(entry => entry.Provider == provider).ToDictionary(entry => entry.Model);
            var merged = listed.DistinctBy(entry => entry.Model).Select(entry =>
                entry.Tools is Known.Unknown && before.TryGetValue(entry.Model, out var old) ? entry with { RefusesToolsAt = old.RefusesToolsAt } : entry);
            _entries = [.. Loaded().Where(entry => entry.Provider != provider), .. merged];
            Save();
        }
    }

    /// <summary>Notes that the server at an address refused a model's tools. Another server behind the same name may take them.</summary>
    public void NoteRefusedTools(string provider, string model, string? server, DateTimeOffset at)
    {
        lock (_lock)
        {
            var entries = Loaded();
            var index = entries.FindIndex(entry => entry.Provider == provider && entry.Model == model);
            var before = index < 0 ? new CatalogEntry(provider, model) : entries[index];
            var entry = before with { RefusesToolsAt = [.. (before.RefusesToolsAt ?? []).Append(server ?? "").Distinct()], At = at };
            if (index < 0)
            {
                entries.Add(entry);
            }
            else
            {
                entries[index] = entry;
            }

            Save();
        }
    }

    private List<CatalogEntry> Loaded()
    {
        if (_entries is null)
        {
            _entries = [];
            foreach (var line in File.Exists(_file) ? File.ReadLines(_file) : [])
            {
                if (line.Trim().Length > 0)
                {
                    Add(line);
                }
            }
        }

        return _entries;
    }

    private void Add(string line)
    {
        try
        {
            if (JsonSerializer.Deserialize(line, CatalogJson.Default.CatalogEntry) is { Provider.Length: > 0, Model.Length: > 0 } entry)
            {
                _entries!.Add(entry);
                return;
            }
        }
        catch (JsonException)
        {
            // Counted below: the list can be fetched again.
        }

        BrokenLines++;
    }

    private void Save()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
        var text = new StringBuilder();
        foreach (var entry in Loaded())
        {
            text.Append(JsonSerializer.Serialize(entry, CatalogJson.Default.CatalogEntry)).Append('\n');
        }

        var next = $"{_file}.{Guid.NewGuid():N}";
        File.WriteAllText(next, text.ToString());
        File.Move(next, _file, overwrite: true);
    }
}
