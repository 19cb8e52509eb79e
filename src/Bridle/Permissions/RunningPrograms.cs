using System.Collections.Frozen;

namespace Bridle.Permissions;

/// <summary>
/// The programs that run other programs, and how they are told to: behind a verb, in an option, or by any word. What they run is held to deny and ask rules as if it
/// stood by itself, and an allow rule covers it only where it names it. git, awk, sed, make and editors have readers of their own (<see cref="Shell.InnerCommands"/>).
/// </summary>
internal static class RunningPrograms
{
    private static readonly FrozenDictionary<string, RunningProgram> All = Make();

    public static RunningProgram? Of(string program) => All.GetValueOrDefault(program);

    /// <summary>Why a rule that names the first words of a command does not cover what the program runs, or null.</summary>
    public static string? Uncovered(IReadOnlyList<string> words, int named)
    {
        var name = ShellWords.KindOf(words[0]);
        if (named >= words.Count || Of(name) is not { Always: false } running)
        {
            return null;
        }

        if (running.TextsIn(words).FirstOrDefault(text => text.Option >= named) is { Option: > 0 } option)
        {
            return $"'{words[option.Option].Split('=')[0]}' runs a program and needs a rule that names it";
        }

        var (places, certain) = running.PlacesIn(words);
        if (places.Count > 0 && (!certain || named <= places[^1]))
        {
            return $"'{name}' runs '{words[places[^1]]}', and the rule does not name that";
        }

        foreach (var place in places)
        {
            IReadOnlyList<string> inner = [.. words.Skip(place)];
            if (ShellWords.RunsItsArguments(inner))
            {
                return $"'{inner[0]}' runs its arguments as a command";
            }

            if (ProgramOptions.Uncovered(inner, named - place) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private static FrozenDictionary<string, RunningProgram> Make()
    {
        var npx = new RunningProgram("", plain: "-y --yes -q --quiet --no --no-install --prefer-offline --offline", valued: "-p --package", texts: "-c --call");
        var uvx = new RunningProgram("", plain: "-q --quiet -v --isolated --no-cache -U --offline", valued: "-w --with -p --python --from --index --directory --project");
        var containers = new RunningProgram(
            "run|exec|container run|container exec|compose run|compose exec", before: 1,
            plain: "-i -t -d --rm --interactive --tty --detach --init --privileged --read-only -P -T --no-deps --build",
            valued: "-v --volume -w --workdir -e --env -u --user --name --mount -p --publish --network --env-file -h --hostname -l --label --add-host --platform --cpus -m --memory --gpus --pull",
            texts: "--entrypoint --health-cmd");
        var asWhole = new RunningProgram("") { Always = true };
        var connecting = new RunningProgram(null, texts: "-e -c --exec --sh-exec --lua-exec");
        var table = new Dictionary<string, RunningProgram>
        {
            ["npx"] = npx, ["bunx"] = npx,
            ["npm"] = new("exec|x|explore", plain: "-y --yes -q --quiet --offline", valued: "--prefix -p --package -w --workspace", texts: "-c --call") { TextsNeedVerb = true },
            ["pnpm"] = new("dlx|exec", plain: "-r --recursive -c --shell-mode --silent", valued: "-C --dir --filter -F --package"),
            ["yarn"] = new("dlx|exec|npm exec", plain: "-q --quiet", valued: "--cwd -p --package"),
            ["bun"] = new("x|run --bun", plain: "--bun", valued: "--cwd"),
            ["uv"] = new("run|tool run|x", plain: "-q --quiet -v --isolated --no-sync --frozen --locked --no-project --all-extras --offline --no-cache",
                valued: "--with -p --python --extra --group --directory --project --package --env-file --with-requirements --index"),
            ["uvx"] = uvx, ["pipx"] = new("run", valued: "--spec --python"),
            ["poetry"] = new("run", valued: "-C --directory -P --project"), ["pipenv"] = new("run"), ["pdm"] = new("run"), ["hatch"] = new("run"), ["rye"] = new("run"),
            ["conda"] = Environments(), ["mamba"] = Environments(), ["micromamba"] = Environments(), ["pixi"] = new("run|exec", valued: "-e --environment --manifest-path"),
            ["mise"] = new("exec|x|en", plain: "-q --quiet -y --yes", valued: "-C --cd -j --jobs", texts: "-c --command", rest: "--"), ["rtx"] = new("exec|x", texts: "-c --command", rest: "--"),
            ["asdf"] = new("exec"), ["rbenv"] = new("exec"), ["pyenv"] = new("exec"), ["nodenv"] = new("exec"), ["goenv"] = new("exec"), ["jenv"] = new("exec"), ["volta"] = new("run"), ["fnm"] = new("exec"),
            ["rustup"] = new("run", before: 1), ["bundle"] = new("exec", plain: "--keep-file-descriptors"),
            ["direnv"] = new("exec", before: 1), ["devbox"] = new("run"), ["dotenv"] = new("|run", valued: "-f --file -e -p -v -c"), ["dotenvx"] = new("run"), ["op"] = new("run"), ["doppler"] = new("run", texts: "--command"),
            ["nix-shell"] = new(null, texts: "--run --command"), ["nix"] = new(null, rest: "-c --command"), ["guix"] = new(null, rest: "--"),
            ["docker"] = containers, ["podman"] = containers, ["nerdctl"] = containers, ["docker-compose"] = new("run|exec", before: 1, plain: "-T -d --rm", valued: "-f -e -u -w -v", texts: "--entrypoint"),
            ["kubectl"] = new("exec|run|debug", before: 1, plain: "-i -t -it --stdin --tty -q", valued: "-n --namespace -c --container --context --image"), ["oc"] = new("exec|rsh", before: 1, plain: "-i -t -it", valued: "-n -c"),
            ["flatpak"] = new("run", before: 1, texts: "--command"), ["toolbox"] = new("run"), ["distrobox"] = new("enter", before: 1), ["vagrant"] = new("ssh", before: 1, texts: "-c --command") { TextsNeedVerb = true },
            ["ssh"] = new("", before: 1, plain: "-4 -6 -A -a -C -f -G -g -K -k -M -N -n -q -s -T -t -V -v -X -x -Y -y",
                valued: "-B -b -c -D -E -e -F -I -i -J -L -l -m -O -p -P -Q -R -S -W -w", texts: "-o") { Joins = true },
            ["scp"] = new(null, texts: "-S -o -D"), ["sftp"] = new(null, texts: "-S -o -D"), ["rsync"] = new(null, texts: "-e --rsh --rsync-path"),
            ["gh"] = new("alias set|alias import|codespace ssh|cs ssh|extension exec|ext exec|extensions exec", valued: "-R --repo -c --codespace"),
            ["bat"] = new(null, texts: "--pager"), ["batcat"] = new(null, texts: "--pager"), ["delta"] = new(null, texts: "--pager"), ["ag"] = new(null, texts: "--pager"), ["ack"] = new(null, texts: "--pager"),
            ["man"] = new(null, texts: "-P --pager -H --html"), ["rg"] = new(null, texts: "--pre --hostname-bin"), ["sort"] = new(null, texts: "--compress-program"), ["split"] = new(null, texts: "--filter"),
            ["fd"] = new(null, texts: "", rest: "-x -X --exec --exec-batch"), ["fdfind"] = new(null, rest: "-x -X --exec --exec-batch"),
            ["tar"] = Archives(), ["gtar"] = Archives(), ["bsdtar"] = Archives(), ["zip"] = new(null, texts: "-TT --unzip-command"), ["wget"] = new(null, texts: "--use-askpass"),
            ["hyperfine"] = new(null, texts: "-p --prepare -c --cleanup -s --setup --conclude") { Always = true }, ["nodemon"] = new(null, texts: "-x --exec"),
            ["watchexec"] = asWhole, ["cross-env"] = asWhole, ["concurrently"] = asWhole, ["aws-vault"] = new("exec", before: 1), ["chamber"] = new("exec", before: 1), ["sem"] = asWhole,
            ["script"] = new("", texts: "-c --command") { Always = true }, ["env"] = new("", texts: "-S --split-string") { Always = true }, ["su"] = new("", texts: "-c --command --session-command") { Always = true },
            ["runuser"] = new("", texts: "-c --command --session-command") { Always = true }, ["flock"] = new("", texts: "-c --command") { Always = true },
            ["cmake"] = new(null, rest: "-E"), ["nc"] = connecting, ["ncat"] = connecting, ["netcat"] = connecting, ["nc.traditional"] = connecting, ["nc.openbsd"] = connecting,
            ["ip"] = new("netns exec|vrf exec|netns exe|netns ex", before: 1, valued: "-n -netns --netns -f -family --family -l -loops --loops -rc -rcvbuf --rcvbuf -b -batch --batch"), ["chdir"] = new("", before: 1),
            ["gdb"] = new("", texts: "-ex -iex -eval-command --eval-command --init-eval-command --ex") { Always = true },
        };
        foreach (var (name, one) in Further())
        {
            table.TryAdd(name, one);
        }

        foreach (var name in AnyWord.Split(' '))
        {
            table.TryAdd(name, asWhole);
        }

        return table.ToFrozenDictionary();
    }

    // Package managers, tools of single languages, version control, containers and other machines beside the most used.
    private static Dictionary<string, RunningProgram> Further()
    {
        var debian = new RunningProgram(null, texts: "-o --option");
        var instances = new RunningProgram("exec", before: 1, plain: "-t -T -n --force-interactive --force-noninteractive --disable-stdin", valued: "--cwd --env --user --group --mode --project");
        var cabal = new RunningProgram("exec|v2-exec|new-exec|v1-exec", plain: "--enable-tests --enable-benchmarks", valued: "-w --with-compiler --project-file --package-env");
        var machines = new RunningProgram("exec|shell|ssh", before: 1);
        var fly = new RunningProgram("ssh console|machine exec", valued: "-a --app -c --config", texts: "-C --command") { TextsNeedVerb = true };
        return new()
        {
            ["apt"] = debian, ["apt-get"] = debian, ["apt-cache"] = debian, ["apt-config"] = debian, ["aptitude"] = debian,
            ["dpkg"] = new(null, texts: "--pre-invoke --post-invoke --status-logger"), ["rpm"] = new(null, texts: "--pipe"),
            ["go"] = new(null, texts: "-exec -toolexec -vettool --exec --toolexec --vettool"), ["cargo"] = new(null, texts: "--config"), ["bazel"] = new(null, texts: "--run_under"), ["bazelisk"] = new(null, texts: "--run_under"),
            ["lldb"] = new("", texts: "-o -O -k -K --one-line --one-line-before-file --one-line-on-crash") { Always = true }, ["just"] = new(null, texts: "--shell --chooser", rest: "-c --command"),
            ["lerna"] = new("exec", plain: "--parallel --stream --no-bail --no-prefix --no-sort --include-dependencies --include-dependents", valued: "--scope --ignore --concurrency --since --loglevel"), ["nx"] = new("exec"),
            ["opam"] = new("exec", plain: "-y --yes", valued: "--switch --root --cli"), ["stack"] = new("exec|x", valued: "--package --resolver --stack-yaml --cwd"), ["cabal"] = cabal, ["mix"] = new("cmd"), ["tox"] = new("exec|e", valued: "-e -c"),
            ["lxc"] = instances, ["incus"] = instances, ["lxc-attach"] = new("", texts: "") { Always = true }, ["machinectl"] = new("shell", before: 1), ["multipass"] = machines, ["limactl"] = machines, ["crictl"] = new("exec", before: 1, plain: "-i -t -it"),
            ["nomad"] = new("alloc exec|exec", before: 1), ["minikube"] = new("ssh"), ["colima"] = new("ssh"), ["heroku"] = new("run|local:run", valued: "-a --app -r --remote"), ["fly"] = fly, ["flyctl"] = fly,
            ["hg"] = new(null, texts: "--config --ssh --remotecmd"), ["svn"] = new(null, texts: "--diff-cmd --diff3-cmd --editor-cmd --config-option"), ["jj"] = new("util exec", texts: "--config --tool"),
            ["fzf"] = new(null, texts: "--preview --bind --with-shell"), ["sk"] = new(null, texts: "--preview --bind -c --cmd"), ["mosh"] = new("", before: 1, texts: "--ssh --server --client"), ["tsh"] = new("ssh", before: 1),
            ["ssh-copy-id"] = new(null, texts: "-o"), ["gcloud"] = new(null, texts: "--command"), ["rclone"] = new(null, texts: "--password-command"), ["nano"] = new(null, texts: "-s --speller"), ["cpio"] = new(null, texts: "--rsh-command"),
            ["sops"] = new("exec-env|exec-file", before: 1) { Joins = true }, ["infisical"] = new("run", texts: "--command"), ["railway"] = new("run"), ["teller"] = new("run"), ["envchain"] = new("", before: 1), ["saml2aws"] = new("exec"), ["foreman"] = new("run"), ["honcho"] = new("run"),
        };
    }

    private static RunningProgram Environments() => new("run", plain: "--no-capture-output --live-stream -v", valued: "-n --name -p --prefix --cwd");

    private static RunningProgram Archives() => new(null, texts: "-I --use-compress-program --to-command --checkpoint-action -F --info-script --new-volume-script --rsh-command --rmt-command");

    private const string AnyWord =
        "timeout gtimeout sudo doas pkexec nice ionice chrt taskset nohup setsid stdbuf unbuffer time gtime command builtin exec eval xargs parallel watch chroot unshare nsenter setpriv capsh "
        + "prlimit busybox toybox strace ltrace valgrind perf ld.so proxychains proxychains4 torsocks firejail bwrap systemd-run start-stop-daemon daemonize entr inotifywait run-parts at batch crontab "
        + "screen tmux dbus-run-session dbus-launch ssh-agent sshpass autossh xvfb-run fakeroot faketime rlwrap sg newgrp setarch linux32 linux64 i386 i486 i586 i686 x86_64 uname26 arch numactl cgexec trap source . coproc noglob nocorrect "
        + "git-remote-ext git-remote-fd caffeinate chronic cpulimit choom eatmydata heaptrack rr "
        // What starts a program in another state: as somebody, limited, confined, watched, in the background, after something.
        + "logsave debconf systemd-cat systemd-inhibit systemd-nspawn systemd-socket-activate systemd-stdio-bridge run0 uclampset runcon schedtool trickle softlimit setlock setuidgid envuidgid envdir pgrphack chpst daemon "
        + "tini tini-static dumb-init catatonit gosu su-exec s6-setuidgid s6-envdir s6-softlimit execlineb proot schroot dchroot fakechroot fakeroot-ng fakeroot-sysv fakeroot-tcp pseudo nsjail minijail0 sandbox-exec lxc-execute "
        + "ifne pee lckdo mispipe annotate-output zrun dtach abduco zellij byobu openvt xinit startx xterm urxvt konsole gnome-terminal xfce4-terminal lxterminal alacritty foot wezterm cage gamescope "
        + "tsocks torify socksify graftcp primusrun optirun pw-jack padsp aoss gamemoderun mangohud wine box64 box86 qemu-x86_64 qemu-aarch64 qemu-arm qemu-i386 qemu-x86_64-static qemu-aarch64-static "
        + "multitime uftrace bpftrace memusage catchsegv sotruss latrace gdbserver lldb-server mpirun mpiexec orterun srun salloc qsub pdsh pssh parallel-ssh clush dsh "
        + "dockerize wait-for-it wait-for-it.sh env-cmd cross-env-shell empty rlfe ledit tsp wsl wsl.exe cmd cmd.exe su-to-root gksu kdesu kdesudo lxqt-sudo sux super";
}
