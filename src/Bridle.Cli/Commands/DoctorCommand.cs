using System.CommandLine;
using System.Runtime.InteropServices;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.Budgets;
using Bridle.Hosting.Providers;
using Bridle.Hosting.Sandboxes;
using Bridle.Hosting.Sensors;

namespace Bridle.Cli.Commands;

/// <summary><c>bridle doctor</c>: what was found, what is missing, what to do. Sends nothing but the questions to local servers; changes nothing.</summary>
internal sealed class DoctorCommand
{
    private readonly CommandContext _context;
    private readonly Styling _style;
    private readonly List<string> _todo = [];
    private bool _broken;

    private DoctorCommand(CommandContext context)
    {
        _context = context;
        _style = new(context.Io.Color && context.Io.OutIsTerminal);
    }

    public static Command Build(CommandContext context)
    {
        var command = new Command("doctor", "Show what was found, what is missing and what to do");
        command.SetAction(async (_, cancellationToken) =>
        {
            using var scope = context.Interrupts.Begin(cancellationToken);
            return await new DoctorCommand(context).RunAsync(scope.Token);
        });
        return command;
    }

    private async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var files = HostFiles.Read(_context.Environment, _context.Environment.CurrentDirectory);
        Good("version", $"Bridle {BridleVersion.Text}, .NET {Environment.Version}, {RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}");
        ShowFolders(files.Folders);
        ShowSettings(files);
        await ShowProviderAsync(files, cancellationToken);
        Note("spending", SpendingOverview.Of(files, TimeProvider.System).Text);
        ShowPrograms();
        ShowSensors(SensorBook.Of(files));
        var io = _context.Io;
        Good("terminal", $"input {Kind(io.InIsTerminal)}, output {Kind(io.OutIsTerminal)}, {io.Width()} columns, colour {(io.Color && io.OutIsTerminal ? "on" : "off")}");
        await ShowSandboxAsync(files, cancellationToken);
        foreach (var todo in _todo)
        {
            io.Tell($"{_style.Yellow("→")} {VisibleText.Of(todo)}", hang: 2);
        }

