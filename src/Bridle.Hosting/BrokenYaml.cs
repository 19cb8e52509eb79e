using YamlDotNet.Core;

namespace Bridle.Hosting;

/// <summary>What a text that is no YAML makes the parser throw: its own exception for most of them, and for some whatever its scanner stumbles over.</summary>
internal static class BrokenYaml
{
    /// <summary>Whether the exception says that the text is at fault. Only of what was thrown while a head was read: there is nothing else that could be.</summary>
    public static bool Is(Exception thrown) => thrown is not OutOfMemoryException;

    /// <summary>What is wrong with the text, in words that are about it and not about the parser.</summary>
    public static string Reason(Exception thrown) => thrown is YamlException ? thrown.Message : "something in it begins and does not end";
}
