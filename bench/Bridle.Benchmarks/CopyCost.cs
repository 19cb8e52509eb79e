using System.Diagnostics;
using System.Globalization;
using Bridle.Journal;

namespace Bridle.Benchmarks;

/// <summary>What the commands cost that write a session anew or look at every record of it, in one process that is warm after the first round: CPU of all threads in ms.</summary>
internal static class CopyCost
{
    /// <summary>Prints a line for each round. Leaves the session as it was but for its last record's text.</summary>
    public static async Task PrintAsync(string data, string state, string name, int rounds)
    {
        Console.WriteLine("open untouched | open after it was copied | every record against the seal | clone | of /rewind: read and decoded | clone of all but ten | edit: copied | compared | taken over | yes to an edit from outside | open after that");
        for (var round = 0; round < rounds; round++)
        {
            var store = new SessionStore(data, state);
            var (path, cpu) = (store.PathOf(name), new Clock());
            List<double> taken = [];
            async Task OpenAsync(string session, bool accepts = false)
            {
                cpu.Next();
                var opened = store.Open(session, _ => accepts);
                taken.Add(cpu.Next());
                await opened.Journal.DisposeAsync();
            }

            await store.Open(name).Journal.DisposeAsync();
            await OpenAsync(name);
            File.Copy(path, path + ".new");
            File.Move(path + ".new", path, overwrite: true);
            await OpenAsync(name);
            cpu.Next();
            _ = store.Verify(name);
            taken.Add(cpu.Next());
            store.Clone(name, "copied");
            taken.Add(cpu.Next());
            var records = store.Read(name).Journal.Read().Count();
            taken.Add(cpu.Next());
            store.Clone(name, "rewound", records - 10);
            taken.Add(cpu.Next());
            var draft = store.Draft("copied");
            taken.Add(cpu.Next());
            Change(draft.Path);
            cpu.Next();
            _ = draft.Check();
            taken.Add(cpu.Next());
            draft.Accept("person");
            taken.Add(cpu.Next());
            Change(store.PathOf("rewound"));
            await OpenAsync("rewound", accepts: true);
            await OpenAsync("rewound");
            store.Remove("copied");
            store.Remove("rewound");
            Console.WriteLine(string.Join(" | ", taken.Select(ms => ms.ToString("0", CultureInfo.InvariantCulture))));
        }
    }

    // One letter of the first text of a tool, whatever it is.
    private static void Change(string path)
    {
        var text = File.ReadAllText(path);
        var at = text.IndexOf("\"text\":\"", StringComparison.Ordinal) + 8;
        File.WriteAllText(path, text[..at] + "Q" + text[(at + 1)..]);
    }

    private sealed class Clock
    {
        private readonly Process _process = Process.GetCurrentProcess();
        private TimeSpan _last;

        public double Next()
        {
            _process.Refresh();
            var now = _process.TotalProcessorTime;
            var taken = (now - _last).TotalMilliseconds;
            _last = now;
            return taken;
        }
    }
}
