using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bridle.Models.Rehearsal;

/// <summary>
/// How each wish is carried out, step by step, with real tools. Each scene is an iterator: it yields a step, finds the outcomes in the scene
/// when it goes on, and leaves its findings in the report. Replaying the recorded outcomes brings it to the same place every time.
/// </summary>
internal static partial class RehearsalPlay
{
    private const int MostFilesRead = 6;

    public static IEnumerable<Step> Play(IReadOnlyList<Wish> wishes, RehearsalScene scene)
    {
        foreach (var wish in wishes)
        {
            var steps = wish switch
            {
                LookAround look => Around(look.Path, scene),
                LookAt look => At(look, scene),
                LookInto look => Into(look.Path, scene),
                FindFiles find => Find(find, scene),
                SummariseFolder folder => Folder(folder.Path, scene),
                SearchFor search => Search(search, scene),
                RunCommand run => Run(run, scene),
                WriteFile write => Write(write, scene),
                ChangeFile change => Change(change, scene),
                MakePlan plan => Plan(plan, scene),
                Unclear unclear => Unclear(unclear, scene),
                _ => [],
            };
            foreach (var step in steps)
            {
                if (step.Acts.FirstOrDefault(act => !scene.Offers(act.Tool)) is { } missing)
                {
                    scene.Report.Add($"That needs the tool {missing.Tool}, which is not on offer here.");
                    break;
                }

                yield return step;
            }
        }
    }

    private static IEnumerable<Step> Around(string path, RehearsalScene scene)
    {
        yield return new Step($"Looking around in {path}.", [Act.Of("Ls", ("path", path))]);
        if (!scene.Failed($"Listing {path} failed"))
        {
            scene.Report.Add($"In {path}:\n{RehearsalScene.FirstLines(scene.Last[0].Text, 40)}");
        }
    }

    private static IEnumerable<Step> Into(string path, RehearsalScene scene)
    {
        yield return new Step($"Looking into {path}.", [Act.Of("Ls", ("path", path))]);
        if (scene.Last is [{ IsError: false } listing])
        {
            scene.Report.Add($"In {path}:\n{RehearsalScene.FirstLines(listing.Text, 40)}");
            yield break;
        }

        foreach (var step in At(new LookAt(path, Summarise: false), scene))
        {
            yield return step;
        }
    }

    private static IEnumerable<Step> Find(FindFiles find, RehearsalScene scene)
    {
        yield return new Step($"Looking for {find.What}.", [Act.Of("Glob", ("pattern", find.Pattern))]);
        if (scene.Failed($"Looking for {find.What} failed"))
        {
            yield break;
        }

        var text = scene.Last[0].Text;
        var files = text.StartsWith("No files match", StringComparison.Ordinal) ? [] : text.Split('\n').Where(line => line.Length > 0 && line[0] != '[').ToList();
        scene.Report.Add(files.Count is 0 ? $"There are no {find.What}." : $"Found {files.Count} {find.What}:\n{RehearsalScene.FirstLines(text, 40)}");
    }

    private static IEnumerable<Step> At(LookAt look, RehearsalScene scene)
    {
        yield return new Step($"Reading {look.Path}.", [Act.Of("Read", ("file_path", look.Path))]);
        if (!scene.Failed($"Reading {look.Path} failed"))
        {
            var lines = Lines(scene.Last[0].Text);
            scene.Report.Add(look.Summarise ? Summary(look.Path, lines) : $"{look.Path} ({lines.Count} lines):\n{RehearsalScene.FirstLines(string.Join('\n', lines), 40)}");
        }
    }

    private static IEnumerable<Step> Folder(string path, RehearsalScene scene)
    {
        yield return new Step("Looking at what is here.", [Act.Of("Ls", ("path", path))]);
        if (scene.Failed("Listing the folder failed"))
        {
            yield break;
        }

        var names = scene.Last[0].Text.Split('\n').Select(line => line.Trim().Split(' ', '\t')[0]).Where(name => name.Length > 0).ToList();
        scene.Report.Add($"The folder holds {names.Count(name => !name.EndsWith('/'))} files and {names.Count(name => name.EndsWith('/'))} folders: {string.Join(", ", names.Take(20))}.");
        if (names.Find(name => name.StartsWith("README", StringComparison.OrdinalIgnoreCase)) is { } readme)
        {
            yield return new Step($"Reading {readme}.", [Act.Of("Read", ("file_path", readme))]);
            if (!scene.Failed($"Reading {readme} failed"))
            {
                scene.Report.Add(Summary(readme, Lines(scene.Last[0].Text)));
            }
        }
    }

