using Bridle.Hosting;
using Bridle.Journal;

namespace Bridle.CrashTarget.Scenarios;

/// <summary>Where one session of a scenario lives: a home with the log in it, a workspace, and the files outside of both that count what happened.</summary>
internal sealed record Place(string Root)
{
    public const string Session = "s";

    /// <summary>The folder the session works in.</summary>
    public string Work => Path.Combine(Root, "work");

    /// <summary>One line for each time that a <em>once</em> call took effect: its call id.</summary>
    public string Effects => Path.Combine(Root, "effects");

    /// <summary>One line for each time that a repeatable call ran.</summary>
    public string Looks => Path.Combine(Root, "looks");

    /// <summary>Every request as text.</summary>
    public string Requests => Path.Combine(Root, "requests");

    public HostEnvironment Environment => new(
        new Dictionary<string, string> { ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin" }, Path.Combine(Root, "home"), Work, HostPlatform.Linux);

    public BridleFolders Folders => BridleFolders.For(Environment);

    public SessionStore Store => new(Folders.Data, Folders.State);
}
