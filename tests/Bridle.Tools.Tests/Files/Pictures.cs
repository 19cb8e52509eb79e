namespace Bridle.Tools.Tests.Files;

/// <summary>The smallest sound images of each kind.</summary>
internal static class Pictures
{
    public static byte[] Png { get; } = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    // A header, a frame, and a scan whose data has an escaped FF and a restart.
    public static byte[] Jpeg { get; } = Convert.FromHexString("FFD8FFE000104A46494600010100000100010000FFC0000B080001000101011100FFFFDA0008010100003F0012FF0034FFD056FFD9");

    public static byte[] Gif { get; } = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

    public static byte[] WebP { get; } = Convert.FromBase64String("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA");

    public static byte[] WebPWithoutLoss { get; } = Convert.FromBase64String("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==");

    public static byte[] Of(string mediaType) => mediaType switch { "image/png" => Png, "image/jpeg" => Jpeg, "image/gif" => Gif, _ => WebP };
}
