using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>Why a call gets its verdict, for people. Immutable.</summary>
/// <param name="Judgement">The verdict and its reason.</param>
/// <param name="Tree">How a shell command is read, line by line; empty for other calls.</param>
/// <param name="Parts">Everything that must be covered: commands, redirections, files, addresses.</param>
/// <param name="Hits">Every rule that speaks of the call or of a part of it, also those that did not decide.</param>
/// <param name="Suggested">For a question: the allow rules that would answer it; empty when no rule can.</param>
public sealed record Explanation(Judgement Judgement, IReadOnlyList<string> Tree, IReadOnlyList<ExplainedPart> Parts, IReadOnlyList<RuleHit> Hits, IReadOnlyList<string> Suggested);

/// <summary>One part of a call.</summary>
/// <param name="Kind"><c>command</c>, <c>write</c>, <c>read</c> or <c>address</c>.</param>
/// <param name="Text">The part as it stands.</param>
/// <param name="Says">What holds for it, and why.</param>
public sealed record ExplainedPart(string Kind, string Text, string Says);

/// <summary>A rule that speaks of a call.</summary>
/// <param name="Rule">The rule with its source.</param>
/// <param name="What">The part that it speaks of.</param>
/// <param name="Decides">Whether it is the one that decided.</param>
public sealed record RuleHit(PermissionRule Rule, string What, bool Decides);
