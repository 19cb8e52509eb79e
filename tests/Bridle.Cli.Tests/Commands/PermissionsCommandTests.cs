using System.Text.Json;
using Bridle.Hosting;
using Bridle.Hosting.Grants;
using Bridle.Models;
using Bridle.Permissions;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

public sealed class PermissionsCommandTests : IDisposable
{
    private readonly CliStage _stage = new();

    public PermissionsCommandTests()
    {
        _stage.Write("home/.config/bridle/settings.json", """{ "permissions": { "allow": ["Bash(git log:*)", "Bash(git push:*)"], "deny": ["Bash(rm:*)"], "ask": ["Edit(migrations/**)"] } }""");
        _stage.Write("work/.bridle/settings.json", """{ "permissions": { "deny": ["Read(hidden/**)"] } }""");
    }

    private string Text => _stage.Out.ToString();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task Explain_shows_the_parse_every_part_each_rule_with_its_file_and_the_verdict()
    {
        Assert.Equal(5, await RunAsync("explain", "Bash(git push && rm -rf x)"));
        Assert.StartsWith("Bash(git push && rm -rf x): deny. The rule 'deny Bash(rm:*)'", Text);
        Assert.Contains("command git push", Text);
        Assert.Contains("command rm -rf x", Text);
        Assert.Contains($"* deny Bash(rm:*) ({_stage.Home}/.config/bridle/settings.json): rm -rf x (decides)", Text);
        Assert.Contains($"allow Bash(git push:*) ({_stage.Home}/.config/bridle/settings.json): git push\n", Text);
    }

    [Theory]
    [InlineData("Bash(git log -1)", 0, "allow")]
    [InlineData("Bash(make)", 1, "ask")]
    [InlineData("Bash(rm x)", 5, "deny")]
    [InlineData("Read(~/.ssh/id_rsa)", 5, "deny")]
    [InlineData("Read(notes.md)", 0, "allow")]
    [InlineData("Read(hidden/x)", 5, "deny")]
    [InlineData("Edit(migrations/1.sql)", 1, "ask")]
    [InlineData("WebFetch(https://example.com/)", 1, "ask")]
    [InlineData("WebFetch(http://127.0.0.1/)", 5, "deny")]
    [InlineData("mcp__db__query(x)", 1, "ask")]
    public async Task The_exit_code_of_explain_is_the_verdict(string call, int exitCode, string verdict)
    {
        Assert.Equal(exitCode, await RunAsync("explain", call));
        Assert.StartsWith($"{call}: {verdict}.", Text);
    }

    [Theory]
    [InlineData("Bash(make)", 5, "deny")]
    [InlineData("Bash(git log -1)", 0, "allow")]
    [InlineData("Bash(rm x)", 5, "deny")]
    public async Task With_headless_explain_says_what_bridle_run_would_do_in_text_and_for_programs(string call, int exitCode, string verdict)
    {
        Assert.Equal(exitCode, await RunAsync("explain", call, "--headless", "--settings", """{ "sandbox": { "enabled": false } }"""));
        Assert.StartsWith($"{call}: {verdict}.", Text);
        Assert.Equal(call == "Bash(make)", Text.Contains("Nobody is there to be asked, so it is refused.", StringComparison.Ordinal));

        using var second = new CliStage();
        second.Write("home/.config/bridle/settings.json", """{ "sandbox": { "enabled": false }, "permissions": { "allow": ["Bash(git log:*)"], "deny": ["Bash(rm:*)"] } }""");
        Assert.Equal(exitCode, await CommandLine.RunAsync(["permissions", "explain", call, "--headless", "--json"], second.Context(), TestContext.Current.CancellationToken));
        using var document = JsonDocument.Parse(second.Out.ToString());
        Assert.Equal((verdict, true), (document.RootElement.GetProperty("verdict").GetString(), document.RootElement.GetProperty("headless").GetBoolean()));
    }

