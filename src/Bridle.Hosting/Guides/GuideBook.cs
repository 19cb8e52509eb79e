using Bridle.Hosting.Settings;
using Bridle.Hosting.Trust;

namespace Bridle.Hosting.Guides;

/// <summary>Every guide that settings declare, the strongest file's first, with what becomes of it.</summary>
public static class GuideBook
{
    /// <summary>The kind under which the trust of a folder keeps what may run.</summary>
    public const string TrustKind = "guide";

    /// <summary>All of them, also those that say nothing. Of one name the strongest file's counts. Runs nothing.</summary>
    public static IReadOnlyList<DeclaredGuide> Of(HostFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return [.. files.Layers.Layers.SelectMany(layer => Written(layer, layer.Counts, files)).DistinctBy(guide => guide.Name).Select(guide => guide with { WhyNot = WhyNot(guide, files) })];
    }

    /// <summary>What a person approves when they trust the folder: each guide of the project's files that makes something run, as it stands.</summary>
    public static IEnumerable<ProjectProgram> ToApprove(HostFiles files) =>
        files.Layers.Layers.Where(layer => layer.IsOfProject).SelectMany(layer => Written(layer, layer.Written, files)).Where(guide => guide is { Runs: true, IsOff: false })
            .Select(guide => new ProjectProgram(TrustKind, guide.Content, $"guide {guide.Name}: {guide.Said} ({guide.From})"));

    private static IEnumerable<DeclaredGuide> Written(SettingsLayer layer, BridleSettings settings, HostFiles files) => GuideReading.Read(settings.Guides, layer.Path).Guides.Select(guide => guide with
    {
        IsOfProject = layer.IsOfProject,
        Folder = !layer.IsOfProject && File.Exists(layer.Path) ? Path.GetDirectoryName(Path.GetFullPath(layer.Path))! : files.Trust.Folder,
    });

    private static string? WhyNot(DeclaredGuide guide, HostFiles files) =>
        guide.IsOff ? $"switched off in {guide.From}."
        : guide is { IsOfProject: true, Runs: true } && !files.Trust.MayRun(TrustKind, guide.Content) ? "it was not approved as it stands now: it is new or has changed. Look at it, then `bridle trust`."
        : null;
}
