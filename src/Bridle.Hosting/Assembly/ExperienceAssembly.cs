using Bridle.Context;
using Bridle.Hosting.Experience;

namespace Bridle.Hosting.Assembly;

/// <summary>What a start does with earlier runs: shows those that are like the task, where a person switched that on.</summary>
internal static class ExperienceAssembly
{
    /// <summary>The guide, or none. Nothing is read before the first message.</summary>
    public static IReadOnlyList<Guide> Guides(HarnessRequest request, HostFiles files, OpenLog log) =>
        request.InMemory || request.Workspace is not null || files.Layers.Effective.ExperienceEnabled is not true ? []
            : [new ExperienceGuide(new EpisodeShelf(files.Folders, files.Environment.Home, request.Time), log.Root, log.Name).Guide];
}
