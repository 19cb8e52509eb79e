namespace Bridle.Hosting.Trust;

/// <summary>What a person is asked about a folder before its own files may make anything looser or run anything.</summary>
/// <param name="IsTrusted">The folder is trusted already; only what it wants to run is new or has changed.</param>
/// <param name="Gains">What would become active, one line each.</param>
/// <param name="Programs">What would be approved to run.</param>
public sealed record TrustQuestion(bool IsTrusted, IReadOnlyList<string> Gains, IReadOnlyList<ProjectProgram> Programs)
{
    /// <summary>The question that is open, or null when there is nothing to gain or the person saw the same and said no.</summary>
    public static TrustQuestion? For(HostFiles files)
    {
        var trust = files.Trust;
        if (trust.ForThisRun || trust.Store.Problem is not null || files.Problem is not null)
        {
            return null;
        }

        var programs = ProjectPrograms.Of(files).Where(program => !trust.MayRun(program.Kind, program.Content)).ToList();
        var settings = files.Layers.Untrusted.Where(one => programs.Count == 0 || !one.StartsWith("hooks in ", StringComparison.Ordinal));
        var question = new TrustQuestion(trust.IsTrusted, [.. settings, .. programs.Select(program => program.Shown)], programs);
        return question.Gains.Count == 0 || trust.Store.WasDeclined(trust.Folder, question.Text) ? null : question;
    }

    /// <summary>What a no is remembered for.</summary>
    private string Text => string.Join('\n', Gains.Concat(Programs.Select(program => program.Content)));

    /// <summary>The person said yes: the folder is trusted and what was shown may run.</summary>
    public void Accept(WorkingTrust trust, DateTimeOffset at) => trust.Store.Accept(trust.Folder, at, Programs.Select(program => (program.Kind, program.Content)));

    /// <summary>The person said no; the same is not asked again.</summary>
    public void Decline(WorkingTrust trust) => trust.Store.Decline(trust.Folder, Text);
}
