using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Bridle.StartupProfile;

/// <summary>
/// A profile in the form that .NET's ahead-of-time compiler takes (.mibc): an assembly whose global methods name other methods by <c>ldtoken</c>, in groups by the assemblies that
/// their names need; the global method <c>AssemblyDictionary</c> names the groups. The compiler compiles each method that it finds there, and leaves out what it does not find.
/// Source of the form: dotnet/runtime, src/coreclr/tools/dotnet-pgo.
/// </summary>
internal sealed class ProfileFile : IDisposable
{
    private readonly DefaultAssemblyResolver _resolver = new();
    private readonly Dictionary<string, ModuleDefinition> _assemblies;
    private readonly ModuleDefinition _profile;
    private readonly SortedDictionary<string, SortedDictionary<string, MethodReference>> _groups = new(StringComparer.Ordinal);

    public ProfileFile(string assemblies, string name)
    {
        _resolver.AddSearchDirectory(assemblies);
        _assemblies = Directory.GetFiles(assemblies, "*.dll").Select(file => ModuleDefinition.ReadModule(file, new() { AssemblyResolver = _resolver })).ToDictionary(module => module.Assembly.Name.Name);
        _profile = ModuleDefinition.CreateModule(name, new ModuleParameters { Kind = ModuleKind.Dll, AssemblyResolver = _resolver });
        // The same input gives the same bytes.
        _profile.Mvid = Guid.Empty;
    }

    public int Count => _groups.Values.Sum(group => group.Count);

    public int NotFound { get; private set; }

    public void Dispose()
    {
        foreach (var module in _assemblies.Values)
        {
            module.Dispose();
        }

        _profile.Dispose();
        _resolver.Dispose();
    }

    /// <summary>False when the profile has the method already, or no assembly does.</summary>
    public bool TryAdd(TracedMethod method)
    {
        if (!_assemblies.TryGetValue(method.Assembly, out var assembly) || assembly.LookupToken(method.Token) is not MethodDefinition definition)
        {
            NotFound++;
            return false;
        }

        var named = new SortedSet<string>(StringComparer.Ordinal);
        var reference = _profile.ImportReference(definition);
        if (method.Owner is { } owner)
        {
            reference.DeclaringType = Type(owner, named);
        }

        if (method.Arguments.Count > 0)
        {
            var generic = new GenericInstanceMethod(reference);
            foreach (var argument in method.Arguments)
            {
                generic.GenericArguments.Add(Type(argument, named));
            }

            reference = generic;
        }

        // The assembly that has the method comes first.
        named.Remove(method.Assembly);
        var group = string.Concat(named.Prepend(method.Assembly).Select(name => $"{name};"));
        return (_groups.TryGetValue(group, out var methods) ? methods : _groups[group] = new(StringComparer.Ordinal)).TryAdd(reference.FullName, reference);
    }

    public void Write(string path)
    {
        var dictionary = GlobalMethod("AssemblyDictionary");
        var place = 0;
        foreach (var (group, methods) in _groups)
        {
            var list = GlobalMethod($"Assemblies_{place++}");
            foreach (var method in methods.Values)
            {
                list.Body.Instructions.Add(Instruction.Create(OpCodes.Ldtoken, method));
                list.Body.Instructions.Add(Instruction.Create(OpCodes.Pop));
            }

            dictionary.Body.Instructions.Add(Instruction.Create(OpCodes.Ldstr, group));
            dictionary.Body.Instructions.Add(Instruction.Create(OpCodes.Ldtoken, list));
            dictionary.Body.Instructions.Add(Instruction.Create(OpCodes.Pop));
        }

        _profile.Write(path, new() { DeterministicMvid = true, Timestamp = 0 });
    }

    private MethodDefinition GlobalMethod(string name)
    {
        var method = new MethodDefinition(name, MethodAttributes.Public | MethodAttributes.Static, _profile.TypeSystem.Void);
        _profile.Types[0].Methods.Add(method);
        return method;
    }

    private TypeReference Type(TracedType type, SortedSet<string> named)
    {
        if (type.IsArray)
        {
            return new ArrayType(Type(type.Arguments[0], named));
        }

        var definition = (TypeDefinition)_assemblies[type.Assembly].LookupToken(type.Token);
        if (!definition.IsPrimitive)
        {
            named.Add(type.Assembly);
        }

        var reference = _profile.ImportReference(definition);
        if (type.Arguments.Count == 0)
        {
            return reference;
        }

        var instance = new GenericInstanceType(reference);
        foreach (var argument in type.Arguments)
        {
            instance.GenericArguments.Add(Type(argument, named));
        }

        return instance;
    }
}
