using Bridle.Hosting.Assembly;
using Bridle.Memory;

namespace Bridle.Hosting.Memory;

/// <summary>The notes of a folder as a person has them, whatever an agent may do with them.</summary>
/// <param name="Book">The notes; what is kept through it has no session as its source.</param>
/// <param name="Project">The project that they belong to: the main worktree of a repository, or a folder.</param>
/// <param name="Waiting">What is not read and why, or null.</param>
public sealed record ProjectNotes(NoteBook Book, string Project, string? Waiting)
{
    /// <summary>Opens them for a request, or says why not. Reads only; sends nothing.</summary>
    public static (ProjectNotes? Notes, HarnessRefused? Problem) Open(HarnessRequest request)
    {
        if (!Directory.Exists(request.Folder))
        {
            return (null, new("usage", HostFiles.NoFolder(request.Folder), "Give another one with --cwd."));
        }

        if (!NoteName.IsName(request.Agent))
        {
            return (null, new("usage", $"There can be no agent '{request.Agent}': {NoteName.Read(request.Agent).Problem}", ""));
        }

        var files = HostFiles.Read(request);
        if (files.Problem is { } problem)
        {
            return (null, problem);
        }

        var places = new MemoryPlaces(files, request.Folder, request.Agent);
        return (new(new NoteBook(places.Shelves, new NoteBookOptions { Secrets = KnownSecrets.Redactor(files, null), Time = request.Time }), places.Project, places.Waiting), null);
    }
}
