using Bridle.Context;
using Bridle.Hosting.Guides;

namespace Bridle.Hosting.Assembly;

/// <summary>The guides of settings in one session.</summary>
internal static class GuideAssembly
{
    /// <summary>What a person should know about guides that say nothing, one line each.</summary>
    public static IEnumerable<string> Notices(HostFiles files) =>
        GuideBook.Of(files).Where(guide => guide is { WhyNot: not null, IsOff: false }).Select(guide => $"The guide '{guide.Name}' says nothing: {guide.WhyNot} `bridle context show` lists all.");

    /// <summary>
    /// The guides. Commands of settings stand for themselves where the person trusts the folder, or where they are confined: they run in a folder that others wrote.
    /// </summary>
    public static IReadOnlyList<Guide> Guides(HostFiles files, string root, SessionRoles roles, SessionConfinement confinement) =>
        [.. GuideBook.Of(files).Where(guide => guide.WhyNot is null).Select(guide => Made(guide, files, root, roles, () => files.Trust.IsTrusted || confinement.InForce.IsOn ? $"the guide '{guide.Name}' of settings" : null))];

    private static Guide Made(DeclaredGuide guide, HostFiles files, string root, SessionRoles roles, Func<string?> vouchedBy)
    {
        var (command, prompt, said) = (new CommandGuide(guide, vouchedBy), new PromptGuide(guide, root, roles.GuideAsync), new HashSet<string>(StringComparer.Ordinal));
        return new(guide.Name, guide.At, async (moment, token) =>
        {
            var (told, problem) = guide.Kind switch
            {
                GuideKind.Text => (GuideText.Clean(guide.Said), ""),
                GuideKind.File => GuideFile.Read(guide, files, root),
                _ when moment.Doors is not { } => (null, "there is nobody to run it for"),
                GuideKind.Command => await command.SayAsync(moment.Doors!, token),
                _ => await prompt.SayAsync(moment, moment.Doors!, token),
            };

            // Before each step the same would be said again and again.
            if (told is null && said.Add(problem))
            {
                moment.Doors?.Tell($"The guide '{guide.Name}' says nothing: {GuideText.Clean(problem)}.");
            }

            return told is { Length: > 0 } ? [new GuideNote(guide.Kind.ToString().ToLowerInvariant(), told)] : [];
        })
        {
            MostTokens = guide.MostTokens, SaysHowItStands = true, TaskFits = guide.Tasks.Count == 0 ? null : guide.Fits, FilesMatch = guide.Files.Count == 0 ? null : path => guide.IsAbout(path, root),
        };
    }
}
