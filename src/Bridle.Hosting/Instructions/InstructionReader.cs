using System.Security.Cryptography;
using System.Text;
using Bridle.Hosting.Trust;
using Bridle.Permissions;

namespace Bridle.Hosting.Instructions;

/// <summary>
/// Reads instruction files: puts imports (<c>@path</c>) in their place, takes block comments out, and reads no file twice. What lies outside the project is read for a
/// project only when its folder is trusted, and what may hold a secret, or what a rule refuses to be read, never. A deny rule on the own path of an
/// instruction file does not keep it from the model: being told is what such a file is for. What it imports, and where a link leads, are held to the rules.
/// </summary>
internal sealed class InstructionReader(string home, string project, bool trusted, Func<string, string?> denied)
{
    private const int MostHops = 4;
    private const int MostBytes = 256 * 1024;
    private const int MostInAll = 2 * 1024 * 1024;

    private static readonly HashSet<string> s_documents = new([".md", ".mdx", ".mdc", ".markdown", ".txt", ".rst", ".adoc", ".json", ".yaml", ".yml", ".toml"], StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private readonly HashSet<string> _contents = new(StringComparer.Ordinal);
    private int _read;

    /// <summary>The files that the last one read imports, each with the one that names it.</summary>
    public List<(string Path, string By)> Imports { get; private set; } = [];

    /// <summary>What was left out, one line each.</summary>
    public List<string> Left { get; } = [];

    /// <summary>The text of a file with all that it imports and where it really lies; null when it is not there, was read before, or may not be read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="ofProject">Whether it comes with the project, from whoever wrote that.</param>
    public (string Path, string Text)? Read(string path, bool ofProject)
    {
        Imports = [];
        return File.Exists(path) ? Read(path, ofProject, 0, path, null) : null;
    }

    private (string Path, string Text)? Read(string path, bool ofProject, int hops, string named, string? by)
    {
        var real = Real(path);
        if (SensitivePaths.HoldsSecrets(real))
        {
            Left.Add($"{named}: it may hold a secret, so it is not shown to a model.");
            return null;
        }

        if (ofProject && !trusted && !real.StartsWith(project.TrimEnd('/') + "/", StringComparison.Ordinal))
        {
            Left.Add($"{named}: it lies outside the project, whose folder is not trusted. `bridle trust` lets it be read.");
            return null;
        }

        // A file of instructions itself is told whatever rules say: that no tool reads it, or changes it, is another matter. Not so where it is a link to another file.
        if ((by is not null || real != Path.GetFullPath(path)) && denied(path) is { } reason)
        {
            Left.Add($"{named}: it is not shown to a model. {reason}");
            return null;
        }

        if (!_paths.Add(real))
        {
            return null;
        }

        var bytes = Bytes(real, named, by is not null);
        if (bytes is null || !_contents.Add(Convert.ToHexStringLower(SHA256.HashData(bytes))))
        {
            return null;
        }

        if (by is not null)
        {
            Imports.Add((real, by));
        }

        return (real, Expanded(WithoutComments(Encoding.UTF8.GetString(bytes).TrimStart('\ufeff')), real, ofProject, hops));
    }

    private byte[]? Bytes(string real, string named, bool isImport)
    {
        try
        {
            if (_read > MostInAll)
            {
                Left.Add($"{named}: more than {MostInAll / 1024 / 1024} MiB were read before it.");
                return null;
            }

            var bytes = SmallFile.Read(real, MostBytes + 1);
            _read += bytes.Length;
            if (bytes.Length is 0 && isImport)
            {
                Left.Add($"{named}: it is empty, or a pipe or a device.");
            }

            if (bytes.AsSpan().Contains((byte)0))
            {
                Left.Add($"{named}: it is no text.");
                return null;
            }

            if (bytes.Length <= MostBytes)
            {
                return bytes;
            }

            Left.Add($"{named}: it is longer than {MostBytes / 1024} KiB; what follows is not read.");
            var end = MostBytes;
            while ((bytes[end] & 0xC0) == 0x80 && end > MostBytes - 4)
            {
                end--;
            }

            return bytes[..end];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Left.Add($"{named}: it cannot be read ({e.Message})");
            return null;
        }
    }

    private string Expanded(string text, string file, bool ofProject, int hops)
    {
        if (!text.Contains('@'))
        {
            return text;
        }

        var (code, result) = (MarkdownMask.CodeOf(text), new StringBuilder());
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not '@' || code[i] || (i > 0 && !char.IsWhiteSpace(text[i - 1])))
            {
                result.Append(text[i]);
                continue;
            }

            var end = i + 1;
            while (end < text.Length && !char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            var imported = Imported(text[(i + 1)..end], file, ofProject, hops);
            result.Append(imported ?? text[i..end]);
            i = end - 1;
        }

        return result.ToString();
    }

    // Null: no import but a word that begins with @, which stays.
    private string? Imported(string word, string file, bool ofProject, int hops)
    {
        var folder = Path.GetDirectoryName(file)!;
        var name = word.TrimEnd('.', ',', ';', ':', ')', '!', '?');
        var path = name.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(home, name[2..]) : Path.Combine(folder, name);
        if (name.Length is 0 || name.Contains('\0'))
        {
            return null;
        }

        if (!File.Exists(path))
        {
            if (IsMeantAsFile(name))
            {
                Left.Add($"@{name} in {folder}: {(Directory.Exists(path) ? "it is a folder" : "there is no such file")}.");
            }

            return null;
        }

        if (hops >= MostHops)
        {
            Left.Add($"@{name} in {folder}: imports go {MostHops} files deep.");
            return null;
        }

        return Read(path, ofProject, hops + 1, $"@{name} in {folder}", file) is var (_, text) ? text.Trim() + word[name.Length..] : _paths.Contains(Real(path)) ? "" : null;
    }

    // Many a word begins with @: people, packages, annotations. Said to be missing is what looks like a path or a document.
    private static bool IsMeantAsFile(string name) =>
        name.StartsWith("./", StringComparison.Ordinal) || name.StartsWith("../", StringComparison.Ordinal) || name.StartsWith("~/", StringComparison.Ordinal) || name.StartsWith('/')
        || s_documents.Contains(Path.GetExtension(name));

    private static string WithoutComments(string text)
    {
        if (!text.Contains("<!--", StringComparison.Ordinal))
        {
            return text;
        }

        var (code, result, from) = (MarkdownMask.CodeOf(text), new StringBuilder(), 0);
        while (text.IndexOf("<!--", from, StringComparison.Ordinal) is var start and >= 0)
        {
            if (code[start])
            {
                result.Append(text, from, start + 4 - from);
                from = start + 4;
                continue;
            }

            // Looked for once more for each that begins, a file of nothing but beginnings would take the square of its length.
            var end = text.IndexOf("-->", start, StringComparison.Ordinal);
            if (end < 0)
            {
                break;
            }

            result.Append(text, from, start - from);
            from = end + 3;
        }

        return result.Append(text, from, text.Length - from).ToString();
    }

    private static string Real(string path) => RealFolder.Resolve(path) ?? Path.GetFullPath(path);
}