    private static IEnumerable<Step> Search(SearchFor search, RehearsalScene scene)
    {
        yield return new Step($"Searching for {search.Text}.", [Act.Of("Grep", ("pattern", SearchText.Literal(search.Text)))]);
        if (scene.Failed($"Searching for {search.Text} failed"))
        {
            yield break;
        }

        var hits = scene.Last[0].Text.Split('\n').Select(line => Hit().Match(line)).Where(match => match.Success)
            .Select(match => new { Path = match.Groups[1].Value, Line = int.Parse(match.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture), Text = match.Groups[3].Value.Trim() }).ToList();
        if (hits.Count is 0)
        {
            scene.Report.Add($"No file mentions {search.Text}.");
            yield break;
        }

        var files = hits.GroupBy(hit => hit.Path).ToList();
        if (search.Read)
        {
            var looked = files.Take(MostFilesRead).ToList();
            yield return new Step($"{Mention(files.Count)} it. Reading {(looked.Count < files.Count ? "the first " + looked.Count : looked.Count is 1 ? "it" : "them")}.",
                [.. looked.Select(file => Act.Of("Read", ("file_path", file.Key), ("offset", Math.Max(0, file.First().Line - 2)), ("limit", 4)))]);
            foreach (var (file, outcome) in looked.Zip(scene.Last).Where(pair => pair.Second.IsError))
            {
                scene.Report.Add($"Reading {file.Key} failed: {RehearsalScene.FirstLines(outcome.Text, 3)}");
            }
        }

        scene.Report.Add($"{Mention(files.Count)} {search.Text}:\n" + string.Join('\n', files.SelectMany(file => file.Take(5).Select(hit =>
            $"- {hit.Path}, line {hit.Line}: {(search.Read ? Wanted(hit.Text, search.Text) : hit.Text)}"))));
    }

    private static IEnumerable<Step> Run(RunCommand run, RehearsalScene scene)
    {
        yield return new Step($"Running {run.Command}", [Act.Of("Bash", ("command", run.Command))]);
        scene.Report.Add(scene.Last is [{ IsError: false } fine]
            ? $"`{run.Command}` ended well:\n{RehearsalScene.FirstLines(fine.Text, 30)}"
            : $"`{run.Command}` did not end well:\n{RehearsalScene.FirstLines(scene.Last.Count > 0 ? scene.Last[0].Text : "nothing came back", 30)}");
    }

    private static IEnumerable<Step> Write(WriteFile write, RehearsalScene scene)
    {
        // An existing file must have been read before it is overwritten; a missing one makes this read fail, which is fine.
        yield return new Step($"Looking whether {write.Path} is there.", [Act.Of("Read", ("file_path", write.Path))]);
        yield return new Step($"Writing {write.Path}.", [Act.Of("Write", ("file_path", write.Path), ("content", write.Content.EndsWith('\n') ? write.Content : write.Content + "\n"))]);
        if (!scene.Failed($"Writing {write.Path} failed"))
        {
            scene.Report.Add($"{write.Path} is written.");
        }
    }

    private static IEnumerable<Step> Change(ChangeFile change, RehearsalScene scene)
    {
        var path = change.Path;
        if (path is null)
        {
            yield return new Step($"Looking where {change.Old} stands.", [Act.Of("Grep", ("pattern", SearchText.Literal(change.Old)))]);
            if (scene.Failed($"Looking for {change.Old} failed"))
            {
                yield break;
            }

            var files = scene.Last.SelectMany(outcome => outcome.Text.Split('\n')).Select(line => Hit().Match(line)).Where(match => match.Success)
                .Select(match => match.Groups[1].Value).Distinct().ToList();
            if (files is not [var only])
            {
                scene.Report.Add(files.Count is 0 ? $"No file holds {change.Old}, so nothing was changed." : $"{files.Count} files hold {change.Old}: {string.Join(", ", files.Take(10))}. Say which one.");
                yield break;
            }

            path = only;
        }

        yield return new Step($"Reading {path}.", [Act.Of("Read", ("file_path", path))]);
        if (scene.Failed($"Reading {path} failed"))
        {
            yield break;
        }

        yield return new Step($"Changing {path}.", [Act.Of("Edit", ("file_path", path), ("old_string", change.Old), ("new_string", change.New))]);
        if (!scene.Failed($"Changing {path} failed"))
        {
            scene.Report.Add($"{path} is changed:\n{RehearsalScene.FirstLines(scene.Last[0].Text, 20)}");
        }
    }

