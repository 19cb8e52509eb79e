using Bridle.Messages;

namespace Bridle.Models.Http;

/// <summary>
/// The server told what the reply has cost so far. <see cref="HttpModel"/> keeps the last one for a reply that breaks off and hands it to nobody;
/// a protocol yields it whenever usage arrives before the reply's end.
/// </summary>
internal sealed record UsageNoted(Usage Usage) : ModelUpdate;
