using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bridle.Hosting;
using Bridle.Hosting.DryRuns;

namespace Bridle.Cli.Output;

/// <summary>What a run would begin with, as one object for a program. Its fields are described in docs/headless.md.</summary>
internal static class DryRunJson
{
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(DryRun run, int exitCode) => new JsonObject
    {
        ["type"] = "dry_run",
        ["verdict"] = Word(run.Verdict),
        ["findings"] = Array(run.Findings, finding => new JsonObject { ["level"] = Word(finding.Level), ["kind"] = finding.Kind, ["text"] = finding.Text, ["next"] = finding.Next }),
        ["folder"] = run.Folder,
        ["trusted"] = run.IsTrusted,
        ["task"] = run.Task,
        ["session"] = run.Session is null ? null : new JsonObject { ["name"] = run.Session, ["messages"] = run.SessionMessages },
        ["settings"] = Array(run.SettingsFiles, file => JsonValue.Create(file)),
        ["model"] = run.Model is { } model ? Model(model) : null,
        ["roles"] = Array(run.Roles, one =>
        {
            var other = Model(one.Model);
            other["role"] = one.Role;
            return other;
        }),
        ["review"] = run.Review is { } review ? new JsonObject { ["model"] = review.Model, ["has_price"] = review.HasPrice, ["not_asked"] = review.NotAsked, ["why_not_asked"] = review.WhyNotAsked, ["why_not"] = review.WhyNot, ["next"] = review.Next } : null,
        ["context"] = Array(run.Context?.Parts ?? [], Part),
        ["later"] = Array(run.Context?.Waiting ?? [], one =>
        {
            var part = Part(one.Part);
            part["about"] = one.About;
            return part;
        }),
        ["frozen"] = run.IsFrozen,
        ["changed"] = Array(run.Changed, file => JsonValue.Create(file)),
        ["guides"] = Array(run.Context?.Guides ?? [], guide =>
        {
            var one = GuideJson.Of(guide);
            one["fits_task"] = run.Task is { } task ? guide.FitsTask(task) : null;
            return one;
        }),
        ["controls"] = Array((run.Context?.Controls ?? []).Where(control => control.Kind is not "limit"), control => new JsonObject { ["kind"] = control.Kind, ["what"] = control.What, ["source"] = control.Source }),
        ["tools"] = Array(run.Tools, tool => new JsonObject { ["name"] = tool.Name, ["kind"] = tool.Kind, ["matches"] = Array(tool.Matches, word => JsonValue.Create(word)) }),
        ["skills"] = Array(run.Skills, skill => new JsonObject { ["name"] = skill.Name, ["matches"] = Array(skill.Matches, word => JsonValue.Create(word)) }),
        ["hooks"] = Array(run.Hooks, one => new JsonObject
        {
            ["event"] = one.Event, ["standing"] = Word(one.Standing), ["reason"] = one.Reason, ["runs"] = one.Summary, ["file"] = one.File.Path, ["place"] = one.Place,
        }),
        ["mode"] = run.Mode,
        ["strict"] = run.IsStrict,
        ["rules"] = Array(run.Rules, rule => new JsonObject { ["verdict"] = Word(rule.Verdict), ["rule"] = rule.Text, ["source"] = rule.Source.Name }),
        ["sandbox"] = run.Sandbox is not { } sandbox ? null : new JsonObject
        {
            ["requested"] = sandbox.Requested, ["backend"] = sandbox.Backend, ["why"] = sandbox.Why, ["hosts"] = Array(sandbox.Hosts, host => JsonValue.Create(host)), ["unasked"] = sandbox.Unasked,
        },
        ["limits"] = run.Limits is not { } limits ? null : new JsonObject { ["steps"] = limits.Steps, ["cost"] = limits.Cost, ["seconds"] = limits.Seconds, ["reply_tokens"] = run.MaxTokens },
        ["spending"] = Array(run.Spending, one => new JsonObject { ["span"] = one.Span, ["limit"] = one.Limit, ["spent"] = one.Spent }),
        ["telemetry"] = run.Telemetry,
        ["exit_code"] = exitCode,
    }.ToJsonString(s_plain);

    private static JsonObject Model(DryRunModel model) => new()
    {
        ["name"] = model.FullName, ["why"] = model.Why, ["api"] = model.Api, ["address"] = model.Address, ["key_from"] = model.KeyFrom, ["context_window"] = model.ContextWindow,
        ["max_output_tokens"] = model.MaxOutputTokens, ["tools"] = model.Tools, ["has_price"] = model.HasPrice, ["simulated"] = model.Simulated,
    };

    private static JsonObject Part(ContextPart part) => new() { ["kind"] = part.Kind, ["source"] = part.Source, ["bytes"] = part.Bytes, ["tokens"] = part.Tokens };

    private static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode?> one) => new([.. items.Select(one)]);

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
