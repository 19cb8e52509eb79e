using System.Text.Json.Nodes;
using Bridle.Context;
using Bridle.Events;
using Bridle.Hosting.Skills;
using Bridle.Journal;
using Bridle.Permissions;
using Bridle.Skills;
using Bridle.Tools;
using Bridle.Tools.Skills;

namespace Bridle.Hosting.Assembly;

/// <summary>The skills of one session: who finds them, the tool that uses them, what the model is told of them, and what they narrow.</summary>
internal sealed class SkillAssembly : IToolSource
{
    private readonly HostFiles _files;
    private readonly string _root;
    private readonly SkillFolders? _folders;
    private SkillsFollower? _follower;

    /// <summary>Looks for them once. A workspace of another kind than a folder of this machine has none.</summary>
    public SkillAssembly(HarnessRequest request, HostFiles files, string root, string session)
    {
        (_files, _root) = (files, root);
        _folders = request.Workspace is null ? new SkillFolders(files, root) : null;
        Found = _folders?.Find() ?? FoundSkills.None;
        Calls = _folders is null ? null : new SkillCalls(_folders, new SkillPlace(session, root));
        Tools = ToolsNow();
    }

    /// <summary>What was found at the start.</summary>
    public FoundSkills Found { get; private set; }

    /// <summary>Takes them into use, or null where there can be none.</summary>
    public SkillCalls? Calls { get; }

    /// <summary>The tool with which the model does; none where there is nothing to use.</summary>
    public IReadOnlyList<Tool> Tools { get; private set; }

    /// <summary>The skills as they are now.</summary>
    public FoundSkills Now() => _folders?.Find() ?? FoundSkills.None;

    /// <summary>The skills that a person can name now.</summary>
    public FoundSkills ForPerson() => _folders?.ForPerson() ?? FoundSkills.None;

    /// <summary>Looks for them once more before the first request, because something at the start made some.</summary>
    public void Reload()
    {
        Found = Now();
        Tools = Tools.Count > 0 ? Tools : ToolsNow();
    }

    /// <summary>From here on a change of a skill counts once hooks have heard of it.</summary>
    public void Hold() => _folders?.Hold();

    /// <summary>The files of skills that changed, came or went, and of which hooks have not heard.</summary>
    public IReadOnlyList<string> Changed() => _folders?.Changed() ?? [];

    /// <summary>What a hook said of a change.</summary>
    public void Settle(string file, bool refused) => _folders?.Settle(file, refused);

    /// <summary>What a person should know, one line each.</summary>
    public IEnumerable<string> Notices => Found.Left.Where(left => left.Reason is not SkillFolders.TurnedOff).Select(left => $"Not loaded as a skill: {left.File}: {left.Reason}.");

    /// <summary>The part of the prompt that lists them, or none.</summary>
    public IReadOnlyList<PromptPart> Prompt(PermissionPolicy policy) => Tools.Count > 0 && Text(Listed(Found, policy)) is { Length: > 0 } text ? [new(SkillGuides.Part, "bridle", text)] : [];

    private IReadOnlyList<Tool> ToolsNow() => Calls is not null && Found.Skills.Any(skill => skill.ForModel) ? [new SkillTool(Calls).AsTool()] : [];

    /// <summary>The skills of the list, as the policy lets the model use them.</summary>
    public IReadOnlyList<Skill> Listed(FoundSkills found, PermissionPolicy policy) => SkillList.Listed(found.Skills.Where(skill => MayUse(skill, policy)));

    /// <summary>Who tells of them on the way.</summary>
    public IReadOnlyList<Guide> Guides(PermissionsInForce inForce, IBlobs blobs) => _folders is null ? []
        : new SkillGuides(() => Listed(Now(), inForce.Policy), () => [.. Now().Skills.Where(skill => skill.ForModel && MayUse(skill, inForce.Policy))], Text, blobs, _root, () => Tools.Count > 0).All;

    /// <summary>Who keeps the gate to what the skills in use leave.</summary>
    public IEnumerable<IEventSink> Follow(PermissionsInForce inForce) => _folders is null ? [] : [_follower = new SkillsFollower(_folders, inForce)];

    /// <summary>Takes up what a conversation that goes on has in use.</summary>
    public void TakeUp(Transcript transcript) => _follower?.TakeUp(transcript);

    private string Text(IReadOnlyList<Skill> skills) => SkillList.Of(skills, _files.Layers.Effective.SkillListTokens ?? SkillList.DefaultTokens);

    // What a rule refuses need not be told; what it asks about may be asked for.
    private static bool MayUse(Skill skill, PermissionPolicy policy)
    {
        using var input = System.Text.Json.JsonDocument.Parse(new JsonObject { ["skill"] = skill.Name }.ToJsonString());
        return policy.WhatDenies(new CallToJudge("Skill", ToolKind.Meta, policy.Options.Root, [], []) { Input = input.RootElement }) is null;
    }
}
