using System.Buffers.Binary;
using System.Text;

namespace Bridle.Hosting.Tests.Telemetry;

/// <summary>Reads protobuf without a schema: fields by their numbers, as any collector begins.</summary>
internal sealed class ProtobufMessage
{
    private readonly List<(int Field, object Value)> _fields = [];

    public ProtobufMessage(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var key = Varint(ref bytes);
            switch (key & 7)
            {
                case 0:
                    _fields.Add(((int)(key >> 3), Varint(ref bytes)));
                    break;
                case 1:
                    _fields.Add(((int)(key >> 3), BinaryPrimitives.ReadUInt64LittleEndian(bytes)));
                    bytes = bytes[8..];
                    break;
                case 2:
                    var length = (int)Varint(ref bytes);
                    _fields.Add(((int)(key >> 3), bytes[..length].ToArray()));
                    bytes = bytes[length..];
                    break;
                case 5:
                    _fields.Add(((int)(key >> 3), (ulong)BinaryPrimitives.ReadUInt32LittleEndian(bytes)));
                    bytes = bytes[4..];
                    break;
                default:
                    throw new FormatException($"Wire type {key & 7} is none that OTLP uses.");
            }
        }
    }

    public IEnumerable<ProtobufMessage> All(int field) => _fields.Where(one => one.Field == field).Select(one => new ProtobufMessage((byte[])one.Value));

    public ProtobufMessage One(int field) => All(field).Single();

    public bool Has(int field) => _fields.Exists(one => one.Field == field);

    public string Text(int field) => _fields.Where(one => one.Field == field).Select(one => Encoding.UTF8.GetString((byte[])one.Value)).SingleOrDefault() ?? "";

    public string Hex(int field) => _fields.Where(one => one.Field == field).Select(one => Convert.ToHexStringLower((byte[])one.Value)).SingleOrDefault() ?? "";

    public ulong Number(int field) => _fields.Where(one => one.Field == field).Select(one => (ulong)one.Value).SingleOrDefault();

    public double Double(int field) => BitConverter.Int64BitsToDouble((long)Number(field));

    /// <summary>Packed doubles.</summary>
    public IEnumerable<double> Doubles(int field) => _fields.Where(one => one.Field == field).SelectMany(one => one.Value is byte[] packed
        ? packed.Chunk(8).Select(number => BinaryPrimitives.ReadDoubleLittleEndian(number)) : [BitConverter.Int64BitsToDouble((long)(ulong)one.Value)]);

    /// <summary>Attributes by name, each as text.</summary>
    public IReadOnlyDictionary<string, string> Attributes(int field) => All(field).ToDictionary(pair => pair.Text(1), pair => Shown(pair.One(2)));

    private static string Shown(ProtobufMessage value) =>
        value.Has(1) ? value.Text(1)
        : value.Has(2) ? value.Number(2) == 1 ? "true" : "false"
        : value.Has(3) ? value.Number(3).ToString(System.Globalization.CultureInfo.InvariantCulture)
        : value.Has(4) ? value.Double(4).ToString(System.Globalization.CultureInfo.InvariantCulture)
        : string.Join(',', value.One(5).All(1).Select(Shown));

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
