namespace Bridle.Skills;

/// <summary>Where skills are used: what their texts may name.</summary>
/// <param name="Session">The session's name.</param>
/// <param name="Root">The workspace.</param>
public sealed record SkillPlace(string Session, string Root);
