using System.Collections.Frozen;
using Bridle.Permissions.Shell;

namespace Bridle.Permissions;

/// <summary>
/// Programs of which it is known that they run none of their words, or where the words stand that they run: those that <see cref="RunningPrograms"/> or a reader of their own tells of.
/// What is not here may run what it is given: see <see cref="PossibleCommands"/>. A program belongs here when its words often are names of programs or plain sentences.
/// </summary>
internal static class PlainPrograms
{
    /// <summary>Those that nothing else tells of.</summary>
    internal static readonly FrozenSet<string> Own = (
        // The shell's own.
        ": [ [[ alias bg bind break caller cd compgen complete compopt continue declare dirs disown echo enable exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd read readarray "
        + "readonly return set shift shopt suspend test times true type typeset ulimit umask unalias unset wait "
        // Files and texts.
        + "b2sum base32 base64 basename basenc cat chcon chgrp chmod chown cksum comm cp csplit cut date dd df dir dircolors dirname du expand expr factor fmt fold groups head hostid hostname id install join link ln logname ls md5sum "
        + "mkdir mkfifo mknod mktemp mv nl nproc numfmt od paste pathchk pinky pr printenv ptx readlink realpath rm rmdir seq sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep stat stty sum sync tac tail tee "
        + "touch tr truncate tsort tty uname unexpand uniq unlink uptime users vdir wc who whoami yes find locate plocate updatedb which whereis whatis apropos info tldr cheat grep egrep fgrep zgrep ugrep diff cmp diff3 "
        + "sdiff colordiff patch jq yq fx gron column rev strings hexdump xxd file tree exa eza lsd iconv dos2unix unix2dos cal bc tput clear reset rename pico micro "
        + "unzip gzip gunzip zcat bzip2 bunzip2 xz unxz zstd unzstd lz4 7z 7za rar unrar ar ranlib nm objdump objcopy readelf strip size ldd addr2line awk gawk mawk nawk sed gsed "
        // The system.
        + "ps top htop btop pgrep pkill kill killall pidof lsof fuser free vmstat iostat w last dmesg journalctl systemctl service lscpu lsblk lsusb lspci mount umount findmnt ss netstat ifconfig ping traceroute dig nslookup "
        + "host whois curl http https xh openssl gpg ssh-keygen ssh-add useradd usermod userdel groupadd adduser passwd getent logger wall write notify-send cowsay figlet say lolcat xdg-open open "
        + "pbcopy pbpaste xclip xsel wl-copy wl-paste code cursor subl idea "
        // Packages.
        + "apt-mark apt-file dpkg-query dnf yum zypper pacman yay apk brew port snap emerge pkg xbps-install choco scoop winget nix-env deno pip pip2 pip3 "
        + "gem bundler dotnet nuget composer cpan cpanm luarocks hex sbt lein mvn gradle gradlew mvnw conan vcpkg pub dart flutter swift nvm corepack "
        // Version control, machines elsewhere, tasks.
        + "git glab hub tig lazygit fossil cvs p4 dvc aws az gsutil s3cmd doctl eksctl vercel netlify wrangler firebase supabase terraform tofu terragrunt pulumi helm helmfile "
        + "kind k3d k9s buildah skopeo make gmake ctest ninja meson task rake grunt gulp turbo pass todo tokei cloc scc "
        // Checkers, compilers and languages: what they run is what stands in files.
        + "tsc eslint prettier stylelint biome jest vitest mocha ava cypress playwright webpack vite rollup esbuild next nuxt astro pytest py.test nox ruff black isort flake8 mypy pylint pyright coverage rspec rubocop phpunit phpstan "
        + "shellcheck shfmt hadolint yamllint markdownlint vale codespell cspell pre-commit javac rustc python python2 python3 pypy pypy3 node nodejs ruby perl php lua Rscript sqlite3 psql mysql mariadb redis-cli mongosh "
        + "less more emacs emacsclient ed m4 expect socat bridle").Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether it is one, by its name without folder and version.</summary>
    public static bool IsKnown(string name) => Own.Contains(name) || IsReadElsewhere(name);

    /// <summary>Whether a table or a reader of its own says where the words stand that it runs.</summary>
    internal static bool IsReadElsewhere(string name) =>
        RunningPrograms.Of(name) is not null || ShellWords.Shells.Contains(name) || EditorScripts.IsVi(name) || ProgramRuns.IsCompiler(name) || name.StartsWith("git-", StringComparison.Ordinal);
}
