using System.Runtime.InteropServices;
using System.Text;

namespace Bridle.Journal;

/// <summary>A file of lines that were derived from logs and can be made anew from them at any time: one that is missing, damaged or of another version is empty.</summary>
internal sealed class DerivedLines(string path, string version)
{
    /// <summary>A log that was changed this recently may change again within the clock's grain, so that its size and time say nothing yet.</summary>
    public static readonly TimeSpan Unsettled = TimeSpan.FromSeconds(2);

    public IReadOnlyList<string> Load()
    {
        try
        {
            var text = File.Exists(path) ? File.ReadAllText(path) : "";
            var head = text.IndexOf('\n');
            return head < 0 || text[..head] != Head(text.AsSpan(head + 1)) ? [] : text[(head + 1)..].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Replaces them. Failing to do so loses nothing but time.</summary>
    public void Keep(string text)
    {
        try
        {
            PrivateFiles.Replace(path, Encoding.UTF8.GetBytes($"{Head(text)}\n{text}"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The next one reads the logs again.
        }
    }

    private string Head(ReadOnlySpan<char> rest) => $"{version} {Crc32C.Of(MemoryMarshal.AsBytes(rest)):x8}";
}
