using Bridle.Tools;

namespace Bridle.Sandboxing;

/// <summary>The network of commands that run only because they are confined. Nobody looked at them, so the hosts that a person opened are not theirs.</summary>
/// <param name="Fetching">The commands that may reach the registries of their packages.</param>
/// <param name="For">Opens the network for the families that a command needs: their registries and nothing else, nothing for none. May be called from any thread.</param>
public sealed record UnaskedNetwork(IReadOnlyList<PackageFetching> Fetching, Func<IReadOnlyList<string>, SandboxNetwork> For);
