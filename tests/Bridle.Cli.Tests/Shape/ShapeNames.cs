using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Bridle.Cli.Tests.Shape;

/// <summary>Names types as the native compiler tells them apart: all classes are one, written <c>_</c>; a value type has its name and its arguments.</summary>
internal sealed class ShapeNames(bool namesClasses = false) : ISignatureTypeProvider<string, object?>
{
    public const string AnyClass = "_";

    private const byte OfValueType = 0x11;

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) =>
        genericType is AnyClass ? AnyClass : $"{genericType}<{string.Join(", ", typeArguments)}>";

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode is PrimitiveTypeCode.String or PrimitiveTypeCode.Object ? AnyClass : typeCode.ToString();

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        Named(reader, reader.GetTypeDefinition(handle).Name, rawTypeKind);

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        Named(reader, reader.GetTypeReference(handle).Name, rawTypeKind);

    public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    // What stands for a type is counted as a class: the bodies with value types are those of the callers.
    public string GetGenericMethodParameter(object? genericContext, int index) => AnyClass;

    public string GetGenericTypeParameter(object? genericContext, int index) => AnyClass;

    public string GetArrayType(string elementType, ArrayShape shape) => AnyClass;

    public string GetSZArrayType(string elementType) => AnyClass;

    public string GetByReferenceType(string elementType) => elementType;

    public string GetPointerType(string elementType) => "pointer";

    public string GetFunctionPointerType(MethodSignature<string> signature) => "pointer";

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    public string GetPinnedType(string elementType) => elementType;

    private string Named(MetadataReader reader, StringHandle name, byte kind) => kind is OfValueType || namesClasses ? reader.GetString(name) : AnyClass;
}
