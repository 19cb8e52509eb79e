using System.Security.Cryptography;

namespace Bridle.Models.Http;

/// <summary>Makes up ids for calls that come without one. They are told by their beginning, so that they are not sent to a vendor that never gave them.</summary>
internal static class CallIds
{
    private const string Start = "made_";

    /// <summary>An id that no other call has.</summary>
    public static string New() => Start + RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>Whether Bridle made it up.</summary>
    public static bool IsMadeUp(string id) => id.StartsWith(Start, StringComparison.Ordinal);
}
