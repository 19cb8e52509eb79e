using System.Text.RegularExpressions;

namespace Bridle.Sandboxing;

/// <summary>What may be handed to an engine as the name of an image or a volume: nothing that it could take for an option or for a folder of the machine.</summary>
public static partial class ContainerWords
{
    private const int Longest = 512;

    /// <summary>Why that is no image to run, as a sentence; null when it is one.</summary>
    public static string? WrongImage(string image) => image.Length <= Longest && Image().IsMatch(image) ? null
        : $"'{Shown(image)}' is no name of an image. It begins with a letter or a digit and goes on with those and . _ - / : @ +, such as docker.io/library/alpine:3.20.";

    /// <summary>Why that is no named volume, as a sentence; null when it is one.</summary>
    public static string? WrongVolume(string volume) => volume.Length <= Longest && Volume().IsMatch(volume) ? null
        : $"'{Shown(volume)}' is no name of a volume. It begins with a letter or a digit and goes on with those and . _ -, and is never a path.";

    private static string Shown(string text) => new([.. text.Take(80).Select(one => char.IsControl(one) ? '?' : one)]);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.:/@+-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Image();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Volume();
}
