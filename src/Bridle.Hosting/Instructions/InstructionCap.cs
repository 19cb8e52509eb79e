using System.Globalization;
using System.Text;

namespace Bridle.Hosting.Instructions;

/// <summary>
/// What of instruction files fits into the bytes that all of them may have. Where they are too many, those that need least are told whole, and the others are cut to equal parts,
/// so that a long file takes nothing from the short ones.
/// </summary>
internal static class InstructionCap
{
    /// <summary>The bytes that all of them may have.</summary>
    public const int MostTotal = 64 * 1024;

    // At most so many of them are kept from what is told at the start for rules, which are told when a file is seen that they are about.
    private const int Reserve = MostTotal / 4;

    // Less of a file than this says nothing.
    private const int Least = 256;

    /// <summary>The files as they are told, in their order. What was cut or left out is added to <paramref name="said"/>.</summary>
    public static List<InstructionFile> Fit(IReadOnlyList<InstructionFile> files, ref long left, List<string> said)
    {
        var parts = new Dictionary<InstructionFile, int>(ReferenceEqualityComparer.Instance);
        var (room, open) = (left, files.Count);
        foreach (var file in files.OrderBy(SizeOf))
        {
            parts[file] = (int)Math.Min(SizeOf(file), Math.Max(0, room) / open--);
            room -= parts[file];
        }

        var told = new List<InstructionFile>();
        foreach (var file in files)
        {
            var (size, part) = (SizeOf(file), parts[file]);
            if (part < size)
            {
                said.Add(part < Least ? $"{file.Path}: with it, the instructions would be longer than {MostTotal / 1024} KiB."
                    : string.Create(CultureInfo.InvariantCulture, $"{file.Path}: only its first {part} of {size} bytes are told, because all instructions together may have {MostTotal / 1024} KiB."));
            }

            if (part >= Math.Min(size, Least))
            {
                left -= part;
                told.Add(part < size ? file with { Text = string.Create(CultureInfo.InvariantCulture, $"{Beginning(file.Text, part)}\n[cut here: {size - part} more bytes; the whole is in the file]"), Room = part } : file with { Room = part });
            }
        }

        return told;
    }

    /// <summary>The beginning of a text, no longer in UTF-8 than so many bytes.</summary>
    public static string Beginning(string text, int bytes)
    {
        var all = Encoding.UTF8.GetBytes(text);
        var end = Math.Min(bytes, all.Length);
        while (end > 0 && end < all.Length && (all[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return Encoding.UTF8.GetString(all, 0, end);
    }

    /// <summary>What the files told at the start leave to these rules.</summary>
    public static long KeptFor(IReadOnlyList<InstructionFile> rules) => Math.Min(Reserve, rules.Sum(rule => (long)SizeOf(rule)));

    private static int SizeOf(InstructionFile file) => Encoding.UTF8.GetByteCount(file.Text);
}
