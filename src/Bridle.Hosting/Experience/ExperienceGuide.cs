using Bridle.Context;
using Bridle.Messages;

namespace Bridle.Hosting.Experience;

/// <summary>Tells the model of earlier runs in this project that were like the task, each once in a conversation, as data in a frame of its own.</summary>
internal sealed class ExperienceGuide(EpisodeShelf shelf, string folder, string session)
{
    /// <summary>The most earlier runs that are told at once.</summary>
    public const int Most = 3;

    /// <summary>The most tokens of all of them together.</summary>
    public const int MostTokens = 400;

    private const double Least = 0.35;

    private SimilarEpisodes? _episodes;

    /// <summary>The guide.</summary>
    public Guide Guide => new("experience", GuideTime.Start, (moment, _) => ValueTask.FromResult<IReadOnlyList<GuideNote>>([.. Notes(moment.Task)])) { MostTokens = MostTokens };

    // Runs that say the same are one; all together are no longer than the block may be.
    private IEnumerable<GuideNote> Notes(string task)
    {
        var (told, length) = (new HashSet<string>(StringComparer.Ordinal), 0);
        foreach (var (episode, _) in (_episodes ??= new(shelf.Of(folder, session))).To(task, Least, Most * 4))
        {
            var text = EpisodeText.Told(episode);
            if (told.Count == Most || length + TokenEstimate.Of(text) > MostTokens || !told.Add(text[(text.IndexOf('\n') + 1)..]))
            {
                continue;
            }

            length += TokenEstimate.Of(text);
            yield return new(episode.Id, text);
        }
    }
}
