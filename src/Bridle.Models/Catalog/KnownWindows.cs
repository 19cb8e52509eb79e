using System.Text.Json;

namespace Bridle.Models.Catalog;

/// <summary>How many tokens families of models take, for those whose vendor's list does not say: the embedded <c>windows.json</c>, each with its date and source. What is not found is unknown.</summary>
public static class KnownWindows
{
    private static readonly Lazy<IReadOnlyList<(string Model, int Window)>> s_all = new(Load);

    /// <summary>The window of a model, by the longest beginning of its name that ends where a word of it ends; null when unknown.</summary>
    public static int? Find(string provider, string model)
    {
        var name = $"{provider}/{model}";
        var found = s_all.Value.Where(one => name.StartsWith(one.Model, StringComparison.OrdinalIgnoreCase) && (name.Length == one.Model.Length || !char.IsAsciiLetter(name[one.Model.Length])))
            .OrderByDescending(one => one.Model.Length).ToList();
        return found is [var (_, window), ..] ? window : null;
    }

    private static IReadOnlyList<(string, int)> Load()
    {
        using var stream = typeof(KnownWindows).Assembly.GetManifestResourceStream("Bridle.Models.windows.json") ?? throw new InvalidOperationException("windows.json is not embedded.");
        using var document = JsonDocument.Parse(stream);
        return [.. document.RootElement.GetProperty("windows").EnumerateArray().Select(one => (one.GetProperty("model").GetString()!, one.GetProperty("window").GetInt32()))];
    }
}
