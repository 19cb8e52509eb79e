using System.Globalization;
using System.Text;
using Bridle.Hosting.Assembly;
using Bridle.Hosting.Settings;

namespace Bridle.Hosting;

/// <summary>
/// The block of variables that the kernel shows of this process to everybody with the same user, in <c>/proc/PID/environ</c>. Unsetting a variable does not change it;
/// the memory itself has to be overwritten.
/// </summary>
public static class ProcessEnvironment
{
    /// <summary>
    /// Blanks the values of keys in that block: of the known providers' variables, of those whose name speaks of a secret, and of the ones named here.
    /// Read the surroundings before. For a program's own process, not for a library in somebody else's. Does nothing where there is no such block.
    /// </summary>
    public static unsafe void HideSecrets(params IEnumerable<string> names)
    {
        if (!OperatingSystem.IsLinux() || Block() is not { } block)
        {
            return;
        }

        var hidden = names.Concat(KnownSecrets.KeyVariables(new BridleSettings())).ToHashSet();
        Blank(new Span<byte>((void*)block.Start, checked((int)block.Length)), name => hidden.Contains(name) || KnownSecrets.SoundsSecret(name));
    }

    /// <summary>Blanks values in a block of <c>NAME=value</c>, each ended by a zero.</summary>
    internal static void Blank(Span<byte> block, Func<string, bool> isSecret)
    {
        while (block.Length > 0)
        {
            var end = block.IndexOf((byte)0);
            var entry = end < 0 ? block : block[..end];
            var equals = entry.IndexOf((byte)'=');
            if (equals > 0 && isSecret(Encoding.UTF8.GetString(entry[..equals])))
            {
                entry[(equals + 1)..].Fill((byte)'*');
            }

            block = end < 0 ? default : block[(end + 1)..];
        }
    }

    // The fields are counted from behind the program's name, which may hold anything, also blanks and brackets.
    private static (nint Start, nint Length)? Block()
    {
        try
        {
            var stat = File.ReadAllText("/proc/self/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var (start, end) = (nint.Parse(fields[47], CultureInfo.InvariantCulture), nint.Parse(fields[48], CultureInfo.InvariantCulture));
            return start > 0 && end > start ? (start, end - start) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            return null;
        }
    }
}
