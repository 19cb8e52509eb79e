using System.Globalization;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.DryRuns;
using Bridle.Hosting.Hooks;
using Bridle.Models;

namespace Bridle.Cli.Output;

/// <summary>What a run would begin with, as text for a person.</summary>
internal static class DryRunText
{
    private const int MostRules = 20;

    public static void Write(CommandIo io, DryRun run)
    {
        void Row(string name, string text) => io.Tell($"{name,-13}{VisibleText.Line(text, 2_000)}", hang: 13);

        Row("folder", $"{run.Folder} ({(run.IsTrusted ? "trusted" : "not trusted")})");
        Row("task", run.Task is { } task ? VisibleText.Line(task, 200) : "none: it would go on with the session as it stands");
        Row("session", run.Session is { } session ? $"{session}, {run.SessionMessages} messages so far" : "a new one");
        Row("settings", run.SettingsFiles.Count == 0 ? "none" : string.Join(", ", run.SettingsFiles));
        Model(run, Row);
        Context(run, Row);
        Row("tools", run.Tools.Count == 0 ? "none" : string.Join(", ", run.Tools.Select(tool => tool.Name).Order(StringComparer.Ordinal)));
        if (run.Tools.Where(tool => tool.Matches.Count > 0).ToList() is { Count: > 0 } matching)
        {
            Row("", $"the task has words of {string.Join(", ", matching.Select(tool => $"{tool.Name} ({string.Join(' ', tool.Matches)})"))}");
        }

        if (run.Skills.Count > 0)
        {
            Row("skills", string.Join(", ", run.Skills.Select(skill => skill.Matches.Count == 0 ? skill.Name : $"{skill.Name} (the task has {string.Join(' ', skill.Matches)})")));
        }

        Hooks(run, Row);
        Permissions(run, Row);
        if (run.Sandbox is { } sandbox)
        {
            Row("sandbox", $"{sandbox.Requested}: {(sandbox.Backend is { } backend ? $"{backend}, looked at and not started" : "nothing")}{(sandbox.Why.Length > 0 ? $" ({sandbox.Why})" : "")}; network {(sandbox.Hosts.Count == 0 ? "closed" : $"only to {string.Join(", ", sandbox.Hosts)}")}");
        }

        Row("limits", Limits(run));
        foreach (var one in run.Spending)
        {
            Row("", $"${Dollars.Of(one.Limit)} {(one.Span is "session" ? "for the session" : $"a {one.Span}")}, ${Dollars.Of(one.Spent)} of it spent");
        }

        Controls(run, Row);
        if (run.Telemetry is { } telemetry)
        {
            Row("telemetry", telemetry);
        }

        io.Out.WriteLine();
        foreach (var finding in run.Findings)
        {
            io.Tell($"{finding.Level.ToString().ToLowerInvariant(),-9}{VisibleText.Of($"{finding.Text} {finding.Next}".TrimEnd())}", hang: 9);
        }

        io.Tell(run.Verdict switch
        {
            DryRunVerdict.Ready => "Ready: nothing stands in the way.",
            DryRunVerdict.Warning => "Warning: it would start.",
            _ => "Blocked: it would not start.",
        });
    }

    private static void Model(DryRun run, Action<string, string> row)
    {
        if (run.Model is not { } model)
        {
            row("model", "not known");
            return;
        }

        row("model", $"{model.FullName} by {model.Why}");
        row("", model.Simulated ? "built in: works by rules, without a language model"
            : $"{model.Api} at {model.Address}, {(model.KeyFrom is { } from ? $"key from {from}" : "no key")}, tools {model.Tools}, window {Number(model.ContextWindow)}, price {(model.HasPrice ? "known" : "not known")}");
        foreach (var (role, other) in run.Roles)
        {
            row("", $"{role}: {other.FullName}, {(other.KeyFrom is { } key ? $"key from {key}" : "no key")}, window {Number(other.ContextWindow)}");
        }
    }

    private static void Context(DryRun run, Action<string, string> row)
    {
        if (run.Context is not { } context)
        {
            return;
        }

        row("context", string.Create(CultureInfo.InvariantCulture, $"{context.Parts.Sum(part => part.Bytes)} bytes, about {context.Parts.Sum(part => part.Tokens)} tokens, before the task{(run.IsFrozen ? ", as the session began: what files, settings and flags say by now does not change it" : "")}"));
        foreach (var part in context.Parts.Where(part => part.Kind is not ("tool" or "skill")))
        {
            row("", string.Create(CultureInfo.InvariantCulture, $"{part.Kind}: {part.Source} ({part.Bytes} bytes)"));
        }

        foreach (var file in run.Changed)
        {
            row("", $"as a note: {file} says something else by now, or is new");
        }

        foreach (var (part, about) in context.Waiting)
        {
            row("", string.Create(CultureInfo.InvariantCulture, $"later: {part.Source} ({part.Bytes} bytes) when a file like {about} is seen"));
        }
    }

    // What looks at the work, and what the model is told on the way.
    private static void Controls(DryRun run, Action<string, string> row)
    {
        foreach (var group in (run.Context?.Controls ?? []).Where(control => control.Kind is not ("limit" or "review")).GroupBy(control => control.Kind))
        {
            foreach (var (index, control) in group.Index())
            {
                row(index > 0 ? "" : group.Key is "sealed" ? "sealed" : group.Key + "s", $"{control.What} ({control.Source})");
            }
        }

        if (run.Review is { } review)
        {
            row("review", $"{review.Words} (learningReview)");
        }

        foreach (var (index, guide) in (run.Context?.Guides ?? []).Index())
        {
            row(index > 0 ? "" : "guides", $"{guide.Words}{(run.Task is { } task && !guide.FitsTask(task) ? "; not for this task" : "")} ({guide.Source})");
        }
    }

    private static void Hooks(DryRun run, Action<string, string> row)
    {
        if (run.Hooks.Count == 0)
        {
            row("hooks", "none");
        }

        foreach (var (index, one) in run.Hooks.Index())
        {
            row(index == 0 ? "hooks" : "", $"{one.Standing.ToString().ToLowerInvariant()} {one.Event}: {VisibleText.Line(one.Summary, 120)} ({one.File.Path}){(one.Standing is HookStanding.Active ? "" : $": {one.Reason}")}");
        }
    }

    private static void Permissions(DryRun run, Action<string, string> row)
    {
        row("mode", $"{run.Mode ?? "not known"}{(run.IsStrict ? " (strict)" : "")}; nobody is there to be asked, so what would be asked is refused{(run.Sandbox?.Unasked is true ? ", but for what the sandbox keeps to the folder: files in it may be changed and commands may run there unasked" : "")}");
        foreach (var rule in run.Rules.Take(MostRules))
        {
            row("", rule.Label);
        }

        if (run.Rules.Count > MostRules)
        {
            row("", $"and {run.Rules.Count - MostRules} more: `bridle permissions list`");
        }
    }

    private static string Limits(DryRun run)
    {
        var limits = run.Limits;
        return string.Join(", ", new[]
        {
            limits?.Steps is { } steps ? string.Create(CultureInfo.InvariantCulture, $"{steps} steps") : "no limit of steps",
            limits?.Cost is { } cost ? $"${Dollars.Of(cost)}" : null,
            limits?.Seconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"{seconds} s") : null,
            run.MaxTokens is { } tokens ? string.Create(CultureInfo.InvariantCulture, $"{tokens} tokens in a reply") : null,
        }.OfType<string>());
    }

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "not known";
}
