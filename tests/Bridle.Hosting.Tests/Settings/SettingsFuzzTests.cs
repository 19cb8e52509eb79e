using System.Text;
using Bridle.Hosting.Settings;
using Bridle.Tests;

namespace Bridle.Hosting.Tests.Settings;

public sealed class SettingsFuzzTests(ITestOutputHelper output)
{
    private const string Sound = """
        { // mine
          "model": "work/big", "maxSteps": 7, "maxCost": 1.5, "permissionMode": "plan", "env": { "A": "b" }, "prices": { "a/b": { "input": 1, "output": 2 } },
          "permissions": { "allow": ["Read", "Bash(git log:*)"], "ask": ["Edit"], "deny": ["Bash(rm:*)"], "defaultMode": "acceptEdits" },
          "providers": { "work": { "api": "openai", "baseUrl": "http://w", "headers": { "X-A": "1" }, "contextWindow": 10 } }, "webSearch": { "url": "https://s.example/?q=" },
        }
        """;

    private static readonly string[] Pieces = ["{", "}", "[", "]", ",", ":", "\"", "null", "true", "1e999", "-1", "\"model\":", "\"permissions\":[{\"tool\":\"Bash\",\"decision\":\"allow\"}],", "//", "/*", "*/", "\\u0000", "\\ud800", "\n", "9999999999999999999999", "\"\"", "[[[[[[[["];

    [Fact]
    public void Settings_of_any_bytes_are_read_or_refused_in_words()
    {
        var time = new FuzzTime(output);
        var (read, refused) = (0, 0);
        while (time.Next())
        {
            var bytes = Encoding.UTF8.GetBytes(Sound).ToList();
            for (var i = time.Random.Next(1, 5); i > 0; i--)
            {
                var at = time.Random.Next(bytes.Count);
                switch (time.Random.Next(4))
                {
                    case 0:
                        bytes[at] = (byte)time.Random.Next(256);
                        break;
                    case 1:
                        bytes.RemoveRange(at, Math.Min(time.Random.Next(1, 30), bytes.Count - at - 1));
                        break;
                    case 2:
                        bytes.InsertRange(at, bytes.GetRange(at, Math.Min(time.Random.Next(1, 60), bytes.Count - at)));
                        break;
                    default:
                        bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[time.Random.Next(Pieces.Length)]));
                        break;
                }
            }

            try
            {
                var file = SettingsFile.Parse("settings.json", bytes.ToArray());
                Assert.True(file.Settings is null != (file.Error is null), Convert.ToHexString([.. bytes]));
                (read, refused) = file.Settings is null ? (read, refused + 1) : (read + 1, refused);
            }
            catch (Exception failure)
            {
                Assert.Fail($"BRIDLE_SEED={time.Seed}: {failure}\n{Encoding.UTF8.GetString([.. bytes])}");
            }
        }

        output.WriteLine($"{time.Rounds} files, {read} read, {refused} refused");
        Assert.True(read > 0 && refused > 0 || time.Rounds < 100);
    }
}
