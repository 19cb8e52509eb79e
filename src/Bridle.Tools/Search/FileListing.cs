using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Tools.Search;

/// <summary>The files of a folder as a person would name them.</summary>
public static class FileListing
{
    /// <summary>
    /// At most <paramref name="most"/> files below a folder by their paths from there, in order, without hidden ones and without what ignore files name.
    /// Empty where the folder cannot be read. May take as long as the tree is large.
    /// </summary>
    public static IReadOnlyList<string> Below(IFiles files, string root, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        return [.. WithEntries(files, root, most, cancellationToken).Select(file => file.Relative)];
    }

    /// <summary>The same with what the folder says of each file.</summary>
    public static IReadOnlyList<(string Relative, FileEntry Entry)> WithEntries(IFiles files, string root, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        try
        {
            return [.. new TreeWalk(files).Below(files.Resolve(root, root), cancellationToken).Take(most).Select(file => (file.Relative, file.Entry))];
        }
        catch (ToolException)
        {
            return [];
        }
    }
}
