using System.Text.Json;

namespace Bridle.Hosting.Providers;

/// <summary>Tells local model servers apart by their own answers: several of them share a port, and any program may listen there.</summary>
internal static class LocalServerSigns
{
    /// <summary>Whether the answer to the identifying request is this server's.</summary>
    public static bool Matches(string sign, JsonElement answer) => answer.ValueKind is JsonValueKind.Object && sign switch
    {
        "ollama" => Has(answer, "version", JsonValueKind.String),
        "lm-studio" => Has(answer, "data", JsonValueKind.Array) || (Has(answer, "models", JsonValueKind.Array) && Items(answer, "models").All(item => Text(item, "key") is not null)),
        "lemonade" => Has(answer, "status", JsonValueKind.String) && answer.EnumerateObject().Any(property => property.Name is "model_loaded" or "all_models_loaded" or "checkpoint_loaded"),
        "vllm" or "llamacpp" => Items(answer).Any(item => Text(item, "owned_by") == sign),
        "localai" => Has(answer, "backends", JsonValueKind.Array),
        _ => false,
    };

    /// <summary>The model to use: one that is loaded if the server says so, else its first that is no embedding model; null when it has none.</summary>
    public static string? PickModel(string sign, JsonElement identity, JsonElement list)
    {
        if (sign == "lemonade" && Text(identity, "model_loaded") is { Length: > 0 } loaded)
        {
            return loaded;
        }

        // LM Studio's newer list: models by key, each with its loaded instances.
        if (sign == "lm-studio" && Items(list, "models").ToList() is { Count: > 0 } newer)
        {
            var talking = newer.Where(item => Text(item, "type") is not "embedding").ToList();
            var first = talking.FindIndex(item => item.TryGetProperty("loaded_instances", out var instances) && instances.ValueKind is JsonValueKind.Array && instances.GetArrayLength() > 0);
            return talking.Count > 0 ? Text(talking[Math.Max(0, first)], "key") : null;
        }

        var models = sign == "ollama" ? Items(list, "models").Select(item => (Name: Text(item, "name"), Item: item)) : Items(list).Select(item => (Name: Text(item, "id"), Item: item));
        var usable = models.Where(model => model.Name is { Length: > 0 } && !IsEmbedding(model.Name, model.Item)).ToList();
        return usable.FirstOrDefault(model => Text(model.Item, "state") == "loaded").Name ?? usable.FirstOrDefault().Name;
    }

    private static bool IsEmbedding(string name, JsonElement item) =>
        Text(item, "type") == "embeddings" || name.Contains("embed", StringComparison.OrdinalIgnoreCase) || name.Contains("rerank", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<JsonElement> Items(JsonElement answer, string name = "data") =>
        answer.ValueKind is JsonValueKind.Object && answer.TryGetProperty(name, out var list) && list.ValueKind is JsonValueKind.Array ? list.EnumerateArray() : [];

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind is JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static bool Has(JsonElement answer, string name, JsonValueKind kind) => answer.TryGetProperty(name, out var value) && value.ValueKind == kind;
}
