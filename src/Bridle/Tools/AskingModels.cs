using Bridle.Models;

namespace Bridle.Tools;

/// <summary>How a stage may ask a model beside a call, in the name and within the limits of the run that makes the call.</summary>
/// <param name="Beside">Asks, and counts what asking took.</param>
/// <param name="Redact">A text as a model may see it: without secrets.</param>
public sealed record AskingModels(AskingBeside Beside, Func<string, string> Redact);
