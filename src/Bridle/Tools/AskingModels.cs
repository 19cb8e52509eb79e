using Bridle.Events;

namespace Bridle.Tools;

/// <summary>How a stage may ask a model beside a call, in the name and within the limits of the run that makes the call.</summary>
/// <param name="WhyNot">Why no model may be asked with so many tokens of input, or null.</param>
/// <param name="Spend">Counts what asking took.</param>
/// <param name="Redact">A text as a model may see it: without secrets.</param>
public sealed record AskingModels(Func<long, string?> WhyNot, Action<ModelConsulted> Spend, Func<string, string> Redact);
