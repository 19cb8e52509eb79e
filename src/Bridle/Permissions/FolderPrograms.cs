using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Bridle.Permissions.Shell;

namespace Bridle.Permissions;

/// <summary>Programs that run what lies in the folder in which they are started, without being told its name: build tools, package managers, test runners, what loads its configuration as a program.</summary>
internal static class FolderPrograms
{
    private static readonly FrozenSet<string> s_all = (
        // Builds and tasks.
        "make gmake bmake cmake ctest cpack ninja meson bazel bazelisk buck buck2 pants please scons waf just task rake mage invoke inv fab grunt gulp gradle gradlew mvn mvnw ant sbt lein clj clojure "
        + "cargo go dotnet msbuild nuget swift xcodebuild stack cabal mix iex elixir rebar3 dune opam zig v nim nimble dub "
        // Packages.
        + "npm npx pnpm pnpx yarn bun bunx deno corepack lerna nx turbo rush wireit bower uv uvx pip pip3 pipx poetry pipenv pdm hatch rye conda mamba micromamba pixi tox nox bundle bundler gem composer php artisan "
        // Programs whose configuration in the folder is a program, or names one.
        + "node-gyp tsx ts-node tsc eslint prettier stylelint jest vitest mocha ava karma cypress playwright webpack vite rollup parcel esbuild next nuxt astro svelte-kit storybook babel swc commitlint lint-staged husky lefthook "
        + "pre-commit prek pytest py.test nosetests coverage mypy pylint flake8 pyright basedpyright sphinx-build mkdocs jupyter ipython rubocop rspec standardrb solargraph jekyll rails phpunit phpstan psalm pint ktlint detekt "
        + "java javac kotlin kotlinc scala groovy jshell terraform tofu terragrunt pulumi cdk sls serverless ansible ansible-playbook vagrant packer helm helmfile skaffold tilt docker docker-compose podman nerdctl nix nix-shell "
        + "nix-build guix direnv devbox mise asdf rtx rbenv pyenv nodenv nvm volta fnm foreman overmind honcho supervisord process-compose bats shellspec roundup act trunk megalinter pants "
        + "Rscript R julia octave matlab sage emacs gdb lldb ghci runghc runhaskell ocaml racket guile sbcl tclsh wish expect swipl lua luajit luarocks busted entr watchexec nodemon watchman").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> s_writers = FrozenSet.Create("tee", "cp", "mv", "ln", "install", "dd", "touch", "truncate", "rsync", "sponge", "split", "csplit", "patch", "tar", "unzip", "rm", "rmdir", "mkdir", "mkfifo", "chmod", "chown", "chgrp");

    // Folders that hold what packages bring: a program there loads others from beside it.
    private static readonly FrozenSet<string> s_packages = FrozenSet.Create("node_modules", ".venv", "venv", "vendor", "target", "bin", "obj", "dist", "build", ".tox", ".nox");

    // What no confined command can change, whether it is there or not.
    private static readonly FrozenSet<string> s_held = FrozenSet.Create(".git", ".bridle", ".claude", ".agents", ".vscode", ".idea", ".husky", ".devcontainer");

    private static readonly Regex s_deciding = new(
        "^(CD|F|CLASS)?PATH$|^LD_|^DYLD_|^(BASH_)?ENV$|^GIT_|^_?(PYTHON|NODE|RUBY|PERL|JAVA|JDK|NPM|DOTNET|CARGO|RUST|MAKE|MAVEN|GRADLE)|^GO(PATH|ROOT|FLAGS|ENV|WORK)$|^HOME$|^XDG_|^PROMPT_COMMAND$|^PS[0-4]$|^SHELL|PAGER$|EDITOR$|^BASH|^(OLD)?PWD$|^(CLAUDE|BRIDLE)_PROJECT_DIR$",
        RegexOptions.CultureInvariant);

    private static readonly Regex s_python = new(@"^(python|pypy)[0-9.]*$", RegexOptions.CultureInvariant);

    /// <summary>Whether it runs what it finds in the folder.</summary>
    public static bool Runs(string name) => s_all.Contains(name) || EditorScripts.IsVi(name) || ProgramRuns.IsCompiler(name);

    /// <summary>Whether it runs Python.</summary>
    public static bool IsPython(string name) => s_python.IsMatch(name);

    /// <summary>Whether it writes what its words name.</summary>
    public static bool Writes(string name, IReadOnlyList<string> words) => s_writers.Contains(name) || name switch
    {
        "sed" or "gsed" => words.Any(word => HasLetter(word, 'i') || word.StartsWith("--in-place", StringComparison.Ordinal)),
        "shuf" or "tree" => words.Any(word => HasLetter(word, 'o') || word.StartsWith("--output", StringComparison.Ordinal)),
        "uniq" or "xxd" => words.Skip(1).Count(word => word is not ['-', _, ..]) > 1,
        _ => false,
    };

    private static bool HasLetter(string word, char letter) => word is ['-', not '-', ..] && word.Contains(letter);

    /// <summary>Whether it writes the last of its words only.</summary>
    public static bool WritesLast(IReadOnlyList<string> words) => ShellWords.NameOf(words[0]) is "cp" or "ln" or "install" && !words.Any(word => word.StartsWith("-t", StringComparison.Ordinal) || word.StartsWith("--target", StringComparison.Ordinal));

    /// <summary>Whether a path below the root lies among what packages bring or a build makes.</summary>
    public static bool IsOfPackages(string relative) => relative.Split('/').SkipLast(1).Any(s_packages.Contains);

    /// <summary>Whether a path below the root lies where no confined command writes.</summary>
    public static bool IsHeld(string relative) => s_held.Contains(relative.Split('/')[0]);

    /// <summary>Whether a variable of that name decides what programs run or load.</summary>
    public static bool Decides(string variable) => s_deciding.IsMatch(variable) || InnerCommands.IsRun(variable);

    /// <summary>The options of an interpreter that say nothing of what it runs; null for a program that is none.</summary>
    public static IReadOnlyList<string>? PlainOptions(string name) => name switch
    {
        _ when s_python.IsMatch(name) => ["-u", "-B", "-E", "-s", "-S", "-I", "-q", "-O", "-OO", "-P"],
        "node" or "nodejs" => ["--no-warnings", "--no-deprecation", "--trace-warnings", "--enable-source-maps"],
        "perl" => ["-w", "-T", "-W"],
        "ruby" => ["-w", "-W0"],
        _ => null,
    };
}
