using System.Collections.Frozen;
using Bridle.Permissions.Shell;

namespace Bridle.Permissions;

/// <summary>
/// Programs of which it is known that they run none of their words, or where the words stand that they run: those that <see cref="RunningPrograms"/> or a reader of their own tells of.
/// What is not here may run what it is given: see <see cref="PossibleCommands"/>. A program belongs here when its words often are names of programs or plain sentences.
/// </summary>
internal static class PlainPrograms
{
    private static readonly FrozenSet<string> All = (
        // The shell's own.
        ": [ [[ alias bg bind break caller cd compgen complete compopt continue declare dirs disown echo enable exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd read readarray "
        + "readonly return set shift shopt suspend test times trap true type typeset ulimit umask unalias unset wait "
        // Files and texts.
        + "b2sum base32 base64 basename basenc cat chcon chgrp chmod chown cksum comm cp csplit cut date dd df dir dircolors dirname du expand expr factor fmt fold groups head hostid hostname id install join link ln logname ls md5sum "
        + "mkdir mkfifo mknod mktemp mv nl nproc numfmt od paste pathchk pinky pr printenv ptx readlink realpath rm rmdir seq sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort split stat stty sum sync tac tail tee "
        + "touch tr truncate tsort tty uname unexpand uniq unlink uptime users vdir wc who whoami yes find locate plocate updatedb which whereis whatis apropos man info tldr cheat grep egrep fgrep zgrep ugrep rg ag ack diff cmp diff3 "
        + "sdiff colordiff patch jq yq fx gron column rev strings hexdump xxd file tree exa eza lsd bat batcat iconv dos2unix unix2dos cal bc tput clear reset rename nano pico micro "
        + "tar gtar bsdtar zip unzip gzip gunzip zcat bzip2 bunzip2 xz unxz zstd unzstd lz4 7z 7za rar unrar cpio ar ranlib nm objdump objcopy readelf strip size ldd addr2line awk gawk mawk nawk sed gsed "
        // The system.
        + "ps top htop btop pgrep pkill kill killall pidof lsof fuser free vmstat iostat w last dmesg journalctl systemctl service lscpu lsblk lsusb lspci mount umount findmnt ip ss netstat ifconfig ping traceroute dig nslookup "
        + "host whois curl wget http https xh openssl gpg ssh-keygen ssh-add ssh-copy-id scp sftp rsync useradd usermod userdel groupadd adduser passwd getent logger wall write notify-send cowsay figlet say lolcat xdg-open open "
        + "pbcopy pbpaste xclip xsel wl-copy wl-paste code cursor subl idea "
        // Packages.
        + "apt apt-get apt-cache apt-mark apt-file apt-config aptitude dpkg dpkg-query dnf yum rpm zypper pacman yay apk brew port snap flatpak emerge pkg xbps-install choco scoop winget nix nix-env npm pnpm yarn bun deno pip pip2 pip3 pipx uv "
        + "poetry pdm conda mamba micromamba gem bundle bundler cargo rustup go dotnet nuget composer cpan cpanm luarocks opam stack cabal mix hex sbt lein mvn gradle gradlew mvnw conan vcpkg pub dart flutter swift asdf mise nvm corepack "
        // Version control, machines elsewhere, tasks.
        + "git gh glab hub tig lazygit svn hg jj fossil cvs p4 dvc aws az gcloud gsutil s3cmd rclone doctl eksctl heroku fly flyctl vercel netlify wrangler firebase supabase terraform tofu terragrunt pulumi helm helmfile kubectl oc minikube "
        + "kind k3d k9s docker docker-compose podman nerdctl buildah skopeo vagrant make gmake cmake ctest ninja meson bazel bazelisk just task rake grunt gulp nx turbo lerna pass todo tokei cloc scc "
        // Checkers, compilers and languages: what they run is what stands in files.
        + "tsc eslint prettier stylelint biome jest vitest mocha ava cypress playwright webpack vite rollup esbuild next nuxt astro pytest py.test tox nox ruff black isort flake8 mypy pylint pyright coverage rspec rubocop phpunit phpstan "
        + "shellcheck shfmt hadolint yamllint markdownlint vale codespell cspell pre-commit javac rustc python python2 python3 pypy pypy3 node nodejs ruby perl php lua Rscript sqlite3 psql mysql mariadb redis-cli mongosh "
        + "less more emacs emacsclient ed m4 expect socat at batch screen bridle").Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether it is one, by its name without folder and version.</summary>
    public static bool IsKnown(string name) =>
        All.Contains(name) || RunningPrograms.Of(name) is not null || ShellWords.Shells.Contains(name) || EditorScripts.IsVi(name) || ProgramRuns.IsCompiler(name) || name.StartsWith("git-", StringComparison.Ordinal);
}
