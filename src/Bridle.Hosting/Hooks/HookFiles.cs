using System.Text.Json;
using Bridle.Hosting.Sandboxes;
using Bridle.Hosting.Settings;
using Bridle.Hosting.Trust;
using Bridle.Messages;

namespace Bridle.Hosting.Hooks;

/// <summary>Finds every file that declares hooks, and what decides about them: the settings of all layers, and <c>hooks.json</c> beside a person's and a project's settings.</summary>
public static class HookFiles
{
    /// <summary>The kind under which the trust of a folder keeps what may run.</summary>
    public const string TrustKind = "hook";

    private const int MaxBytes = 2 * 1024 * 1024;
    private static readonly JsonDocumentOptions s_lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads and decides.</summary>
    public static (HookBook Book, HookPolicy Policy) Read(HostFiles files)
    {
        var folder = files.Trust.Folder;
        var found = files.Layers.Layers.Where(layer => layer["hooks"] is not null).Select(layer => new HookFile(layer.Origin, layer.Path, layer["hooks"]))
            .Concat(files.Layers.Files.Where(file => file.Error is not null).Select(file => new HookFile(OriginOf(file.Path, files), file.Path, null, file.Error)))
            .Concat(OwnFiles(files));
        var policy = PolicyOf(files);
        return (HookBook.Of(found, policy, folder), policy);
    }

    /// <summary>
    /// Why nothing may be started, or null: a file of hooks that counts cannot be read, and a guard that it declares must not be lost. One of a folder that nobody trusts
    /// keeps nobody from looking into the folder; its hooks do not run in any case.
    /// </summary>
    internal static HarnessRefused? Problem(HostFiles files) =>
        OwnFiles(files).FirstOrDefault(file => file.Error is not null && (!file.IsOfProject || files.Trust.IsTrusted)) is { } broken
            ? new HarnessRefused("settings", $"{broken.Path}: {broken.Error} None of its hooks would run, also none that guards something.", "Correct the file, or take it away.")
            : null;

    private static IEnumerable<HookFile> OwnFiles(HostFiles files) =>
        Own(files, SettingsOrigin.Project, Path.Combine(files.Trust.Folder, ".bridle", "hooks.json")).Concat(Own(files, SettingsOrigin.User, Path.Combine(files.Folders.Config, "hooks.json")));

    /// <summary>What a person approves when they trust the folder and all that it would run: one content for each hook of the project, and for each of their own that runs a file of it.</summary>
    public static IReadOnlyList<ProjectProgram> ToApprove(HostFiles files)
    {
        var folder = files.Trust.Folder;
        return [.. Read(files).Book.Hooks.Where(one => one is { Hook: not null } && (one.File.IsOfProject || one.RunsOf(folder).Count > 0))
            .Select(one => new ProjectProgram(TrustKind, HookBook.ContentOf(one.Hook!, one.Use), $"{(one.File.IsOfProject ? "" : "your own hook of ")}{one.Event}: {one.Summary} ({one.File.Path}){(one.ToApprove(folder) is { Length: > 0 } where ? $"; {where}" : "")}"))];
    }

    private static HookPolicy PolicyOf(HostFiles files)
    {
        var (layers, folder) = (files.Layers.Layers, files.Trust.Folder);
        var personal = layers.Where(layer => !layer.IsOfProject).ToList();
        var said = personal.FirstOrDefault(layer => layer.IsManaged && layer.Written.DisableAllHooks is true) ?? personal.FirstOrDefault(layer => layer.Written.DisableAllHooks is not null);
        var off = said?.Written.DisableAllHooks is true ? said : null;
        return new()
        {
            FolderIsTrusted = files.Trust.IsTrusted,
            IsApproved = content => files.Trust.MayRun(TrustKind, content),
            DisabledBy = off is null ? null : new HookFile(off.Origin, off.Path, null),
            ManagedOnly = files.Layers.ManagedHooksOnly,
            Home = files.Environment.Home,
            Writable = SandboxProfiles.Beside(files, folder),
            AllowedUrls = Joined(personal.Select(layer => layer.Written.AllowedHttpHookUrls)),
            AllowedEnvVars = Joined(personal.Select(layer => layer.Written.HttpHookAllowedEnvVars)),
        };
    }

    private static List<string>? Joined(IEnumerable<IReadOnlyList<string>?> lists)
    {
        var given = lists.OfType<IReadOnlyList<string>>().ToList();
        return given.Count == 0 ? null : [.. given.SelectMany(list => list).Distinct(StringComparer.Ordinal)];
    }

    private static IEnumerable<HookFile> Own(HostFiles files, SettingsOrigin origin, string path)
    {
        if (!files.Sources.Contains(origin))
        {
            return [];
        }

        byte[] bytes;
        try
        {
            var length = SmallFile.Length(path);
            if (length == 0)
            {
                return SettingsFile.IsOdd(path) ? [new(origin, path, null, "it is no ordinary file.")] : [];
            }

            if (length > MaxBytes)
            {
                return [new(origin, path, null, "it is larger than 2 MiB, which no file of hooks is.")];
            }

            bytes = SmallFile.Read(path, MaxBytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [new(origin, path, null, $"it cannot be read: {exception.Message}")];
        }

        try
        {
            using var document = SoundJson.Parse(bytes.AsMemory(bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0), s_lenient);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("hooks", out var hooks)
                ? [new(origin, path, hooks.Clone())]
                : [new(origin, path, null, "line 1: it must be an object with the key 'hooks'.")];
        }
        catch (JsonException exception)
        {
            return [new(origin, path, null, $"line {(exception.LineNumber ?? 0) + 1}: it is no JSON.")];
        }
    }

    private static SettingsOrigin OriginOf(string path, HostFiles files) =>
        path.StartsWith(files.Trust.Folder.TrimEnd('/') + '/', StringComparison.Ordinal) ? SettingsOrigin.Project : SettingsOrigin.User;
}
