namespace Bridle.Telemetry;

/// <summary>
/// The names of OpenTelemetry's conventions for generative AI, in one place because nothing of them is stable: version 1.41 of May 2026 unless
/// <c>OTEL_SEMCONV_STABILITY_OPT_IN=gen_ai_latest_experimental</c> asks for what its newer repository has.
/// </summary>
internal sealed record GenAiNames
{
    public static GenAiNames Published { get; } = new();

    public static GenAiNames Latest { get; } = new()
    {
        IsLatest = true,
        CacheWritten = "gen_ai.usage.cache_write.input_tokens",
        Duration = "gen_ai.client.inference.duration",
        FirstChunk = "gen_ai.client.inference.time_to_first_chunk",
    };

    public const string Operation = "gen_ai.operation.name";
    public const string Provider = "gen_ai.provider.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string RequestMaxTokens = "gen_ai.request.max_tokens";
    public const string ResponseModel = "gen_ai.response.model";
    public const string FinishReasons = "gen_ai.response.finish_reasons";
    public const string TimeToFirstChunk = "gen_ai.response.time_to_first_chunk";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string CacheRead = "gen_ai.usage.cache_read.input_tokens";
    public const string Reasoning = "gen_ai.usage.reasoning.output_tokens";
    public const string Conversation = "gen_ai.conversation.id";
    public const string AgentName = "gen_ai.agent.name";
    public const string AgentVersion = "gen_ai.agent.version";
    public const string ToolName = "gen_ai.tool.name";
    public const string ToolCall = "gen_ai.tool.call.id";
    public const string ToolType = "gen_ai.tool.type";
    public const string ToolArguments = "gen_ai.tool.call.arguments";
    public const string ToolResult = "gen_ai.tool.call.result";
    public const string InputMessages = "gen_ai.input.messages";
    public const string OutputMessages = "gen_ai.output.messages";
    public const string SystemInstructions = "gen_ai.system_instructions";
    public const string TokenType = "gen_ai.token.type";
    public const string TokenUsage = "gen_ai.client.token.usage";
    public const string Details = "gen_ai.client.inference.operation.details";
    public const string ErrorType = "error.type";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";

    /// <summary>Bridle's own: the run's id, how it ended, US dollars.</summary>
    public const string Run = "bridle.run.id";
    public const string Outcome = "bridle.run.outcome";
    public const string Cost = "bridle.cost.usd";
    public const string CostEstimated = "bridle.cost.estimated_usd";
    public const string UsageEstimated = "bridle.usage.estimated";

    public bool IsLatest { get; private init; }

    public string CacheWritten { get; private init; } = "gen_ai.usage.cache_creation.input_tokens";

    public string Duration { get; private init; } = "gen_ai.client.operation.duration";

    public string FirstChunk { get; private init; } = "gen_ai.client.operation.time_to_first_chunk";

    /// <summary>The vendor as the conventions call it; a name of a person's own stays as it is.</summary>
    public static string ProviderOf(string provider) => provider switch
    {
        "gemini" => "gcp.gemini",
        "mistral" => "mistral_ai",
        "xai" => "x_ai",
        _ => provider,
    };
}
