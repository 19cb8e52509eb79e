using Bridle.FakeVendors;

namespace Bridle.Models.Tests.Http;

/// <summary>What vendors and servers say of a request that does not fit, and what they say of something else.</summary>
public sealed class OverflowWordsTests
{
    [Theory]
    [InlineData("Alibaba", "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 202752]", "invalid_parameter_error")]
    [InlineData("Anthropic", "prompt is too long: 210000 tokens > 200000 maximum", "invalid_request_error")]
    [InlineData("Anthropic", "input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease input length or `max_tokens` and try again")]
    [InlineData("Vertex", "input length and max_tokens exceed context limit: 188240 + 21333 > 200000")]
    [InlineData("Azure", "Request body too large for gpt-4o model. Max size: 8000 tokens.", "tokens_limit_reached", 413)]
    [InlineData("Azure", "Request body too large for gpt-4o model. Max size: 8000 tokens.", null, 413)]
    [InlineData("Azure", "This model's maximum context length is 128000 tokens. However, your messages resulted in 140000 tokens (139000 in the messages, 1000 in the functions).")]
    [InlineData("Baidu", "Prompt tokens too long", "tokens_too_long")]
    [InlineData("Baidu", "prompt tokens too long")]
    [InlineData("Bedrock", "Input is too long for requested model.")]
    [InlineData("Bedrock", "Input Tokens Exceeded: Number of input tokens exceeds maximum length. Please update the input to try again.")]
    [InlineData("Cohere", "too many tokens: size limit exceeded by 1201 tokens. Try using shorter or fewer inputs, or setting prompt_truncation='AUTO'.")]
    [InlineData("Copilot", "prompt token count of 140000 exceeds the limit of 128000", "model_max_prompt_tokens_exceeded")]
    [InlineData("Copilot", "prompt token count of 140000 exceeds the limit of 128000")]
    [InlineData("Databricks", "Error: prompt token count (13525) cannot exceed 4096. Please reduce the length of your prompt.")]
    [InlineData("DeepSeek", "This model's maximum context length is 65536 tokens. However, you requested 70000 tokens (62000 in the messages, 8000 in the completion).", "invalid_request_error")]
    [InlineData("Doubao", "Total tokens of image and text exceed max message tokens.")]
    [InlineData("Fireworks", "The prompt is too long: 150000, model maximum context length: 131071", "invalid_request_error")]
    [InlineData("Gemini", "The input token count (1196265) exceeds the maximum number of tokens allowed (1048576).")]
    [InlineData("Vertex", "Unable to submit request because the input token count is 1196265 but model only supports up to 1048576. Reduce the input token count and try again.")]
    [InlineData("Groq", "Please reduce the length of the messages or completion.")]
    [InlineData("Hugging Face", "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000 `inputs` tokens and 1000 `max_new_tokens`", null, 422)]
    [InlineData("Hugging Face", "Input validation error: `inputs` must have less than 8193 tokens. Given: 9001", null, 422)]
    [InlineData("IBM watsonx", "the number of input tokens 9182 cannot exceed the total tokens limit 8192 for this model")]
    [InlineData("Kimi", "Invalid request: Your request exceeded model token limit: 131072 (requested: 150000)")]
    [InlineData("Kimi", "Your request exceeded model token limit: 131072")]
    [InlineData("llama.cpp", "the request exceeds the available context size (4096 tokens), try increasing it")]
    [InlineData("llama.cpp", "the request is larger than the maximum context size")]
    [InlineData("llama.cpp", "Context size has been exceeded.", null, 500)]
    [InlineData("llama.cpp", "Requested tokens exceed the room of 4096")]
    [InlineData("llama.cpp", "the prompt is longer than n_ctx")]
    [InlineData("llama.cpp", "Prompt has 32769 tokens, but the configured context size is 32768 tokens")]
    [InlineData("llama.cpp", "exceed_context_size: 9000 > 4096")]
    [InlineData("LM Studio", "Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough.")]
    [InlineData("LM Studio", "The number of tokens to keep from the initial prompt is greater than the context length.")]
    [InlineData("LM Studio", "Reached context length of 4096 tokens, but this model does not currently support mid-generation context overflow.", null, 500)]
    [InlineData("MiniMax", "invalid params, context window exceeds limit (2013)")]
    [InlineData("Mistral", "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length")]
    [InlineData("NVIDIA", "Prompt length (5000) exceeds maximum input length (4096). Set log level to info and check TRTLLM logs.", null, 500)]
    [InlineData("Ollama", "the input length exceeds the context length")]
    [InlineData("Ollama", "llama runner process error: input length exceeds maximum context length", null, 500)]
    [InlineData("Ollama", "prompt too long; exceeded max context length by 4 tokens")]
    [InlineData("Ollama", "prompt too long; exceeded context length")]
    [InlineData("OpenAI", "Your input exceeds the context window of this model. Please adjust your input and try again.")]
    [InlineData("OpenAI", "Context length exceeded.")]
    [InlineData("OpenAI", "No words.", "context_length_exceeded")]
    [InlineData("OpenRouter", "Input length 131393 exceeds the maximum allowed input length of 131040 tokens.")]
    [InlineData("OpenRouter", "This endpoint's maximum context length is 32768 tokens. However, you requested about 40000 tokens (39000 of text input, 1000 in the output).")]
    [InlineData("SambaNova", "Requested generation length 2048 is not possible! The provided prompt is 7000 tokens long, so generating 2048 tokens requires a sequence length of 9048, but the maximum supported sequence length is just 8192!")]
    [InlineData("SGLang", "Input length (5000 tokens) exceeds the maximum allowed length (4091 tokens). Use a shorter input or enable --allow-auto-truncate.")]
    [InlineData("SGLang", "Requested token count exceeds the model's maximum context length of 131072 tokens.")]
    [InlineData("Together", "The input (210000 tokens) is longer than the model's context length (200000 tokens).")]
    [InlineData("vLLM", "You passed 99073 input tokens and requested 32000 output tokens. However, the model's context length is only 131072 tokens, resulting in a maximum input length of 99072 tokens.")]
    [InlineData("vLLM", "The decoder prompt (length 5000) is longer than the maximum model length of 4096. Make sure that `max_model_len` is no smaller than the number of text tokens.")]
    [InlineData("vLLM", "'max_tokens' or 'max_completion_tokens' is too large: 2000. This model's maximum context length is 4096 tokens and your request has 2104 input tokens (2000 > 4096 - 2104).")]
    [InlineData("vLLM", "This prompt exceeds the model's context.")]
    [InlineData("a proxy", "litellm.BadRequestError: model_context_window_exceeded")]
    [InlineData("a proxy", "{\"code\": \"context_length_exceeded\"}", null, 500)]
    [InlineData("xAI", "This model's maximum prompt length is 131072 but the request contains 537812 tokens.", "Client specified an invalid argument")]
    [InlineData("Z.ai", "Prompt exceeds max length", "1261")]
    public async Task A_conversation_that_does_not_fit_is_recognised_by_what_each_vendor_says(string vendor, string message, string? code = null, int status = 400)
    {
        await using var server = new FakeOpenAiChat(FakeTurn.Fail(status, message, code), FakeTurn.Say("never"));
        var error = await Talk.ErrorAsync(Protocols.Open(server), Talk.Ask("Hi"));

        Assert.True(error.Kind is ModelErrorKind.ContextOverflow, $"{vendor}: {error.Kind}: {error.Message}");
        Assert.Single(server.Server.Requests);
    }

