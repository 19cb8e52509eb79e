using System.Collections.Frozen;

namespace Bridle.Permissions;

/// <summary>
/// The options that well-known programs take before and between their verbs: <c>kubectl -n x delete</c> is <c>kubectl delete</c>. For rules that deny or ask; an option that is not known is
/// tried with a value and without one.
/// </summary>
internal sealed class GlobalOptions
{
    /// <summary>Those of git, whose verb others look for as well.</summary>
    public static readonly GlobalOptions Git = new(
        "-c -C --git-dir --work-tree --namespace --super-prefix --attr-source --shallow-file --config-env",
        "-p -P --paginate --no-pager --bare --no-replace-objects --literal-pathspecs --no-optional-locks --no-lazy-fetch --no-advice --glob-pathspecs --noglob-pathspecs --icase-pathspecs") { BeforeVerbOnly = true };

    private static readonly FrozenDictionary<string, GlobalOptions> All = Make();

    private readonly FrozenSet<string> _valued;
    private readonly FrozenSet<string> _plain;

    private GlobalOptions(string valued, string plain = "")
    {
        _valued = valued.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();
        _plain = plain.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();
    }

    /// <summary>Those of a program, or null where it is not in the table.</summary>
    public static GlobalOptions? Of(string program) => All.GetValueOrDefault(program);

    /// <summary>They stand before the verb only.</summary>
    public bool BeforeVerbOnly { get; private init; }

    /// <summary>Whether the word is an option: also the sign of a toolchain.</summary>
    public static bool IsOption(string word) => word is ['-', _, ..] or ['+', _, ..];

    /// <summary>Whether the word behind the option certainly is its value.</summary>
    public bool TakesValue(string option) => _valued.Contains(option);

    /// <summary>How many words the option may take, itself included: one, two, or either.</summary>
    public (bool One, bool Two) WordsOf(string option) =>
        option.Contains('=') || option is ['+', ..] || _plain.Contains(option) ? (true, false)
        : _valued.Contains(option) ? (false, true)
        : option is ['-', not '-', _, ..] && _valued.Contains(option[..2]) ? (true, false)
        : (true, true);

    private static FrozenDictionary<string, GlobalOptions> Make()
    {
        var kubectl = new GlobalOptions(
            "-n --namespace --context --cluster --user --kubeconfig -s --server --token --as --as-group --as-uid --certificate-authority --client-certificate --client-key --request-timeout --cache-dir --tls-server-name -v --v --vmodule --password --username --profile-output -f -l --selector -c --container",
            "--insecure-skip-tls-verify --match-server-version --warnings-as-errors --disable-compression");
        var containers = new GlobalOptions(
            "-c --context -H --host --config -l --log-level --tlscacert --tlscert --tlskey --connection --url --identity --root --runroot -f --file -p --project-name --profile --env-file --project-directory --ansi --parallel --progress",
            "-D --debug --tls --tlsverify");
        var npm = new GlobalOptions(
            "--prefix -C --registry --loglevel --cache --userconfig --globalconfig -w --workspace --tag --otp --scope --access --script-shell --dir --cwd --filter -F --workspace-concurrency --reporter --cache-folder",
            "-s --silent -q --quiet -d --verbose -g --global --no-audit --no-fund -y --yes --force --legacy-peer-deps --ignore-scripts --offline --prefer-offline -ws --workspaces --if-present --json --production --dry-run -r --recursive --workspace-root");
        var terraform = new GlobalOptions("", "-version -help");
        var gh = new GlobalOptions("-R --repo --hostname");
        var python = new GlobalOptions(
            "--proxy --timeout --cache-dir --log --python --retries --directory --project --config-file --color -C -P", "-q --quiet -v --verbose --isolated --no-input --disable-pip-version-check --require-virtualenv --offline --no-cache -n --no-interaction");
        var packages = new GlobalOptions("-o --option -c --config-file -t --target-release", "-y --yes -q -qq --quiet -s --dry-run -f --no-install-recommends --assume-yes --allow-unauthenticated");
        var deploying = new GlobalOptions("-a --app --cwd -C -s --stack -P --project --token -c --config -e --env --site --scope -t", "--debug --verbose --json -y --yes");
        return new Dictionary<string, GlobalOptions>
        {
            ["git"] = Git,
            ["kubectl"] = kubectl, ["oc"] = kubectl, ["helm"] = new("-n --namespace --kube-context --kubeconfig --registry-config --repository-cache --repository-config --kube-apiserver --kube-as-user --kube-as-group --kube-token --burst-limit --qps", "--debug"),
            ["docker"] = containers, ["podman"] = containers, ["nerdctl"] = containers, ["docker-compose"] = containers,
            ["terraform"] = terraform, ["tofu"] = terraform, ["npm"] = npm, ["pnpm"] = npm, ["yarn"] = npm, ["bun"] = npm,
            ["dotnet"] = new("--roll-forward --additionalprobingpath --additional-deps --fx-version", "-d --diagnostics"),
            ["cargo"] = new("--color -C --config -Z --manifest-path", "-v -vv -q --quiet --verbose --locked --offline --frozen"), ["go"] = new("-C"),
            ["gh"] = gh, ["glab"] = gh,
            ["aws"] = new("--profile --region --output --endpoint-url --query --cli-read-timeout --cli-connect-timeout --ca-bundle --color", "--debug --no-verify-ssl --no-paginate --no-sign-request --no-cli-pager"),
            ["gcloud"] = new("--project --account --format --configuration --verbosity --impersonate-service-account --billing-project --flags-file", "-q --quiet --user-output-enabled"), ["az"] = new("--subscription -o --output --query", "--debug --verbose --only-show-errors"),
            ["pip"] = python, ["pip3"] = python, ["uv"] = python, ["poetry"] = python,
            ["systemctl"] = new("-H --host -M --machine -t --type -n --lines -o --output -p --property --root --state -s --signal", "--user --system --no-block -q --quiet --now -f --force --no-pager --no-ask-password"),
            ["apt"] = packages, ["apt-get"] = packages, ["brew"] = new("", "-q --quiet -v --verbose -d --debug -f --force"),
            ["make"] = new("-C --directory -f --file --makefile -I --include-dir -o --old-file -W --what-if", "-s --silent -k -B -n -q -i -w --no-print-directory --always-make"),
            ["fly"] = deploying, ["flyctl"] = deploying, ["heroku"] = deploying, ["vercel"] = deploying, ["netlify"] = deploying, ["firebase"] = deploying, ["wrangler"] = deploying, ["pulumi"] = deploying,
        }.ToFrozenDictionary();
    }
}
