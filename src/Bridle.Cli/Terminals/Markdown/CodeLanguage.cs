namespace Bridle.Cli.Terminals.Markdown;

/// <summary>What of a programming language can be told by looking at a line: its words, its comments and its strings.</summary>
internal sealed record CodeLanguage(string[] Names, string Keywords, string[] LineComments, (string Open, string Close)? BlockComment, string[] Strings, string[] LongStrings)
{
    private const string C = "auto break case const continue default do else enum extern for goto if inline return sizeof static struct switch typedef union void volatile while "
        + "int char long short float double unsigned signed bool true false ";

    private const string Types = "class new this public private protected virtual namespace using try catch throw finally interface abstract override var null ";

    private static readonly (string, string)? Slashes = ("/*", "*/");

    private static readonly CodeLanguage[] All =
    [
        new(["csharp", "cs", "c#"], C + Types + "async await in is as out ref params readonly record sealed string object decimal byte get set init yield lock when where with nameof typeof foreach internal partial required file and or not", ["//"], Slashes, ["\"", "'"], ["\"\"\""]),
        new(["java", "kotlin", "kt", "scala", "groovy"], C + Types + "extends implements import package throws final super instanceof fun val object when synchronized transient native byte boolean data sealed", ["//"], Slashes, ["\"", "'"], ["\"\"\""]),
        new(["javascript", "js", "jsx", "typescript", "ts", "tsx", "mjs"], C + Types + "async await function let of in typeof instanceof import export from extends implements type undefined delete yield number string boolean any never unknown as keyof readonly", ["//"], Slashes, ["\"", "'"], ["`"]),
        new(["c", "h", "cpp", "c++", "hpp", "cc", "objc"], C + Types + "template typename constexpr nullptr delete operator friend explicit auto decltype noexcept size_t", ["//"], Slashes, ["\"", "'"], []),
        new(["go", "golang"], "break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var nil true false string int int64 error bool byte any", ["//"], Slashes, ["\"", "'"], ["`"]),
        new(["rust", "rs"], "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return self Self static struct super trait true type unsafe use where while", ["//"], Slashes, ["\""], []),
        new(["python", "py"], "and as assert async await break class continue def del elif else except False finally for from global if import in is lambda match None nonlocal not or pass raise return True try while with yield self", ["#"], null, ["\"", "'"], ["\"\"\"", "'''"]),
        new(["ruby", "rb"], "alias and begin break case class def do else elsif end ensure false for if in module next nil not or redo rescue retry return self super then true undef unless until when while yield require", ["#"], null, ["\"", "'"], []),
        new(["bash", "sh", "shell", "zsh", "console"], "if then else elif fi for in do done while until case esac function return local export set unset exit trap source echo cd", ["#"], null, ["\"", "'"], []),
        new(["powershell", "ps1", "pwsh"], "if else elseif foreach for while do switch function param return try catch finally throw begin process end in", ["#"], ("<#", "#>"), ["\"", "'"], []),
        new(["sql"], "select from where insert into values update set delete create table alter drop index join left right inner outer on group by order having limit and or not null as distinct union case when then else end "
            + "SELECT FROM WHERE INSERT INTO VALUES UPDATE SET DELETE CREATE TABLE ALTER DROP INDEX JOIN LEFT RIGHT INNER OUTER ON GROUP BY ORDER HAVING LIMIT AND OR NOT NULL AS DISTINCT UNION CASE WHEN THEN ELSE END", ["--"], Slashes, ["'", "\""], []),
        new(["json", "jsonc", "json5"], "true false null", ["//"], Slashes, ["\""], []),
        new(["yaml", "yml"], "true false null yes no on off", ["#"], null, ["\"", "'"], []),
        new(["toml", "ini", "dotenv", "properties"], "true false", ["#", ";"], null, ["\"", "'"], ["\"\"\"", "'''"]),
        new(["dockerfile", "docker", "makefile", "make"], "FROM RUN CMD COPY ADD ENV ARG WORKDIR ENTRYPOINT EXPOSE USER VOLUME LABEL AS ifeq ifdef endif else include define endef", ["#"], null, ["\"", "'"], []),
        new(["xml", "html", "xaml", "csproj", "svg"], "", [], ("<!--", "-->"), ["\"", "'"], []),
        new(["css", "scss", "less"], "important media import from to", ["//"], Slashes, ["\"", "'"], []),
        new(["php"], C + Types + "function echo use extends implements foreach as array fn match trait", ["//", "#"], Slashes, ["\"", "'"], []),
        new(["swift"], C + Types + "func let guard import extension protocol nil self in is as where throws init deinit", ["//"], Slashes, ["\""], ["\"\"\""]),
        new(["lua"], "and break do else elseif end false for function goto if in local nil not or repeat return then true until while", ["--"], ("--[[", "]]"), ["\"", "'"], []),
    ];

    private static readonly Dictionary<string, CodeLanguage> ByName = All.SelectMany(language => language.Names.Select(name => (name, language))).ToDictionary(pair => pair.name, pair => pair.language, StringComparer.OrdinalIgnoreCase);

    private HashSet<string>? _words;

    /// <summary>The words that mean something by themselves.</summary>
    public IReadOnlySet<string> Words => _words ??= [.. Keywords.Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>The language by the word behind a fence, or null.</summary>
    public static CodeLanguage? Find(string name) => ByName.GetValueOrDefault(name.Trim());
}
