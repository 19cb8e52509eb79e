using Bridle.Hosting.Guides;
using Bridle.Hosting.Hooks;
using Bridle.Hosting.Sensors;
using Bridle.Hosting.Toolchains;

namespace Bridle.Hosting.Trust;

/// <summary>Something that a project's own files want to run.</summary>
/// <param name="Kind">What it is, such as <c>hook</c>.</param>
/// <param name="Content">All that decides what runs; an approval is bound to it.</param>
/// <param name="Shown">What a person is shown of it.</param>
public sealed record ProjectProgram(string Kind, string Content, string Shown);

/// <summary>Finds what a project's own files want to run.</summary>
public static class ProjectPrograms
{
    /// <summary>The kind of a registry that the project's packages come from: confined programs may reach it.</summary>
    public const string Registry = "registry";

    /// <summary>All of it, each content once.</summary>
    public static IEnumerable<ProjectProgram> Of(HostFiles files) => HookFiles.ToApprove(files)
        .Concat(SensorBook.ToApprove(files))
        .Concat(GuideBook.ToApprove(files))
        .Concat(RegistryHosts.NamedByProject(files.Environment, files.Trust.Folder).Select(one => new ProjectProgram(Registry, one.Host, $"programs that reach the package registry {one.Host} ({one.File})")))
        .DistinctBy(program => (program.Kind, program.Content));
}
