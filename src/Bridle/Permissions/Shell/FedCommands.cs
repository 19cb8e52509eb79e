using System.Collections.Frozen;

namespace Bridle.Permissions.Shell;

/// <summary>A command that xargs gives its input as further words.</summary>
internal static class FedCommands
{
    // Programs that run none of their words, whatever these are, and nothing that stands in a file by themselves.
    private static readonly FrozenSet<string> Plain = (
        "basename cat chmod chown cksum cmp cp cut diff dirname du echo egrep fgrep file fold grep head join ls md5sum mkdir mv nl od paste printf readlink realpath rm rmdir sha1sum sha256sum sha512sum stat strings sum tail "
        + "touch tr true truncate uniq unlink wc xxd zcat zgrep").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    // One word that may be any words at all.
    private static readonly ShellWord Anything = ((SimpleCommand)ShellParser.Parse("x $(x)").Body.Items[0].Command).Words[1];

    /// <summary>The command with what it is given on the input; null where that may make it run something.</summary>
    public static IReadOnlyList<ShellWord>? WithInput(IReadOnlyList<ShellWord> given) =>
        given[0].Plain && Plain.Contains(ShellWords.NameOf(given[0].Text)) && given.All(word => word.Plain || word.Marks is WordMarks.Tilde) ? [.. given, Anything] : null;
}
