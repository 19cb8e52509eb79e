using Bridle.Hosting.Hooks;

namespace Bridle.Hosting.Trust;

/// <summary>Something that a project's own files want to run.</summary>
/// <param name="Kind">What it is, such as <c>hook</c>.</param>
/// <param name="Content">All that decides what runs; an approval is bound to it.</param>
/// <param name="Shown">What a person is shown of it.</param>
public sealed record ProjectProgram(string Kind, string Content, string Shown);

/// <summary>Finds what a project's own files want to run.</summary>
public static class ProjectPrograms
{
    /// <summary>All of it, each content once.</summary>
    public static IEnumerable<ProjectProgram> Of(HostFiles files) => HookFiles.ToApprove(files).DistinctBy(program => (program.Kind, program.Content));
}
