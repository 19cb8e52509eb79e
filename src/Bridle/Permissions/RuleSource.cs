namespace Bridle.Permissions;

/// <summary>Where a rule comes from, strongest first. All layers are judged at once; the layer only decides whether a rule may widen.</summary>
public enum RuleLayer
{
    /// <summary>The machine's administrator.</summary>
    Managed,

    /// <summary>A flag of this start.</summary>
    CommandLine,

    /// <summary>What the person said in this session.</summary>
    Session,

    /// <summary>The project's settings that are not shared.</summary>
    ProjectLocal,

    /// <summary>The project's shared settings.</summary>
    Project,

    /// <summary>The user's own settings.</summary>
    User,
}

/// <summary>Where a rule was written.</summary>
/// <param name="Layer">Its layer.</param>
/// <param name="Name">A file path or what else tells a person where to look.</param>
/// <param name="Folder">The folder that a path pattern with one leading slash starts from; null for the workspace root.</param>
public sealed record RuleSource(RuleLayer Layer, string Name, string? Folder = null)
{
    /// <summary>Whether it comes with the project. Even a trusted project's rules do not lift what the table of sensitive paths holds back.</summary>
    public bool IsProject => Layer is RuleLayer.Project or RuleLayer.ProjectLocal;

    /// <summary>Whose calls its allow rules cover; null for everybody's. Rules that tighten hold for everybody.</summary>
    public string? Actor { get; init; }

    /// <summary>The id of the grant, kept outside the session, that it stands for; null for everything else.</summary>
    public string? KeptGrant { get; init; }

    /// <summary>The person trusts the folder that the rule comes with.</summary>
    public bool FolderIsTrusted { get; init; }

    /// <summary>Whether its allow rules count. A project's own files can only tighten until its folder is trusted.</summary>
    public bool MayWiden => FolderIsTrusted || Layer is not (RuleLayer.Project or RuleLayer.ProjectLocal);
}
