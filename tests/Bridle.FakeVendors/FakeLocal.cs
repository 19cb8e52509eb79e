using System.Text.Json.Nodes;

namespace Bridle.FakeVendors;

/// <summary>A model of a fake local server. <paramref name="Tools"/> is null where the server does not say.</summary>
public sealed record FakeModel(string Name, bool? Tools = true, int Window = 32_768);

/// <summary>
/// The three servers that people run themselves, each with its documented endpoints for what it is and which models it has, around the fake of its protocol.
/// Ollama: <c>/api/version</c>, <c>/api/tags</c>, <c>/api/show</c>. LM Studio: <c>/api/v1/models</c> since 0.4, <c>/api/v0/models</c> before. Lemonade: <c>/api/v1/health</c> and <c>/api/v1/models</c>.
/// </summary>
public static class FakeLocal
{
    public static FakeVendor Ollama(IReadOnlyList<FakeModel> models, params FakeTurn[] script) => new FakeOllama(script)
    {
        Beside = request => (request.Method, request.Path) switch
        {
            ("GET", "/api/version") => Json(new JsonObject { ["version"] = "0.12.6" }),
            ("GET", "/api/tags") => Json(new JsonObject
            {
                ["models"] = Array(models, model => new JsonObject
                {
                    ["name"] = model.Name, ["model"] = model.Name, ["modified_at"] = "2026-10-03T23:34:03.409490317-07:00", ["size"] = 3338801804, ["digest"] = "a2af6cc3eb7f",
                    ["details"] = new JsonObject { ["format"] = "gguf", ["family"] = "qwen3", ["parameter_size"] = "8.2B", ["quantization_level"] = "Q4_K_M" },
                }),
            }),
            ("POST", "/api/show") => models.FirstOrDefault(model => model.Name == request.Json.TextAt("model")) is { } model ? Json(Shown(model)) : FakeReply.Json(404, """{"error":"model not found"}"""),
            _ => null,
        },
    };

    /// <param name="version">0.4 and later have the first list, 0.3.16 and later say in the second which models use tools.</param>
    /// <param name="models">The models.</param>
    /// <param name="script">What it answers.</param>
    public static FakeVendor LmStudio(Version version, IReadOnlyList<FakeModel> models, params FakeTurn[] script) => new FakeOpenAiChat(script)
    {
        Beside = request => (request.Method, request.Path) switch
        {
            ("GET", "/api/v1/models") when version >= new Version(0, 4) => Json(new JsonObject { ["models"] = Array(models, Native) }),
            ("GET", "/api/v0/models") => Json(new JsonObject { ["object"] = "list", ["data"] = Array(models, model => Older(model, version >= new Version(0, 3, 16))) }),
            ("GET", "/v1/models") => Json(new JsonObject { ["object"] = "list", ["data"] = Array(models, model => new JsonObject { ["id"] = model.Name, ["object"] = "model", ["owned_by"] = "organization_owner" }) }),

            // LM Studio says so with status 200.
            ("GET", var path) => Json(new JsonObject { ["error"] = $"Unexpected endpoint or method. (GET {path})" }),
            _ => null,
        },
    };

    public static FakeVendor Lemonade(IReadOnlyList<FakeModel> models, params FakeTurn[] script) => new FakeOpenAiChat(script)
    {
        Root = "/api/v1",
        Beside = request => (request.Method, request.Path) switch
        {
            ("GET", "/api/v1/health") => Json(new JsonObject { ["status"] = "ok", ["version"] = "10.0.0", ["model_loaded"] = models.Count > 0 ? models[0].Name : null, ["all_models_loaded"] = new JsonArray() }),
            ("GET", "/api/v1/models") => Json(new JsonObject
            {
                ["object"] = "list",
                ["data"] = new JsonArray(
                [
                    .. models.Select(model => (JsonNode)Lemon(model.Name, downloaded: true, model.Tools is true ? ["hot", "tool-calling"] : ["reasoning"])),
                    Lemon("Whisper-Tiny", downloaded: true, ["audio", "transcription"]), Lemon("Not-Here-GGUF", downloaded: false, ["tool-calling"]),
                ]),
            }),
            _ => null,
        },
    };

    private static JsonObject Shown(FakeModel model)
    {
        var shown = new JsonObject { ["details"] = new JsonObject { ["family"] = "qwen3" }, ["model_info"] = new JsonObject { ["general.architecture"] = "qwen3", ["qwen3.context_length"] = model.Window } };
        if (model.Tools is { } tools)
        {
            shown["capabilities"] = tools ? new JsonArray("completion", "tools") : new JsonArray("completion");
        }

        return shown;
    }

    private static JsonObject Native(FakeModel model)
    {
        var native = new JsonObject { ["type"] = "llm", ["publisher"] = "qwen", ["key"] = model.Name, ["display_name"] = model.Name, ["loaded_instances"] = new JsonArray(), ["max_context_length"] = model.Window, ["format"] = "gguf" };
        if (model.Tools is { } tools)
        {
            native["capabilities"] = new JsonObject { ["vision"] = false, ["trained_for_tool_use"] = tools };
        }

        return native;
    }

    private static JsonObject Older(FakeModel model, bool saysTools)
    {
        var older = new JsonObject { ["id"] = model.Name, ["object"] = "model", ["type"] = "llm", ["publisher"] = "qwen", ["arch"] = "qwen3", ["state"] = "not-loaded", ["max_context_length"] = model.Window };
        if (saysTools)
        {
            older["capabilities"] = model.Tools is true ? new JsonArray("tool_use") : new JsonArray();
        }

        return older;
    }

    private static JsonObject Lemon(string name, bool downloaded, string[] labels) => new()
    {
        ["id"] = name, ["object"] = "model", ["created"] = 1744173590, ["owned_by"] = "lemonade", ["checkpoint"] = $"unsloth/{name}", ["recipe"] = "llamacpp", ["downloaded"] = downloaded,
        ["labels"] = new JsonArray([.. labels.Select(label => (JsonNode)label)]),
    };

    private static JsonArray Array(IReadOnlyList<FakeModel> models, Func<FakeModel, JsonObject> one) => new([.. models.Select(model => (JsonNode)one(model))]);

    private static FakeReply Json(JsonNode answer) => FakeReply.Json(200, answer.ToJsonString());
}
