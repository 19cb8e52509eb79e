using Bridle.Permissions;
using Bridle.Permissions.Shell;

namespace Bridle.Loop;

/// <summary>What a command of git that shows files says of them.</summary>
/// <param name="Folder">The folder that <c>-C</c> names, or empty.</param>
/// <param name="Operands">The words that may name files.</param>
/// <param name="FromTop">They are named from the top of the repository.</param>
/// <param name="Searches">It looks through folders, so that its output says which files it showed.</param>
internal sealed record GitShown(string Folder, IReadOnlyList<ShellWord> Operands, bool FromTop, bool Searches)
{
    private static readonly string[] s_figures = ["--stat", "--name-only", "--name-status", "--numstat", "--shortstat", "--summary", "--dirstat", "--raw", "--quiet", "-s", "--no-patch"];

    /// <summary>That, or null for a command that shows no file.</summary>
    public static GitShown? Of(FoundCommand command)
    {
        if (command.Name is not "git" || GitVerbs.VerbAt(command.Texts) is var at && at >= command.Texts.Count)
        {
            return null;
        }

        var folder = "";
        for (var i = 1; i + 1 < at; i++)
        {
            folder = command.Texts[i] is "-C" ? Path.Combine(folder, command.Texts[++i]) : folder;
        }

        var verb = command.Texts[at];
        var rest = command.Words.Skip(at + 1).ToList();
        var behind = rest.SkipWhile(word => word.Text is not "--").Skip(1).ToList();
        var before = rest.TakeWhile(word => word.Text is not "--").Where(word => word.Text is not ['-', ..]).ToList();
        var figures = rest.Exists(word => s_figures.Contains(word.Text.Split('=')[0]));
        return verb switch
        {
            "grep" when ShownOperands.OfSearch(new FoundCommand([command.Words[0], .. rest], command.Assignments, command.Wrappers)) is { } operands => new(folder, [.. operands], false, true),
            "blame" or "annotate" => new(folder, behind.Count > 0 ? behind : before, false, false),
            "show" or "cat-file" when !figures => new(folder, [.. before.Where(word => word.Marks is WordMarks.None).Select(PathIn).OfType<ShellWord>(), .. behind], behind.Count is 0, false),
            "diff" when !figures => new(folder, behind.Count > 0 ? behind : before, false, false),
            "log" when !figures && rest.Exists(word => word.Text is "-p" or "--patch" or "-u") => new(folder, behind.Count > 0 ? behind : before, false, false),
            _ => null,
        };
    }

    // HEAD:src/a.cs
    private static ShellWord? PathIn(ShellWord word) => word.Text.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? ShellWord.Bare(word.Span, word.Text[(colon + 1)..]) : null;
}
