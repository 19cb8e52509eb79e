using Bridle.Context;

namespace Bridle.Hosting.Experience;

/// <summary>Tells the model of earlier runs in this project that were like the task, each once in a conversation, as data in a frame of its own.</summary>
internal sealed class ExperienceGuide(EpisodeShelf shelf, string folder, string session)
{
    /// <summary>The most earlier runs that are told at once.</summary>
    public const int Most = 3;

    /// <summary>The most tokens of one.</summary>
    public const int MostTokens = 400;

    private const double Least = 0.35;

    private SimilarEpisodes? _episodes;

    /// <summary>The guide.</summary>
    public Guide Guide => new("experience", GuideTime.Start, (moment, _) => ValueTask.FromResult<IReadOnlyList<GuideNote>>(
        [.. (_episodes ??= new(shelf.Of(folder, session))).To(moment.Task, Least, Most).Select(one => new GuideNote(one.Episode.Id, EpisodeText.Told(one.Episode)))])) { MostTokens = MostTokens };
}
