using Bridle.Permissions.Shell;

namespace Bridle.Permissions;

/// <summary>What single programs take from the folder, for <see cref="FolderUseReading"/>: shells, interpreters, files that are run, all others.</summary>
/// <param name="reading">Reads the texts that they are given.</param>
/// <param name="files">Takes what is found.</param>
/// <param name="place">The folder.</param>
internal sealed class FolderRuns(FolderUseReading reading, FolderFiles files, FolderPlace place)
{
    private const int MaxDepth = 6;
    private int _depth;

    /// <summary>A shell.</summary>
    public void OfShell(IReadOnlyList<ShellWord> words, IReadOnlyList<string> texts, string name)
    {
        var text = ShellWords.ScriptOf(texts);
        var at = text > 0 ? text : ShellWords.FileOf(texts);
        if (name is "fish" or "csh" or "tcsh" or "pwsh" && text > 0)
        {
            files.Leave($"gives '{name}' a text in its own language");
        }
        else if (at == 0 || words.Take(at + 1).Any(word => !word.Plain) || texts.Take(at).Any(word => word is "--rcfile" or "--init-file"))
        {
            files.LeaveComputed($"gives '{name}' what is only known when it runs", at > 0 && words.Where(word => !word.Plain).All(reading.Words.IsElsewhere) && words.Any(word => !word.Plain));
        }
        else if (text > 0)
        {
            reading.Read(texts[text], keepsVariables: false);
        }
        else
        {
            Script(words, at, name);
        }
    }

    /// <summary>An interpreter of another language.</summary>
    public void OfInterpreter(IReadOnlyList<ShellWord> words, string name, IReadOnlyList<string> options)
    {
        var at = 1;
        var (isPython, isSafe) = (FolderPrograms.IsPython(name), false);
        while (at < words.Count && words[at].Plain && options.Contains(words[at].Text))
        {
            isSafe |= words[at].Text is "-I" or "-P";
            at++;
        }

        if (at < words.Count && words[at].Plain && words[at].Text is "--version" or "-V")
        {
            return;
        }

        if (at >= words.Count || words[at].Text is ['-', ..])
        {
            // Modules are taken from the folder first, and a text of its own language can load anything.
            files.LeaveComputed(at < words.Count ? $"starts '{name} {words[at].Text}', which can load what is in the folder" : $"gives '{name}' a program on its input", at < words.Count && (isSafe || !isPython));
            return;
        }

        foreach (var file in Script(words, at, name).Where(file => isPython && !isSafe && !files.IsHeld(file)))
        {
            // The folder of the script comes before the standard library: a json.py beside it is what 'import json' takes.
            files.Loosen($"runs {Path.GetRelativePath(place.Root, file)}, and '{name}' takes modules from beside it first ('{name} -I' does not)");
        }
    }

    /// <summary>Files of the folder are run: those that it may be. What they are given is theirs to read as orders.</summary>
    public IReadOnlyList<string> Script(IReadOnlyList<ShellWord> words, int at, string name)
    {
        var found = files.Script(words[at], name, reading.Words.IsElsewhere(words[at]));
        foreach (var word in words.Skip(at + 1))
        {
            files.Give(reading.Words.Of(word));
        }

        return found;
    }

    /// <summary>What its first line says that it is run by. One without such a line is the shell's, or a program that may load others from beside it.</summary>
    public void OfProgramFile(string file)
    {
        if (FirstLine.Of(file) is not { } line)
        {
            files.Loosen($"runs {Path.GetRelativePath(place.Root, file)}, which is no script");
            return;
        }

        if (line.Length > 0 && ++_depth <= MaxDepth)
        {
            string[] words = [.. line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Where(word => word is not "-S"), file];
            reading.RunWords([place.Holds(words[0]) ? words[0] : ShellWords.NameOf(words[0]), .. words[1..]]);
            _depth--;
        }
    }

    /// <summary>Any other program.</summary>
    public void OfProgram(IReadOnlyList<ShellWord> words, IReadOnlyList<string> texts, string name)
    {
        if (reading.IsFunction(name))
        {
            return;
        }

        if (FolderPrograms.Runs(name))
        {
            files.Leave($"starts '{name}', which runs what is in the folder");
            return;
        }

        if (ShellWords.RunsItsArguments(texts) || RunningPrograms.Of(name)?.PlacesIn(texts).Places.Count > 0)
        {
            files.Leave($"starts '{name}', which runs other programs");
            return;
        }

        foreach (var inner in InnerCommands.Of(new FoundCommand(words, [], [])))
        {
            if (inner is InnerCommand.File { Writes: false } file)
            {
                files.Name(file.Path, isPattern: false);
                files.Give(file.Path);
            }
            else
            {
                files.Leave($"lets '{name}' run or write something");
            }
        }

        if (FolderPrograms.Writes(name, texts))
        {
            foreach (var word in FolderPrograms.WritesLast(texts) ? words.TakeLast(1) : words.Skip(1).Where(word => !word.Plain || word.Text is not ['-', ..]))
            {
                files.Write(word.Plain ? word.Text : null, reading.Words.IsElsewhere(word));
            }
        }

        files.Leave(place.OnlyKnown && HarmlessPrograms.WhyNot(name, texts, files.OnlyFolder == place.Root ? place.Root : null) is { } unknown ? unknown : null);
    }
}
