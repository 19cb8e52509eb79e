using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bridle.Hosting.Toolchains;

/// <summary>A family of build tools: how its projects are recognised, where its packages come from and where it keeps them. Data, in <c>toolchains.json</c>.</summary>
/// <param name="Name">Its name in settings.</param>
/// <param name="Program">A program that is there when it is installed.</param>
/// <param name="Signs">Names of files, with <c>*</c>, by which a folder is known to use it.</param>
/// <param name="Hosts">Where its packages come from unless configured otherwise.</param>
/// <param name="Caches">Variables that move what it keeps, each with a folder below the workspace's own cache.</param>
/// <param name="Sources">Where a person or a project configures other registries.</param>
/// <param name="UnixSockets">Its programs talk to each other over Unix sockets.</param>
public sealed record Toolchain(
    string Name, string Program, IReadOnlyList<string> Signs, IReadOnlyList<string> Hosts, IReadOnlyDictionary<string, string> Caches,
    IReadOnlyList<RegistrySource> Sources, bool UnixSockets)
{
    private static readonly Lazy<IReadOnlyList<Toolchain>> s_known = new(() =>
    {
        using var stream = typeof(Toolchain).Assembly.GetManifestResourceStream("toolchains.json") ?? throw new InvalidOperationException("toolchains.json is not embedded.");
        return JsonSerializer.Deserialize(stream, ToolchainJson.Default.IReadOnlyListToolchain)!;
    });

    /// <summary>The ones that come with the program.</summary>
    public static IReadOnlyList<Toolchain> Known => s_known.Value;

    /// <summary>Its commands that fetch packages, as a program and the words that follow it.</summary>
    public IReadOnlyList<string> Fetching { get => field ?? []; init; }

    /// <summary>What of the person's own folders it reads, without ever writing there.</summary>
    public IReadOnlyList<ShownFolder> Shown { get => field ?? []; init; }

    /// <summary>Variables it gets; <c>{cache}</c>, <c>{home}</c>, <c>{proxyHost}</c> and <c>{proxyPort}</c> stand for what they say.</summary>
    public IReadOnlyDictionary<string, string> Environment { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>Variables of ours that it gets as they are.</summary>
    public IReadOnlyList<string> Passed { get => field ?? []; init; }
}

/// <summary>A folder or file of the person that a toolchain reads.</summary>
/// <param name="Source">Where it is; <c>~/</c> is the home folder.</param>
/// <param name="Variable">The variable that names it, or null.</param>
/// <param name="At">Where it is shown below the workspace's cache, or null when it is read in its own place.</param>
public sealed record ShownFolder(string Source, string? Variable = null, string? At = null);

/// <summary>Files and variables that name registries.</summary>
/// <param name="Pattern">A regular expression whose first group is the address of one.</param>
public sealed record RegistrySource(string Pattern)
{
    /// <summary>The person's and the machine's own; <c>~/</c> is the home folder.</summary>
    public IReadOnlyList<string> Files { get => field ?? []; init; }

    /// <summary>Those of a project, looked for in the workspace root; they count only once the folder is trusted.</summary>
    public IReadOnlyList<string> ProjectFiles { get => field ?? []; init; }

    /// <summary>Variables with one address or several, between blanks, commas or bars.</summary>
    public IReadOnlyList<string> Variables { get => field ?? []; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<Toolchain>))]
internal sealed partial class ToolchainJson : JsonSerializerContext;