    private static IEnumerable<Step> Plan(MakePlan plan, RehearsalScene scene)
    {
        string[] todos = [$"Look at what is here", $"Find what {plan.Goal} touches", $"Make the change in small steps", "Run the tests and look at the result"];
        if (scene.Offers("TodoWrite"))
        {
            yield return new Step("Writing the plan down.", [Act.Of("TodoWrite", ("todos", Todos(todos)))]);
        }

        yield return new Step("Looking at what is here.", [Act.Of("Ls", ("path", "."))]);
        var here = scene.Last is [{ IsError: false } listing] ? RehearsalScene.FirstLines(listing.Text, 15) : "(the folder could not be listed)";
        var text = $"Plan: {plan.Goal}\n{string.Join('\n', todos.Select((todo, i) => $"{i + 1}. {todo}"))}\n\nWhat is here:\n{here}";
        if (scene.Offers("ExitPlanMode"))
        {
            yield return new Step("Asking whether the plan is right.", [Act.Of("ExitPlanMode", ("plan", text))]);
            scene.Failed("The plan was not approved");
        }

        scene.Report.Add(text);
    }

    private static IEnumerable<Step> Unclear(Unclear unclear, RehearsalScene scene)
    {
        scene.Understood = false;
        scene.Report.Add("I am the rehearsal model: rules, not a language model, so I did not understand this. " +
            "I can look at files (`look at README.md`), search (`which files mention TODO`), run commands (`run ls`), write and change files " +
            "(`write \"hello\" to a.txt`, `replace \"a\" with \"b\" in a.txt`), plan and summarise, all with the real tools. " +
            "For real answers set up a model: `bridle init`.");
        return [];
    }

    private static string Summary(string path, List<string> lines)
    {
        var headings = lines.Where(line => line.StartsWith('#')).Take(12).ToList();
        var first = lines.Find(line => line.Trim().Length > 0 && !line.StartsWith('#') && !line.StartsWith("```", StringComparison.Ordinal));
        var words = lines.Sum(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Length);
        return $"{path}: {lines.Count} lines, {words} words." + (first is null ? "" : $" It begins: {first.Trim()}") +
            (headings.Count is 0 ? "" : "\nIts sections:\n" + string.Join('\n', headings.Select(heading => "- " + heading.TrimStart('#').Trim())));
    }

    private static List<string> Lines(string numbered) => [.. numbered.Split('\n').Select(line => Numbered().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value)];

    // "// TODO: water the plants" is a wish to water the plants.
    private static string Wanted(string line, string text)
    {
        var at = line.IndexOf(text, StringComparison.OrdinalIgnoreCase);
        var rest = at < 0 ? line : line[(at + text.Length)..];
        rest = rest.TrimStart(':', ' ', '-', ')', '(', '\t').TrimEnd('*', '/', ' ', '-', '>');
        return rest.Length > 0 ? rest : line;
    }

    private static string Mention(int files) => files is 1 ? "One file mentions" : $"{files} files mention";

    private static JsonElement Todos(string[] todos)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var (i, todo) in todos.Index())
            {
                json.WriteStartObject();
                json.WriteString("content", todo);
                json.WriteString("status", i is 0 ? "in_progress" : "pending");
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        using var document = JsonDocument.Parse(buffer.ToArray());
        return document.RootElement.Clone();
    }

    [GeneratedRegex(@"^(.+?):(\d+):\s?(.*)$")]
    private static partial Regex Hit();

    [GeneratedRegex(@"^\s*\d+\t(.*)$")]
    private static partial Regex Numbered();
}
