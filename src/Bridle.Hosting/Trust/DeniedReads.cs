using Bridle.Hosting.Assembly;
using Bridle.Permissions;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Hosting.Trust;

/// <summary>Which files rules refuse to be read. What no tool may read, the harness does not put to a model either: not as an import, not as a guide.</summary>
internal sealed class DeniedReads
{
    private readonly PermissionPolicy? _policy;
    private readonly LocalFiles? _files;

    private DeniedReads(PermissionPolicy? policy, LocalFiles? files) => (_policy, _files) = (policy, files);

    /// <summary>Those of settings and of the command line, for work in a folder.</summary>
    public static DeniedReads For(HostFiles files, string folder)
    {
        var root = RealFolder.Resolve(folder) ?? folder;
        var rules = PolicyAssembly.FileDenials(files);
        return rules.Count == 0 || !Directory.Exists(root) ? new(null, null) : new(new PermissionPolicy(new() { Root = root, Home = files.Environment.Home, Rules = rules }), new LocalFiles(root));
    }

    /// <summary>Why the file may not be read, as a sentence, or null.</summary>
    public string? Of(string path) => _policy?.WhatDenies(new("Read", ToolKind.Read, _files!.Root, [new JudgedPath(_files.Resolve(path, _files.Root), FileAccessKind.Read)], []))?.Reason;
}
