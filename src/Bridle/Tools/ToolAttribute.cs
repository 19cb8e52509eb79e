using Bridle.Events;

namespace Bridle.Tools;

/// <summary>
/// Marks a class with a <c>RunAsync</c> method, or a method, as a tool. The generator makes the JSON Schema and the binder from the parameters
/// (a <see cref="CallScope"/> and a <see cref="CancellationToken"/> are passed through) and takes the description from the <c>.md</c> file of the
/// same name beside the source, or from <see cref="System.ComponentModel.DescriptionAttribute"/> on a method.
/// A class gets the extension <c>AsTool()</c>, a static method the property <c>GeneratedTools.Method</c> in its namespace, an instance method the
/// extension <c>MethodTool()</c> on its type. Names become snake_case in JSON; parameters that are nullable or have a default may be left out.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, Inherited = false)]
public sealed class ToolAttribute(string name, ToolKind kind) : Attribute
{
    /// <summary>The canonical name.</summary>
    public string Name { get; } = name;

    /// <summary>What it does to the world.</summary>
    public ToolKind Kind { get; } = kind;

    /// <summary>What running it twice would mean. <see cref="ToolEffect.Once"/> unless said otherwise.</summary>
    public ToolEffect Effect { get; init; } = ToolEffect.Once;

    /// <summary>Whether calls may run side by side.</summary>
    public bool ParallelSafe { get; init; }

    /// <summary>How it does its work, on which depends what confines it. <see cref="ToolWork.Own"/> unless said otherwise.</summary>
    public ToolWork Work { get; init; }
}

/// <summary>The argument is a path that the call reads or writes.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class PathAttribute(FileAccessKind access) : Attribute
{
    /// <summary>How it is used.</summary>
    public FileAccessKind Access { get; } = access;
}

/// <summary>The argument is a shell command.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class CommandAttribute : Attribute;

/// <summary>The argument is an address that the call reaches.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class UrlAttribute : Attribute;
