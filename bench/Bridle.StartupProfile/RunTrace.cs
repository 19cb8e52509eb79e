using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers.Clr;

namespace Bridle.StartupProfile;

/// <summary>A type as the run knew it. An array has its element as the only argument.</summary>
internal sealed record TracedType(string Assembly, int Token, bool IsArray, IReadOnlyList<TracedType> Arguments);

/// <summary>A method that was compiled while the program ran. <paramref name="Owner"/> is null where nothing about it is generic.</summary>
internal sealed record TracedMethod(string Assembly, int Token, TracedType? Owner, IReadOnlyList<TracedType> Arguments);

/// <summary>What a run compiled, read from the events of its runtime (keywords 0x1E000080018: loader, compiler, types and details of methods).</summary>
internal sealed class RunTrace
{
    private readonly Dictionary<long, string> _assemblies = [];
    private readonly Dictionary<ulong, RawType> _types = [];
    private readonly Dictionary<ulong, (ulong Owner, ulong[] Arguments)> _details = [];
    private readonly HashSet<long> _compiling = [];
    private readonly List<(long Id, long Module, int Token)> _compiled = [];

    private RunTrace()
    {
    }

    public IReadOnlyList<TracedMethod> Methods { get; private set; } = [];

    /// <summary>Reads a .nettrace file. What the runtime itself made up (stubs) is left out.</summary>
    public static RunTrace Read(string path)
    {
        var run = new RunTrace();
        using var source = new EventPipeEventSource(path);
        source.Clr.LoaderModuleLoad += run.Loaded;
        var ended = new ClrRundownTraceEventParser(source);
        ended.LoaderModuleDCStop += run.Loaded;
        source.Clr.TypeBulkType += run.Described;
        source.Clr.MethodMethodDetails += e => run._details[(ulong)e.MethodID] = ((ulong)e.TypeID, [.. Enumerable.Range(0, e.TypeParameterCount).Select(place => (ulong)e.TypeParameters(place))]);
        source.Clr.MethodJittingStarted += e => run._compiling.Add(e.MethodID);
        source.Clr.MethodLoadVerbose += e =>
        {
            if (run._compiling.Contains(e.MethodID))
            {
                run._compiled.Add((e.MethodID, e.ModuleID, e.MethodToken));
            }
        };
        source.Process();
        run.Methods = [.. run._compiled.Where(method => run._assemblies.ContainsKey(method.Module)).Select(run.MethodOf).OfType<TracedMethod>()];
        return run;
    }

    private void Loaded(ModuleLoadUnloadTraceData module) => _assemblies[module.ModuleID] = Path.GetFileNameWithoutExtension(module.ModuleILPath);

    private void Described(GCBulkTypeTraceData types)
    {
        for (var place = 0; place < types.Count; place++)
        {
            var type = types.Values(place);
            ulong[] arguments = [.. Enumerable.Range(0, type.TypeParameterCount).Select(argument => (ulong)type.TypeParameterID(argument))];
            _types[(ulong)type.TypeID] = new((long)type.ModuleID, type.TypeNameID, type.Flags.HasFlag(TypeFlags.Array), arguments);
        }
    }

    private TracedMethod? MethodOf((long Id, long Module, int Token) method)
    {
        if (!_details.TryGetValue((ulong)method.Id, out var detail))
        {
            return new(_assemblies[method.Module], method.Token, null, []);
        }

        var owner = TypeOf(detail.Owner);
        var arguments = Array.ConvertAll(detail.Arguments, TypeOf);
        return owner is null || arguments.Contains(null) ? null : new(_assemblies[method.Module], method.Token, owner, arguments!);
    }

    private TracedType? TypeOf(ulong id)
    {
        if (!_types.TryGetValue(id, out var type))
        {
            return null;
        }

        var arguments = Array.ConvertAll(type.Arguments, TypeOf);
        if (arguments.Contains(null))
        {
            return null;
        }

        return type.IsArray ? new("", 0, true, arguments!) : _assemblies.TryGetValue(type.Module, out var assembly) ? new(assembly, type.Token, false, arguments!) : null;
    }

    private sealed record RawType(long Module, int Token, bool IsArray, ulong[] Arguments);
}
