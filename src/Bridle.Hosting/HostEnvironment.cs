using System.Collections;

namespace Bridle.Hosting;

/// <summary>Which family of operating systems the program runs on.</summary>
public enum HostPlatform
{
    /// <summary>Linux and other systems that follow the XDG folders.</summary>
    Linux,

    /// <summary>macOS.</summary>
    MacOS,

    /// <summary>Windows.</summary>
    Windows,
}

/// <summary>
/// Everything the program takes from its surroundings when it starts, read once and handed on, so that a test can give it another world.
/// A variable that is set to nothing counts as unset.
/// </summary>
public sealed record HostEnvironment(IReadOnlyDictionary<string, string> Variables, string Home, string CurrentDirectory, HostPlatform Platform)
{
    /// <summary>The administrator's folder of settings. It follows from the platform alone: no variable moves it, or anybody could leave the administrator's rules behind.</summary>
    public string ManagedFolder { get; internal init; } = Platform switch
    {
        HostPlatform.MacOS => "/Library/Application Support/Bridle",
        HostPlatform.Windows => @"C:\Program Files\Bridle",
        _ => "/etc/bridle",
    };

    /// <summary>Settings keys that are read as if no file had them. Only a test sets it, to see that each key has an effect.</summary>
    internal IReadOnlySet<string> IgnoredSettings { get; init; } = new HashSet<string>();

    /// <summary>The value of a variable, or null.</summary>
    public string? this[string name] => Variables.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>The real surroundings of this process.</summary>
    public static HostEnvironment Current()
    {
        var variables = new Dictionary<string, string>(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            variables[(string)entry.Key] = (string?)entry.Value ?? "";
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        var platform = OperatingSystem.IsWindows() ? HostPlatform.Windows : OperatingSystem.IsMacOS() ? HostPlatform.MacOS : HostPlatform.Linux;
        return new(variables, home.Length > 0 ? home : "/", CurrentFolder(), platform);
    }

    private static string CurrentFolder()
    {
        try
        {
            return Environment.CurrentDirectory;
        }
        catch (IOException)
        {
            throw new DirectoryNotFoundException("The current folder was removed. Change to one that exists.");
        }
    }

    /// <summary>The same surroundings with some variables replaced; an empty value unsets one.</summary>
    public HostEnvironment With(IReadOnlyDictionary<string, string>? changes)
    {
        if (changes is null or { Count: 0 })
        {
            return this;
        }

        var variables = new Dictionary<string, string>(Variables);
        foreach (var (name, value) in changes)
        {
            variables[name] = value;
        }

        return this with { Variables = variables };
    }
}