    [Theory]
    [InlineData("Bash(make)", "allow Bash(make)")]
    [InlineData("Bash(make && ninja)", "allow Bash(make && ninja)")]
    [InlineData("WebFetch(https://example.com/)", "allow WebFetch(domain:example.com)")]
    public async Task For_a_question_explain_names_the_rule_that_would_allow_it(string call, string rule)
    {
        await RunAsync("explain", call);
        Assert.Contains(rule, Text);

        // And that rule really does.
        using var second = new CliStage();
        Assert.Equal(0, await CommandLine.RunAsync(["permissions", "explain", call, "--allow", rule["allow ".Length..]], second.Context(), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("Bash(npm test)", "Bash", 0, "command npm test: allow Bash (the command line)")]
    [InlineData("Bash(ls && npm test)", "Bash", 0, "command npm test: allow Bash (the command line)")]
    [InlineData("Bash(env X=1 npm test)", "Bash(env:*)", 1, "command env X=1 npm test: no rule allows it")]
    [InlineData("Bash(sudo npm test)", "Bash", 1, "command sudo npm test: no rule allows it")]
    public async Task What_explain_says_of_a_part_is_what_the_verdict_was_made_of(string call, string rule, int code, string part)
    {
        Assert.Equal(code, await RunAsync("explain", call, "--allow", rule));
        Assert.Contains(part, Text);
    }

    [Theory]
    [InlineData("secrets[1]", "secrets1", "secrets[1]")]
    [InlineData("a*b", "axb", "a*b/c")]
    public async Task A_sensitive_path_is_the_path_as_it_is_written_whatever_letters_it_has(string path, string other, string held)
    {
        var settings = $$"""{"permissions":{"sensitivePaths":{"{{_stage.Work}}/x/{{path}}":"deny"} } }""";
        Assert.Equal(5, await RunAsync("explain", $"Read(x/{held})", "--settings", settings));
        Assert.NotEqual(5, await RunAsync("explain", $"Read(x/{other})", "--settings", settings));
    }

    [Fact]
    public async Task The_folder_and_the_sources_of_settings_are_said_as_for_a_session()
    {
        _stage.Write("home/x/.bridle/settings.json", """{ "permissions": { "deny": ["Read(here)"] } }""");
        Assert.Equal(5, await RunAsync("explain", "Read(here)", "--cwd=~/x"));
        Assert.Equal(0, await RunAsync("explain", "Read(here)", "--cwd=~/x", "--setting-sources", "user"));
        Assert.Equal(0, await RunAsync("explain", "Bash(git log -1)"));
        Assert.Equal(1, await RunAsync("explain", "Bash(git log -1)", "--setting-sources", "project"));
    }

    [Fact]
    public async Task A_sensitive_path_must_be_a_whole_one()
    {
        Assert.NotEqual(0, await RunAsync("explain", "Read(sub/x)", "--settings", """{"permissions":{"sensitivePaths":{"sub/x":"ask"}}}"""));
        Assert.Contains("'sub/x' is relative", _stage.Error.ToString());
    }

    [Fact]
    public async Task Explain_takes_mode_folder_and_rules_and_writes_one_object_for_programs()
    {
        var other = Path.Combine(_stage.Home, "other");
        Directory.CreateDirectory(other);
        Assert.Equal(0, await RunAsync("explain", "Write(x.txt)", "--mode", "acceptEdits", "--cwd", other, "--json"));
        using var document = JsonDocument.Parse(Text);
        var root = document.RootElement;
        Assert.Equal(("Write(x.txt)", "allow"), (root.GetProperty("call").GetString(), root.GetProperty("verdict").GetString()));
        Assert.Equal("x.txt", root.GetProperty("parts")[0].GetProperty("text").GetString());
        Assert.Equal(5, await RunAsync("explain", "Write(x.txt)", "--deny", "Edit(x.txt)"));
    }

    [Theory]
    [InlineData("git push", "is no call")]
    [InlineData("Bsh(ls)", "Did you mean 'Bash'?")]
    [InlineData("Bash()", "is no call")]
    public async Task What_is_no_call_is_a_mistake_of_usage(string call, string said)
    {
        Assert.Equal(2, await RunAsync("explain", call));
        Assert.Contains(said, _stage.Error.ToString());
    }

    [Fact]
    public async Task Nothing_in_a_call_changes_the_screen()
    {
        await RunAsync("explain", "Bash(echo \u001b[2Ksafe \u202Etxt)");
        Assert.DoesNotContain('\u001b', Text);
        Assert.DoesNotContain('\u202E', Text);
        Assert.Contains("<U+202E>", Text);
    }

    [Fact]
    public async Task List_shows_rules_with_layer_and_file_what_was_granted_and_what_the_mode_gives()
    {
        Keep("a1b2", "Bash(npm test)");
        Assert.Equal(0, await RunAsync("list", "--mode", "plan"));
        Assert.StartsWith("Mode plan in ", Text);
        Assert.Contains("every effect is refused", Text);
        Assert.Matches(@"deny +Bash\(rm:\*\) +user +.*settings\.json", Text);
        Assert.Matches(@"deny +Read\(hidden/\*\*\) +project +.*\.bridle/settings\.json", Text);
        Assert.Matches(@"a1b2 +main +Bash\(npm test\) +always", Text);
    }

    [Fact]
    public async Task A_grant_holds_until_it_is_revoked()
    {
        Keep("a1b2", "Bash(npm test)");
        Assert.Equal(0, await RunAsync("explain", "Bash(npm test)"));
        Assert.Contains("grant a1b2", Text);
        Assert.Equal(0, await RunAsync("revoke", "a1b2"));
        Assert.Equal(1, await RunAsync("explain", "Bash(npm test)"));
        Assert.Equal(2, await RunAsync("revoke", "a1b2"));
    }

    [Fact]
    public async Task A_conversation_lists_its_rules_and_grants_and_takes_one_back()
    {
        Keep("a1b2", "Bash(npm test)");
        _stage.Model = new ScriptedModel();
        _stage.Input = "/permissions\n/permissions revoke\n/permissions revoke nope\n/permissions revoke a1b2\n/permissions\n";
        await _stage.RunAsync("chat", "--deny", "Bash(rm:*)");
        Assert.Matches(@"deny +Bash\(rm:\*\)", Text);
        Assert.Matches(@"a1b2 +main +Bash\(npm test\) +always", Text);
        Assert.Contains("What shall be taken back?", Text, StringComparison.Ordinal);
        Assert.Contains("nope is not revoked: nothing was granted under that name here.", Text, StringComparison.Ordinal);
        Assert.Contains("Bash(npm test) is revoked: it is asked about again from the next call on.", Text, StringComparison.Ordinal);
        Assert.EndsWith("Nothing was granted.", Text.Trim().Split('\n')[^1].Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_grant_for_a_project_holds_in_its_folder_only()
    {
        Keep("p1", "Bash(npm test)", GrantLifetime.Project, _stage.Work);
        var other = Path.Combine(_stage.Home, "other");
        Directory.CreateDirectory(other);
        Assert.Equal(0, await RunAsync("explain", "Bash(npm test)"));
        Assert.Equal(1, await RunAsync("explain", "Bash(npm test)", "--cwd", other));
    }

    [Fact]
    public async Task A_damaged_file_of_grants_opens_nothing_and_is_reported()
    {
        Keep("a1b2", "Bash(npm test)");
        File.AppendAllText(Folders.Grants, "garbage");
        Assert.Equal(1, await RunAsync("explain", "Bash(npm test)"));
        await RunAsync("list");
        Assert.Contains("grants.jsonl do not count", _stage.Error.ToString());
        Assert.Equal(1, await RunAsync("revoke", "a1b2"));
    }

    [Theory]
    [InlineData("""{"permissions":{"additionalDirectories":["/etc"]}}""", "Read(/etc/hostname)", 1, 0)]
    [InlineData("""{"permissions":{"blockReadsOutsideWorkingDirectories":true}}""", "Read(/etc/hostname)", 1, 5)]
    [InlineData("""{"permissions":{"blockWritesOutsideWorkingDirectories":true}}""", "Write(/etc/hostname)", 1, 5)]
    [InlineData("""{"permissions":{"denyInsteadOfPrompting":true}}""", "Bash(make)", 1, 5)]
    [InlineData("""{"permissions":{"sensitivePaths":{"~/.ssh":"ask"}}}""", "Read(~/.ssh/config)", 5, 1)]
    [InlineData("""{"permissions":{"sensitivePaths":{"/etc/hostname":"deny"}}}""", "Read(/etc/hostname)", 1, 5)]
    [InlineData("""{"permissions":{"allow":["Bash(make)"]}}""", "Bash(make)", 1, 0)]
    [InlineData("""{"permissions":{"ask":["Read(a.txt)"]}}""", "Read(a.txt)", 0, 1)]
    [InlineData("""{"permissions":{"deny":["Read(a.txt)"]}}""", "Read(a.txt)", 0, 5)]
    [InlineData("""{"permissions":{"defaultMode":"acceptEdits"}}""", "Write(a.txt)", 1, 0)]
    [InlineData("""{"permissionMode":"strict"}""", "Bash(ls)", 0, 1)]
    public async Task Each_setting_of_permissions_changes_a_verdict(string settings, string call, int without, int with)
    {
        call = call.Replace("~", _stage.Home, StringComparison.Ordinal);
        Assert.Equal(without, await RunAsync("explain", call));
        Assert.Equal(with, await RunAsync("explain", call, "--settings", settings));
    }

    [Fact]
    public async Task A_blocking_setting_of_an_untrusted_project_counts_and_one_that_says_no_does_not_lift_the_persons()
    {
        _stage.Write("work/.bridle/settings.json", """{ "permissions": { "blockReadsOutsideWorkingDirectories": true } }""");
        Assert.Equal(5, await RunAsync("explain", "Read(/etc/hostname)"));
        _stage.Write("work/.bridle/settings.json", """{ "permissions": { "blockReadsOutsideWorkingDirectories": false } }""");
        Assert.Equal(5, await RunAsync("explain", "Read(/etc/hostname)", "--settings", """{"permissions":{"blockReadsOutsideWorkingDirectories":true}}"""));
    }

    [Fact]
    public async Task A_bad_rule_is_reported_with_its_file_and_the_rest_holds()
    {
        Assert.Equal(0, await RunAsync("list", "--settings", """{"permissions":{"allow":["WebFetch(example.com)","Raed(x)"],"deny":["Bash(make)"]}}"""));
        Assert.Contains("Rule 'WebFetch(example.com)' in --settings", _stage.Error.ToString());
        Assert.Contains("'WebFetch(domain:example.com)'", _stage.Error.ToString());
        Assert.Equal(5, await RunAsync("explain", "Bash(make)", "--settings", """{"permissions":{"allow":["WebFetch(example.com)"],"deny":["Bash(make)"]}}"""));
    }

    private BridleFolders Folders => BridleFolders.For(_stage.Context().Environment);

    private void Keep(string id, string rule, GrantLifetime lifetime = GrantLifetime.Always, string? folder = null) =>
        Assert.Null(new KeptGrants(Folders.Grants).Add(PermissionGrant.Of(id, PermissionGrant.MainActor, rule, lifetime, DateTimeOffset.UnixEpoch) with { Folder = folder }));

    private Task<int> RunAsync(params string[] arguments)
    {
        _stage.Out.GetStringBuilder().Clear();
        return CommandLine.RunAsync(["permissions", .. arguments], _stage.Context(), TestContext.Current.CancellationToken);
    }
}
