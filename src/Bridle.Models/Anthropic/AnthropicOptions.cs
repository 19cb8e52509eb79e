namespace Bridle.Models.Anthropic;

/// <summary>What may be set for a server that speaks Anthropic Messages.</summary>
/// <param name="Version">
/// The <c>anthropic-version</c> header. A header of that name at the endpoint beats it. With 2026-10-21 and later the vendor refuses sampling parameters;
/// none is ever sent, so that every version works.
/// </param>
/// <param name="Bearer">Send the key as <c>Authorization: Bearer</c>, as some proxies want it, instead of <c>x-api-key</c>.</param>
internal sealed record AnthropicOptions(string Version = "2023-06-01", bool Bearer = false);
