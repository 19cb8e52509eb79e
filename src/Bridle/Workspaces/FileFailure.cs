using Bridle.Messages;

namespace Bridle.Workspaces;

/// <summary>What the model reads when a file cannot be used: what happened, why, what to do next.</summary>
internal static class FileFailure
{
    public static ToolException From(int error, ResolvedPath path, string deed) => new(error switch
    {
        ErrorNumber.NoEntry => $"{path.Given} does not exist.",
        ErrorNumber.NotAFolder => $"{path.Given} cannot be {deed}: a part of that path is a file, not a folder.",
        ErrorNumber.IsAFolder => $"{path.Given} is a folder, not a file.",
        ErrorNumber.Exists => $"{path.Given} cannot be {deed}: something else stands in its place.",
        ErrorNumber.Loop or ErrorNumber.OtherDevice =>
            $"{path.Given} was not {deed}: a part of the path is a link that was not there when the path was checked, or links go round in a circle.",
        ErrorNumber.AccessDenied or ErrorNumber.NotPermitted => $"{path.Given} cannot be {deed}: the operating system denies it ({ErrorNumber.Text(error)}).",
        ErrorNumber.NameTooLong => $"{Short(path.Given)} cannot be {deed}: the name is too long for the file system.",
        ErrorNumber.NoSpace or ErrorNumber.QuotaExceeded => $"{path.Given} was not {deed}: the disk is full. What was there before is unchanged.",
        ErrorNumber.ReadOnlyDisk => $"{path.Given} cannot be {deed}: the file system is read-only.",
        ErrorNumber.NoDevice => NotRegular(path).Message,
        _ => $"{path.Given} was not {deed}: {ErrorNumber.Text(error)} (error {error}).",
    });

    public static ToolException NotRegular(ResolvedPath path) =>
        new($"{path.Given} is a device, pipe or socket, not a regular file; it is not opened.");

    /// <summary>Refuses texts that no honest path holds and that would lie to the person who reads them.</summary>
    public static void RefuseControlCharacters(ResolvedPath path)
    {
        if (path.Given.Any(char.IsControl) || path.Real.Any(char.IsControl))
        {
            throw new ToolException("The path holds a control character (such as a line end or a zero byte); it is not opened.");
        }
    }

    private static string Short(string text) => text.Length <= 120 ? text : string.Concat(text.AsSpan(0, 117), "...");
}
