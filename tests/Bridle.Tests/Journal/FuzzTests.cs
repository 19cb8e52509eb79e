using Bridle.Journal;

namespace Bridle.Tests.Journal;

public sealed class FuzzTests(ITestOutputHelper output) : IDisposable
{
    private const int Rounds = 400;
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Whatever_happens_to_a_log_it_opens_in_words_and_keeps_its_sound_beginning(int seed)
    {
        var path = await Samples.WriteAsync(_folder);
        var log = await File.ReadAllBytesAsync(path);
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = log.ToList();
            var first = bytes.Count;
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                first = Math.Min(first, Mutate(bytes, random));
            }

            await File.WriteAllBytesAsync(path, [.. bytes]);
            _folder.ForgetSeals();
            try
            {
                var opened = _folder.Store.Open("s", _ => true);
                await using var journal = opened.Journal;
                var sound = log.Take(first).Count(value => value == '\n');
                Assert.True(journal.Read().Count() >= sound, $"seed {seed}, round {round}: {opened.Report.Describe()}");
            }
            catch (Exception failure) when (failure is not JournalException)
            {
                Assert.Fail($"seed {seed}, round {round}: {failure}");
            }
        }
    }

    [Fact]
    public async Task A_log_of_arbitrary_changes_opens_in_words_for_as_long_as_one_likes()
    {
        var time = new FuzzTime(output);
        while (time.Next())
        {
            using var one = new FuzzTests(output);
            await one.Whatever_happens_to_a_log_it_opens_in_words_and_keeps_its_sound_beginning(time.Random.Next());
        }
    }

    /// <summary>Changes something and gives the first offset that it touched.</summary>
    private static int Mutate(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count);
        var length = Math.Min(random.Next(1, 300), bytes.Count - at);
        switch (random.Next(6))
        {
            case 0:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1:
                bytes.RemoveRange(at, length);
                break;
            case 2:
                bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - length), length));
                break;
            case 3:
                for (var i = at; i < at + length; i++)
                {
                    bytes[i] = 0;
                }

                break;
            case 4:
                bytes.InsertRange(at, "{}\n\"\\[]"u8[..random.Next(1, 7)]);
                break;
            default:
                var line = bytes.LastIndexOf((byte)'\n', at) + 1;
                var end = bytes.IndexOf((byte)'\n', line) + 1;
                bytes.InsertRange(line, end > 0 ? bytes.GetRange(line, end - line) : []);
                return line;
        }

        return at;
    }
}
