namespace Bridle.Models.Http;

/// <summary>
/// Something a server wants differently, learned from its refusal and remembered for the requests that follow.
/// A protocol names its own quirks and looks for them in <see cref="ModelEndpoint.Quirks"/> when it writes.
/// </summary>
internal sealed record WireQuirk(string Name, string Value = "");
