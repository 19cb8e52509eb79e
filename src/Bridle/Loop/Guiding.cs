using Bridle.Context;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Loop.Accepting;
using Bridle.Messages;
using Bridle.Runs;

namespace Bridle.Loop;

/// <summary>Asks the guides before a request and tells the model what they say that it does not know yet.</summary>
internal sealed class Guiding(IReadOnlyList<Guide> guides, DeclaredCommands commands)
{
    private RunId? _begun;

    public async ValueTask TellAsync(Run run, CancellationToken cancellationToken)
    {
        if (guides.Count is 0)
        {
            return;
        }

        var first = _begun != run.Id;
        _begun = run.Id;
        var moment = new GuideMoment(run.Transcript, TaskOf(run.Transcript)) { Doors = DoorsOf(run) };
        foreach (var guide in guides.Where(guide => (first || guide.When is GuideTime.EachStep) && Fits(guide, moment)))
        {
            foreach (var note in await AskAsync(run, guide, moment, cancellationToken))
            {
                // Cut first, the beginning of a secret would stay behind that nobody knows it by.
                var text = Cut(run.Redact(note.Text), guide.MostTokens);
                var source = $"guide {guide.Name}: {note.Source}";
                if (text.Trim().Length > 0 && !(guide.SaysHowItStands ? run.Transcript.LastTold(source) == text : run.Transcript.WasTold(source, text)))
                {
                    await run.RecordAsync(new ReminderAdded(source, text), Durability.Written, cancellationToken);
                }
            }
        }
    }

    private static bool Fits(Guide guide, GuideMoment moment) =>
        (guide.TaskMatches is not { } words || words.Any(word => moment.Task.Contains(word, StringComparison.OrdinalIgnoreCase)))
        && guide.TaskFits?.Invoke(moment.Task) is not false
        && (guide.FilesMatch is not { } matches || moment.Files.Any(matches));

    private GuideDoors DoorsOf(Run run) => new(
        (command, seconds, vouchedBy, token) => commands.RunAsync(run, command, seconds, vouchedBy, token, "Guide"),
        run.Model,
        run.Beside,
        run.Redact, text => run.Show(new NoticeShown(text)));

    // A guide is advice: one that breaks must not end the turn.
    private static async ValueTask<IReadOnlyList<GuideNote>> AskAsync(Run run, Guide guide, GuideMoment moment, CancellationToken cancellationToken)
    {
        try
        {
            return await guide.Speak(moment, cancellationToken);
        }
        catch (Exception e) when (!(e is OperationCanceledException && cancellationToken.IsCancellationRequested) && e is not JournalException)
        {
            await run.ShowAsync(new NoticeShown($"The guide '{guide.Name}' failed ({e.GetType().Name}) and says nothing."), cancellationToken);
            return [];
        }
    }

    private static string TaskOf(Transcript transcript) =>
        transcript.Messages.Where(message => message.Role is Role.User).SelectMany(message => message.Parts).OfType<TextPart>().LastOrDefault(part => !Reminders.IsNote(part.Text))?.Text ?? "";

    private static string Cut(string text, int tokens) =>
        TokenEstimate.Fitting(text, (long)tokens * TokenEstimate.Quarters) is var fitting && fitting < text.Length ? $"{text[..fitting]}\n[cut here: {text.Length - fitting} more characters]" : text;
}
