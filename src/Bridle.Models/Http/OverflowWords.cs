namespace Bridle.Models.Http;

/// <summary>Recognises a request that does not fit the context window, by the server's words.</summary>
internal static class OverflowWords
{
    /// <summary>From how many bytes on a refusal without a word is taken for an overflow: some 16,000 tokens, more than the smallest windows that are served.</summary>
    private const long LongRequest = 64 * 1024;

    // Codes that mean this and nothing else.
    private static readonly string[] s_codes =
    [
        "context_length_exceeded", "exceed_context_size_error", "model_context_window_exceeded", "context_window_exceeded", "model_max_prompt_tokens_exceeded", "tokens_limit_reached", "tokens_too_long",
    ];

    // Who says it first, then what it says; others say many of these too. Several words have to stand there together. Each has its row in OverflowWordsTests.
    private static readonly (string Vendor, string[] Words)[] s_words =
    [
        ("Alibaba", ["range of input length should be"]),
        ("Anthropic", ["prompt is too long"]),
        ("Anthropic", ["exceed context limit"]),
        ("Anthropic", ["model_context_window_exceeded"]),
        ("Azure", ["request body too large for", "max size:", "tokens"]),
        ("Baidu", ["prompt tokens too long"]),
        ("Bedrock", ["input is too long"]),
        ("Bedrock", ["number of input tokens exceeds"]),
        ("Cohere", ["too many tokens"]),
        ("Copilot", ["prompt token count"]),
        ("Doubao", ["exceed max message tokens"]),
        ("Gemini", ["input token count"]),
        ("Gemini", ["exceeds the maximum number of tokens"]),
        ("Groq", ["reduce the length of the messages"]),
        ("Hugging Face", ["`max_new_tokens` must be <="]),
        ("Hugging Face", ["`inputs` must have less than"]),
        ("IBM watsonx", ["number of input tokens", "cannot exceed"]),
        ("Kimi", ["exceeded model token limit"]),
        ("llama.cpp", ["exceed_context_size"]),
        ("llama.cpp", ["exceeds the available context size"]),
        ("llama.cpp", ["larger than the maximum context size"]),
        ("llama.cpp", ["context size has been exceeded"]),
        ("llama.cpp", ["requested tokens exceed"]),
        ("llama.cpp", ["n_ctx"]),
        ("llama.cpp", ["configured context size is"]),
        ("LM Studio", ["greater than the context length"]),
        ("LM Studio", ["when context the overflows"]),
        ("LM Studio", ["mid-generation context overflow"]),
        ("NVIDIA", ["exceeds maximum input length"]),
        ("Ollama", ["exceeds the context length"]),
        ("Ollama", ["exceeded max context length"]),
        ("Ollama", ["exceeded context length"]),
        ("OpenAI", ["maximum context length"]),
        ("OpenAI", ["context window"]),
        ("OpenAI", ["context length exceeded"]),
        ("OpenAI", ["context_length_exceeded"]),
        ("OpenRouter", ["exceeds the maximum allowed input length"]),
        ("SambaNova", ["maximum supported sequence length"]),
        ("SGLang", ["exceeds the maximum allowed length", "tokens"]),
        ("Together", ["longer than the model's context"]),
        ("vLLM", ["context length is only"]),
        ("vLLM", ["longer than the maximum model length"]),
        ("vLLM", ["exceeds the model's context"]),
        ("xAI", ["maximum prompt length is"]),
        ("Z.ai", ["prompt exceeds max length"]),
    ];

    // Limits by time and quotas speak of tokens too; a shorter conversation is no answer to them.
    private static readonly string[] s_limitsByTime =
    [
        "per minute", "per min)", "per min.", "per day", "per hour", "per second", "(TPM)", "(TPD)", "rate limit", "rate_limit", "too many requests", "throttling", "quota", "please wait",
    ];

    /// <summary>Whether the words of a 400, 413, 422 or 500 (some local servers) say so.</summary>
    public static bool Match(int status, ErrorWords words) =>
        s_codes.Contains(words.Code, StringComparer.Ordinal)
        || (status is 400 or 413 or 422 or 500 && !Array.Exists(s_limitsByTime, part => Says(words, part)) && Array.Exists(s_words, one => Array.TrueForAll(one.Words, part => Says(words, part))));

    /// <summary>
    /// The error for a long request that was refused without a word, or the error as it was. Cerebras and Mistral answer 400 with an empty body when the conversation does not fit. Of a short request an
    /// empty 400 can mean anything; of a long one a wrong guess costs one compaction and one more try.
    /// </summary>
    public static ModelError OfSilence(ModelError error, int status, ReadOnlySpan<byte> body, long? sent) =>
        status is 400 && sent >= LongRequest && body.Trim(" \t\r\n"u8).IsEmpty
            ? error with
            {
                Kind = ModelErrorKind.ContextOverflow,
                Message = "The server refused a long request without a word (HTTP 400), as some do when the conversation does not fit the model's context window.",
                Advice = "Compact the conversation, or choose a model with a larger window.",
            }
            : error;

    private static bool Says(ErrorWords words, string part) => words.Message.Contains(part, StringComparison.OrdinalIgnoreCase);
}
