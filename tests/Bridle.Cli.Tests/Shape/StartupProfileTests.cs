using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Bridle.Cli.Tests.Shape;

/// <summary>The list of methods that the shipped program has compiled already (src/Bridle.Cli/startup.mibc) is of today's sources, more or less: what it names must still be there.</summary>
public sealed class StartupProfileTests
{
    [Fact]
    public void Most_types_of_ours_that_the_startup_profile_names_are_still_there()
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "startup.mibc")));
        var profile = file.GetMetadataReader();
        var assemblies = new Dictionary<string, HashSet<string>>();
        var named = profile.TypeReferences.Select(profile.GetTypeReference).Select(type => Named(profile, type)).Where(type => type.Assembly.StartsWith("Bridle", StringComparison.Ordinal)).ToList();
        var gone = named.Where(type => !TypesOf(type.Assembly).Contains(type.Name)).ToList();

        Assert.True(named.Count > 50, $"The profile names {named.Count} types of ours.");
        Assert.True(gone.Count * 3 < named.Count, $"""
            {gone.Count} of the {named.Count} types of ours that src/Bridle.Cli/startup.mibc names are gone, so that the program compiles at its start what could be there already.
            Run eng/startup-profile.sh and commit the file. Gone are, among others: {string.Join(", ", gone.Take(10).Select(type => type.Name))}
            """);

        HashSet<string> TypesOf(string assembly) => assemblies.TryGetValue(assembly, out var types) ? types : assemblies[assembly] = DefinedIn(Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll"));
    }

    private static NamedType Named(MetadataReader reader, TypeReference type)
    {
        var name = reader.GetString(type.Name);
        return type.ResolutionScope.Kind switch
        {
            HandleKind.TypeReference when Named(reader, reader.GetTypeReference((TypeReferenceHandle)type.ResolutionScope)) is var outer => outer with { Name = $"{outer.Name}+{name}" },
            HandleKind.AssemblyReference => new(reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name), $"{reader.GetString(type.Namespace)}.{name}"),
            _ => new("", name),
        };
    }

    private static HashSet<string> DefinedIn(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var reader = file.GetMetadataReader();
        return [.. reader.TypeDefinitions.Select(handle => FullName(reader, reader.GetTypeDefinition(handle)))];
    }

    private static string FullName(MetadataReader reader, TypeDefinition type)
    {
        var name = reader.GetString(type.Name);
        return type.GetDeclaringType() is { IsNil: false } outer ? $"{FullName(reader, reader.GetTypeDefinition(outer))}+{name}" : $"{reader.GetString(type.Namespace)}.{name}";
    }

    private sealed record NamedType(string Assembly, string Name);
}