        io.Tell(_broken ? "Something must be put right before Bridle can work." : "Bridle can work.");
        return _broken ? ExitCode.Failed : ExitCode.Done;
    }

    private void ShowFolders(BridleFolders folders)
    {
        foreach (var (name, folder) in new[] { ("data", folders.Data), ("state", folders.State), ("config", folders.Config) })
        {
            var nearest = folder;
            while (!Directory.Exists(nearest) && Path.GetDirectoryName(nearest) is { } parent)
            {
                nearest = parent;
            }

            if (nearest != folder)
            {
                Note(name, $"{folder} (made when needed)");
            }
            else if (IsWritable(folder))
            {
                Good(name, folder);
            }
            else
            {
                Bad(name, $"{folder} cannot be written to", $"Make {folder} writable for you, or set XDG_{name.ToUpperInvariant()}_HOME to another place.");
            }
        }
    }

    private void ShowSettings(HostFiles files)
    {
        foreach (var file in files.Layers.Files)
        {
            if (file.Error is { } untrusted && files.Layers.PassedOver.Contains(file.Path))
            {
                Note("settings", $"{file.Path} counts for nothing, as the folder is not trusted: {untrusted}");
            }
            else if (file.Error is { } error)
            {
                Bad("settings", $"{file.Path}: {error}", $"Correct {file.Path} or remove it.");
            }
            else if (file.Settings is not null)
            {
                Good("settings", file.Path);
            }
        }

        if (files.Layers.Files.All(file => file.Settings is null && file.Error is null))
        {
            Note("settings", $"none ({files.Folders.UserSettings} does not exist)");
        }

        if (files.Problem is { } problem && files.Layers.Errors.Count == 0)
        {
            Bad("keys", problem.Message, problem.Advice);
        }

        foreach (var notice in files.Notices)
        {
            Note("notice", notice);
        }
    }

    private async Task ShowProviderAsync(HostFiles files, CancellationToken cancellationToken)
    {
        var servers = await _context.FindLocalServers(cancellationToken);
        foreach (var server in servers)
        {
            Good("local", $"{KnownProviders.Default.Find(server.Server.Provider)?.Title} at {server.Server.Root}{(server.Model is { } model ? $", model {model}" : ", no model")}");
        }

        if (servers.Count == 0)
        {
            Note("local", "no model server answers (Ollama, LM Studio, Lemonade, vLLM, llama.cpp, LocalAI)");
        }

        switch (await files.ResolveAsync(new(), _ => Task.FromResult(servers), cancellationToken))
        {
            case ProviderChosen { Choice: var choice }:
                Good("model", $"{choice.FullName} by {choice.Because} ({choice.Api} at {choice.Address}, {(choice.KeyFrom is { } from ? $"key from {from}" : "no key")})");
                break;
            case ProviderProblem problem:
                Bad("model", problem.Message, problem.Advice);
                break;
            case NothingConfigured when files.Problem is not null:
                Note("model", "not known: nothing starts until what is marked above is put right");
                break;
            default:
                Note("model", "none configured: `bridle run` rehearses by rules, without a language model");
                _todo.Add("Run `bridle init` to set up a model, or set a key such as ANTHROPIC_API_KEY, or start a local server.");
                break;
        }
    }

    private void ShowSensors(SensorBook book)
    {
        var (active, off) = (book.Active.ToList(), book.All.Where(one => one.IsOnlyOff).ToList());
        if (active.Count > 0)
        {
            Good("sensors", $"{string.Join(", ", active.Select(one => $"{one.Name} ({string.Join(", ", one.Written.When ?? ["turn"])})"))}");
        }

        if (off.Count > 0)
        {
            Note("sensors", $"off, though this folder has something for {string.Join(", ", off.Select(one => one.Name))} to look at: \"sensors\": {{ \"detect\": true }} in your settings turns them on");
        }

        foreach (var one in book.All.Where(one => one is { WhyNot: not null, IsOnlyOff: false } && !one.IsReadyMade))
        {
            Note("sensors", $"{one.Name} does not look: {one.WhyNot}");
        }
    }

    private void ShowPrograms()
    {
        foreach (var (program, need, todo) in new[]
        {
            ("bash", true, "Install bash: the Bash tool runs commands with it."),
            ("git", false, "Install git if you work in repositories."),
            ("rg", false, "Install ripgrep for faster searches; without it the built-in search gives the same results."),
        })
        {
            if (OnPath(program) is { } path)
            {
                Good("program", $"{program}: {path}");
            }
            else if (need)
            {
                Bad("program", $"{program}: not found", todo);
            }
            else
            {
                Note("program", $"{program}: not found");
                _todo.Add(todo);
            }
        }
    }

    /// <summary>Not what a manual says, but what this machine did when every forbidden act was tried.</summary>
    private async Task ShowSandboxAsync(HostFiles files, CancellationToken cancellationToken)
    {
        var decision = SandboxDecision.Of(null, files.Layers, SandboxDecision.For(files));
        if (decision.Refused is { } refused)
        {
            Bad("sandbox", refused.Message, refused.Advice);
            return;
        }

        if (decision.Sandbox is not { } sandbox)
        {
            Note("sandbox", $"none: {decision.Why}");
            _todo.Add("Commands run as you, on this machine; permission rules and your answers are what holds them back. Install bubblewrap for a sandbox.");
            return;
        }

        Good("sandbox", $"{sandbox.Name}; `bridle sandbox report` shows what it does");
        foreach (var act in await SandboxProof.RunAsync(sandbox, Path.Combine(Path.GetTempPath(), $"bridle-proof-{Guid.NewGuid():N}"), TimeProvider.System, cancellationToken))
        {
            switch (act.Refused)
            {
                case true:
                    Good("refused", $"{act.Act} ({act.Detail})");
                    break;
                case false:
                    Bad("sandbox", $"NOT refused: {act.Act} ({act.Detail})", "Do not rely on the sandbox of this machine; please report this.");
                    break;
                default:
                    Note("not tried", $"{act.Act}: {act.Detail}");
                    break;
            }
        }
    }

    private string? OnPath(string program) => (_context.Environment["PATH"] ?? "").Split(Path.PathSeparator)
        .Where(Path.IsPathFullyQualified).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static bool IsWritable(string folder)
    {
        try
        {
            var probe = Path.Combine(folder, $".doctor-{Guid.NewGuid():N}");
            File.Create(probe, 1, FileOptions.DeleteOnClose).Dispose();
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Kind(bool terminal) => terminal ? "a terminal" : "no terminal";

    private void Good(string what, string text) => Write(_style.Green("ok  "), what, text);

    private void Note(string what, string text) => Write(_style.Dim("-   "), what, text);

    private void Bad(string what, string text, string todo)
    {
        Write(_style.Red("BAD "), what, text);
        _todo.Add(todo);
        _broken = true;
    }

    private void Write(string mark, string what, string text) => _context.Io.Tell($"{mark}{what,-10}{VisibleText.Of(text)}", hang: 14);
}
