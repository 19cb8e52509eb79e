using Bridle.Hosting.Assembly;
using Bridle.Hosting.Providers;
using Bridle.Models;
using Bridle.Models.Rehearsal;

namespace Bridle.Hosting.DryRuns;

/// <summary>Resolves the model as a start would, but asks no server and runs no helper: where a start would, it says so.</summary>
internal sealed class DryRunModelLook(HarnessRequest request, HostFiles files)
{
    private readonly List<DryRunFinding> _findings = [];
    private bool _wouldAsk;
    private bool _wouldRunHelper;

    /// <summary>What was found on the way.</summary>
    public IReadOnlyList<DryRunFinding> Findings => _findings;

    /// <summary>Why the model may not be asked: money is limited and its price is not known. Null where that is not so, or it was not found.</summary>
    public HarnessRefused? Unpriced { get; private set; }

    /// <summary>Why there is no model, as far as that can be known without asking anybody; null where there is one.</summary>
    public HarnessRefused? Problem { get; private set; }

    /// <summary>The model, or null.</summary>
    public async Task<DryRunModel?> FindAsync(CancellationToken cancellationToken)
    {
        if (request.Model is { } given)
        {
            return Shown(given.Info, "it was given", "", null);
        }

        var outcome = await files.ResolveAsync(request.Wish, FindNone, files.Resolution(FindNone, HelpNot), cancellationToken);
        if (_wouldRunHelper)
        {
            Warn("provider", "The key comes from the apiKeyHelper command, which a dry run does not run.", "");
        }

        switch (outcome)
        {
            case ProviderChosen { Choice: var choice }:
                return Chosen(choice);
            case ProviderProblem problem when _wouldAsk:
                // Whether that is a problem is known when the servers were asked.
                Warn("provider", $"Not known without asking the local servers: {problem.Message}", $"{problem.Advice} Or start the server, and see `bridle doctor`.");
                return null;
            case ProviderProblem problem:
                Problem = new("provider", problem.Message, problem.Advice);
                _findings.Add(new(DryRunVerdict.Blocked, "provider", problem.Message, problem.Advice));
                return null;
            default:
                return Nothing();
        }
    }

    private DryRunModel? Nothing()
    {
        var habit = files.PreviousModel is { } before && PreviousModel.Counts(request.Wish, files.Environment, files.Layers.Effective) ? $" {before}, which was used last, is taken when its server answers." : "";
        const string next = "Run `bridle init`, or set a provider's key; `bridle doctor` shows which local servers answer.";
        if (request.RehearseWhenUnconfigured)
        {
            Warn("unconfigured", $"No model is configured. A run looks for a local server first, which a dry run does not; without one the built-in rehearsal model works by rules, without a language model.{habit}", next);
            return Shown(new RehearsalModel().Info, "nothing is configured", "", null);
        }

        Warn("unconfigured", $"No model is configured. A start looks for a local server, which a dry run does not.{habit}", next);
        return null;
    }

    private DryRunModel Chosen(ProviderChoice choice)
    {
        if (choice.BaseUrl is null)
        {
            return Shown(new RehearsalModel().Info, choice.Because, "", null);
        }

        var info = new ModelMaking(files.Layers.Effective, files.Catalog, files.Environment).Describe(choice, request.Tools, StartLimits.MaxTokens(request, files.Layers));
        if (BudgetAssembly.Unpriced(request, files, info) is { } unpriced)
        {
            Unpriced = unpriced;
            _findings.Add(new(DryRunVerdict.Blocked, unpriced.Kind, unpriced.Message, unpriced.Advice));
        }

        var listed = files.Catalog.Entries.Where(entry => entry.Provider == choice.Provider).ToList();
        if (listed.Count > 0 && listed.All(entry => entry.Model != choice.Model))
        {
            var near = NearestName.Of(choice.Model, listed.Select(entry => entry.Model));
            Warn("model", $"{choice.Provider} did not list the model '{choice.Model}' when it was last asked ({listed.Max(entry => entry.At):yyyy-MM-dd}).{(near is null ? "" : $" Did you mean {choice.Provider}/{near}?")}", "Check the name, or ask again with `bridle models refresh`.");
        }

        return Shown(info, choice.Because, choice.Address, choice.KeyFrom);
    }

    private static DryRunModel Shown(ModelInfo info, string why, string address, string? keyFrom) => new(info.FullName, why, info.Api, address)
    {
        KeyFrom = keyFrom,
        ContextWindow = info.ContextWindow,
        MaxOutputTokens = info.MaxOutputTokens,
        Tools = info.Tools switch { Known.Yes => "native", Known.No => "prompted", _ => "unknown" },
        Price = info.Price,
        Simulated = info.Simulated,
    };

    private Task<IReadOnlyList<LocalServerFound>> FindNone(CancellationToken cancellationToken)
    {
        _wouldAsk = true;
        return Task.FromResult<IReadOnlyList<LocalServerFound>>([]);
    }

    private Task<FoundKey> HelpNot(string command, CancellationToken cancellationToken)
    {
        _wouldRunHelper = true;
        return Task.FromResult(new FoundKey("-", "the apiKeyHelper command (not run)", null));
    }

    private void Warn(string kind, string text, string next) => _findings.Add(new(DryRunVerdict.Warning, kind, text, next));
}
