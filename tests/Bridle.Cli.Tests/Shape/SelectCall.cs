using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Bridle.Cli.Tests.Shape;

/// <summary>A call of <c>Select</c> in a compiled assembly. Types are written as <see cref="ShapeNames"/> does.</summary>
internal sealed record SelectCall(string Assembly, string From, string To)
{
    /// <summary>The methods that make the call.</summary>
    public IReadOnlyList<string> Callers { get; init; } = [];

    /// <summary>The calls in an assembly, each pair of types once. Those that hand over the index as well are left out: they are no method of the iterators.</summary>
    public static IReadOnlyList<SelectCall> In(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var reader = file.GetMetadataReader();
        var calls = new List<SelectCall>();
        for (var row = 1; row <= reader.GetTableRowCount(TableIndex.MethodSpec); row++)
        {
            var handle = MetadataTokens.MethodSpecificationHandle(row);
            var instance = reader.GetMethodSpecification(handle);
            if (IsSelect(reader, instance.Method))
            {
                var types = instance.DecodeSignature(new ShapeNames(), null);
                calls.Add(new(Path.GetFileName(path), types[0], types[1]) { Callers = CallersOf(file, reader, handle) });
            }
        }

        return calls;
    }

    private static bool IsSelect(MetadataReader reader, EntityHandle method) =>
        method.Kind is HandleKind.MemberReference && reader.GetMemberReference((MemberReferenceHandle)method) is var member
        && reader.StringComparer.Equals(member.Name, "Select") && member.Parent.Kind is HandleKind.TypeReference
        && reader.StringComparer.Equals(reader.GetTypeReference((TypeReferenceHandle)member.Parent).Name, "Enumerable")
        && member.DecodeMethodSignature(new ShapeNames(namesClasses: true), null).ParameterTypes[1].StartsWith("Func`2", StringComparison.Ordinal);

    private static List<string> CallersOf(PEReader file, MetadataReader reader, MethodSpecificationHandle called)
    {
        Span<byte> call = [(byte)ILOpCode.Call, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(call[1..], MetadataTokens.GetToken(called));
        var callers = new List<string>();
        foreach (var method in reader.MethodDefinitions.Select(handle => reader.GetMethodDefinition(handle)).Where(method => method.RelativeVirtualAddress != 0))
        {
            if (file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes().AsSpan().IndexOf(call) >= 0)
            {
                callers.Add($"{reader.GetString(reader.GetTypeDefinition(method.GetDeclaringType()).Name)}.{reader.GetString(method.Name)}");
            }
        }

        return callers;
    }
}
