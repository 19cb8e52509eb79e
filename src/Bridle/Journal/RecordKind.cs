using System.Text;

namespace Bridle.Journal;

/// <summary>The type of a record and whose it is in one byte, so that a journal can say where records of a type stand without reading the others.</summary>
internal static class RecordKind
{
    /// <summary>A record of which the line has to say it: of a newer version, or with another head.</summary>
    public const byte Unknown = 0;

    private const byte Child = 0x80;

    private static readonly byte[][] s_names = [.. RecordCodec.TypeNames.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The kind of a line.</summary>
    public static byte Of(ReadOnlySpan<byte> line) =>
        RecordHead.TryRead(line, out var head) && Named(head.Type) is not Unknown and var kind ? head.IsChild ? (byte)(kind | Child) : kind : Unknown;

    /// <summary>The kind of a session's own records of this type.</summary>
    public static byte Named(ReadOnlySpan<byte> type)
    {
        for (var i = 0; i < s_names.Length; i++)
        {
            if (type.SequenceEqual(s_names[i]))
            {
                return (byte)(i + 1);
            }
        }

        return Unknown;
    }

    /// <summary>For each kind whether its records are of one of these types, or of a type that the line has to say.</summary>
    public static bool[] Among(IReadOnlySet<string> types)
    {
        var among = new bool[256];
        among[Unknown] = true;
        foreach (var type in types)
        {
            var kind = Named(Encoding.UTF8.GetBytes(type));
            among[kind] = among[kind | Child] = true;
        }

        return among;
    }
}
