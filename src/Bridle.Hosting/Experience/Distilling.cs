using Bridle.Journal;
using Bridle.Memory;

namespace Bridle.Hosting.Experience;

/// <summary>Finds what was done with success more than once and no skill says yet.</summary>
internal static class Distilling
{
    /// <summary>The fewest runs.</summary>
    public const int LeastRuns = 2;

    private const int LeastCalls = 4;
    private const int LeastTools = 2;
    private const int LeastSituation = 16;
    private const double Alike = 0.5;
    private const double Known = 0.6;

    /// <summary>The proposals, and why some groups of runs became none.</summary>
    /// <param name="episodes">The episodes of the project.</param>
    /// <param name="skills">The names and descriptions of the skills that there are.</param>
    /// <param name="secrets">What no skill may hold.</param>
    public static (IReadOnlyList<SkillProposal> Proposals, IReadOnlyList<string> Left) Of(IReadOnlyList<Episode> episodes, IReadOnlyList<(string Name, string Description)> skills, SecretRedactor secrets)
    {
        var similar = new SimilarEpisodes(episodes);
        var groups = new List<(HashSet<string> Words, List<Episode> Runs)>();
        foreach (var episode in episodes.Where(IsWorthIt).OrderBy(one => one.At))
        {
            var words = SimilarEpisodes.WordsOf(episode.Situation);
            var group = groups.Find(group => similar.Likeness(group.Words, words) >= Alike);
            if (group.Runs is null)
            {
                groups.Add((words, [episode]));
            }
            else
            {
                group.Runs.Add(episode);
            }
        }

        var (proposals, left) = (new List<SkillProposal>(), new List<string>());
        foreach (var (words, runs) in groups.Where(group => group.Runs.Count >= LeastRuns))
        {
            var proposal = SkillProposal.Of(runs);
            if (skills.FirstOrDefault(skill => skill.Name == proposal.Name || NoteWords.Likeness(SimilarEpisodes.WordsOf(skill.Description), words) >= Known || NoteWords.Likeness(SimilarEpisodes.WordsOf(skill.Description), SimilarEpisodes.WordsOf(NoteText.Read("x", proposal.Text, default).Note.Description)) >= Known).Name is { } same)
            {
                left.Add($"{proposal.Name}: the skill '{same}' says that already.");
            }
            else if (NoteSecrets.Find(proposal.Text, secrets) is { } secret)
            {
                left.Add($"{proposal.Name}: {secret}, so no draft was made of {string.Join(", ", runs.Select(run => run.Id))}.");
            }
            else if (proposals.TrueForAll(one => one.Name != proposal.Name))
            {
                proposals.Add(proposal);
            }
        }

        return (proposals, left);
    }

    private static bool IsWorthIt(Episode one) =>
        one.Success && one.Calls >= LeastCalls && one.Tools.Count >= LeastTools && one.Situation.Length >= LeastSituation && one.Skills.Count == 0;
}
