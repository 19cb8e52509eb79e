using System.Text.Json;
using Bridle.Messages;
using Bridle.Models;

namespace Bridle.Hosting.Hooks;

/// <summary>Asks the model whether something may go on. It answers <c>{"ok": true}</c> or <c>{"ok": false, "reason": "…"}</c>.</summary>
internal static class HookPrompt
{
    private const string Form = "\n\nAnswer with JSON and nothing else: {\"ok\": true} or {\"ok\": false, \"reason\": \"why not, in a sentence\"}.";

    public static async ValueTask<HookRun> RunAsync(DeclaredHook hook, string input, AskingBeside? beside, HookSurroundings surroundings, CancellationToken cancellationToken)
    {
        if (surroundings.AskModel is not { } ask)
        {
            return new(null, "", "", "there is no model to ask");
        }

        var question = hook.Prompt!.Contains("$ARGUMENTS", StringComparison.Ordinal) ? hook.Prompt.Replace("$ARGUMENTS", input, StringComparison.Ordinal) : $"{hook.Prompt}\n\n{input}";
        using var timer = new CancellationTokenSource(hook.Timeout, surroundings.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return new(null, await ask(question + Form, hook.Model, beside, either.Token), "");
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new(null, "", "", $"the model took longer than {hook.Timeout.TotalSeconds:0.#} s");
        }
        catch (HookModelException problem)
        {
            return new(null, "", "", problem.IsRefused ? problem.Message : $"the model gave no answer: {problem.Message}") { IsUnasked = problem.IsRefused };
        }
    }

    /// <summary>Whether the model said yes, with its reason; null when its words are neither.</summary>
    public static HookReply? Read(string answer)
    {
        var text = answer.Trim();
        if (text.StartsWith("```", StringComparison.Ordinal) && text.IndexOf('\n') is > 0 and var line)
        {
            text = text[(line + 1)..].TrimEnd('`', '\n', ' ');
        }

        if (text.TrimEnd('.', '!').ToLowerInvariant() is "ok" or "true" or "yes")
        {
            return new(true, null);
        }

        try
        {
            using var document = SoundJson.Parse(text);
            var root = document.RootElement;
            if (root.ValueKind is not JsonValueKind.Object || !root.TryGetProperty("ok", out var ok) || ok.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            {
                return null;
            }

            return new(ok.GetBoolean(), root.TryGetProperty("reason", out var reason) && reason.ValueKind is JsonValueKind.String ? reason.GetString() : null)
            {
                IsImpossible = root.TryGetProperty("impossible", out var impossible) && impossible.ValueKind is JsonValueKind.True,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What the model said that a hook asked.</summary>
/// <param name="IsOk">It may go on.</param>
/// <param name="Reason">Why, or null.</param>
internal sealed record HookReply(bool IsOk, string? Reason)
{
    /// <summary>What is asked for cannot be had at all, so there is no use in going on.</summary>
    public bool IsImpossible { get; init; }
}

/// <summary>The model that a hook asked gave no answer.</summary>
internal sealed class HookModelException(string message) : Exception(message)
{
    /// <summary>Whether it was not asked, because a limit leaves no room for it.</summary>
    public bool IsRefused { get; init; }
}
