namespace Bridle.Tools;

/// <summary>What a call would touch, read from its arguments by the generated binder; what permission rules are matched against.</summary>
public abstract record ToolTarget;

/// <summary>How a path is used.</summary>
public enum FileAccessKind
{
    /// <summary>Read.</summary>
    Read,

    /// <summary>Written, made or removed.</summary>
    Write,
}

/// <summary>A path as the model wrote it.</summary>
public sealed record FileTarget(string Path, FileAccessKind Access) : ToolTarget;

/// <summary>A shell command.</summary>
public sealed record CommandTarget(string Command) : ToolTarget;

/// <summary>An address.</summary>
public sealed record UrlTarget(string Url) : ToolTarget;
