using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bridle.Context;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Models.Http;
using Bridle.Models.OpenAI;

namespace Bridle.Benchmarks;

/// <summary>What going on with a session takes, step by step, in one process that is warm after the first round: CPU of all threads, what was allocated, and what stays.</summary>
internal static class ResumeCost
{
    private static readonly OpenAiChatProtocol s_protocol = new();

    /// <summary>Prints a line for each round.</summary>
    public static async Task PrintAsync(string data, string state, string name, int rounds)
    {
        Console.WriteLine("open ms | checked by its seal ms | fold ms, MB allocated, MB kept | some types ms | every text read once ms, MB allocated | named ms, MB | written ms, MB, MB kept then");
        for (var round = 0; round < rounds; round++)
        {
            var store = new SessionStore(data, state);
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var cpu = new Cpu();
            await using var journal = store.Open(name).Journal;
            var open = cpu.Next();
            _ = store.LastStrange(name);
            var seal = cpu.Next();
            var transcript = journal.Fold();
            var fold = cpu.Next();
            var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
            cpu.Next();
            var some = journal.ReadOnly(new HashSet<string> { "approval_given", "hook_ran" }).Count();
            var types = cpu.Next();
            var sum = Read(transcript);
            var read = cpu.Next();
            var messages = transcript.Messages;
            var name1 = new HistoryHash().Of(messages);
            var named = cpu.Next();
            using var request = s_protocol.Write(new ModelEndpoint(new Uri("http://127.0.0.1/v1"), "key"), new ModelInfo("openai", "model", "openai"), new ModelRequest { System = "", Messages = messages });
            var written = cpu.Next();
            var then = GC.GetTotalMemory(forceFullCollection: true) - before;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{open.Ms:0} | {seal.Ms:0} | {fold.Ms:0}, {fold.Mb:0.0}, {kept / 1048576.0:0.0} | {types.Ms:0} | {read.Ms:0}, {read.Mb:0.0} ({transcript.Messages.Count} messages, {some} decided, {sum[..8]} {name1[..8]}) | {named.Ms:0}, {named.Mb:0.0} | {written.Ms:0}, {written.Mb:0.0}, {then / 1048576.0:0.0}"));
            GC.KeepAlive(messages);
        }
    }

    private static string Read(Transcript transcript)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in transcript.Messages.SelectMany(message => message.Parts))
        {
            var text = part is ToolResultPart result ? ((TextPart)result.Content[0]).Text : part is TextPart said ? said.Text : part is ToolCallPart call ? call.Arguments : "";
            hash.AppendData(Encoding.UTF8.GetBytes(text));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private sealed class Cpu
    {
        private readonly Process _process = Process.GetCurrentProcess();
        private TimeSpan _last;
        private long _allocated;

        public Cpu() => Next();

        public (double Ms, double Mb) Next()
        {
            _process.Refresh();
            var (now, allocated) = (_process.TotalProcessorTime, GC.GetTotalAllocatedBytes(precise: true));
            var taken = ((now - _last).TotalMilliseconds, (allocated - _allocated) / 1048576.0);
            (_last, _allocated) = (now, allocated);
            return taken;
        }
    }
}