    [Theory]
    [InlineData(413, "Request too large for model `llama` in organization `o` on tokens per minute (TPM): Limit 6000, Requested 9000, please reduce your message size and try again.", "rate_limit_exceeded", ModelErrorKind.TooLarge)]
    [InlineData(413, "Request too large for model `llama` on tokens per minute (TPM): Limit 6000. Please reduce the length of the messages.", "rate_limit_exceeded", ModelErrorKind.TooLarge)]
    [InlineData(400, "Too many tokens per minute: limit 40000.", null, ModelErrorKind.BadRequest)]
    [InlineData(400, "Too many tokens per day, please wait before trying again.", null, ModelErrorKind.BadRequest)]
    [InlineData(400, "Throttling error: Too many tokens, please wait before trying again.", null, ModelErrorKind.BadRequest)]
    [InlineData(400, "This request would exceed the rate limit of 40,000 input tokens.", null, ModelErrorKind.BadRequest)]
    [InlineData(400, "Range of max_tokens should be [1, 8192]", null, ModelErrorKind.BadRequest)]
    [InlineData(400, "Tool argument validation failed: input length exceeds 1000 characters", null, ModelErrorKind.BadRequest)]
    [InlineData(400, "Invalid 'tools[0].function.name': string too long. Expected a string with maximum length 64, but got a string with length 70 instead.", "string_above_max_length", ModelErrorKind.BadRequest)]
    [InlineData(400, "The number of images exceeds the limit of 20", null, ModelErrorKind.BadRequest)]
    [InlineData(413, "Request exceeds the maximum size", "request_too_large", ModelErrorKind.TooLarge)]
    [InlineData(404, "No model with a context window of that size.", null, ModelErrorKind.NotFound)]
    public async Task A_limit_by_time_or_of_something_else_is_no_overflow(int status, string message, string? code, ModelErrorKind kind)
    {
        await using var server = new FakeOpenAiChat(FakeTurn.Fail(status, message, code), FakeTurn.Say("never"));

        Assert.Equal(kind, (await Talk.ErrorAsync(Protocols.Open(server), Talk.Ask("Hi"))).Kind);
    }

    [Theory]
    [InlineData(10, ModelErrorKind.BadRequest, "The request was not accepted (HTTP 400).")]
    [InlineData(70_000, ModelErrorKind.ContextOverflow, "refused a long request without a word")]
    public async Task A_refusal_without_a_word_is_an_overflow_of_a_long_request_only(int length, ModelErrorKind kind, string words)
    {
        await using var server = new FakeOpenAiChat(FakeTurn.Break(new FakeFault.Status(400, Body: "")));
        var error = await Talk.ErrorAsync(Protocols.Open(server), Talk.Ask(new string('x', length)));

        Assert.Equal(kind, error.Kind);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_request_that_is_refused_with_a_word_is_what_the_word_says()
    {
        await using var server = new FakeOpenAiChat(FakeTurn.Fail(400, "Unknown field.", null));

        Assert.Equal(ModelErrorKind.BadRequest, (await Talk.ErrorAsync(Protocols.Open(server), Talk.Ask(new string('x', 70_000)))).Kind);
    }

    [Fact]
    public async Task A_reply_that_ends_because_the_window_is_full_says_so()
    {
        await using var server = new FakeOpenAiChat(FakeTurn.Say("Half") with { Stop = "model_context_window_exceeded" });

        Assert.Equal(Bridle.Messages.StopReason.ContextFull, (await Talk.ReplyAsync(Protocols.Open(server), Talk.Ask("Hi"))).Stop);
    }
}
