using System.Text.Json;
using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

public sealed class ProtocolTests : IDisposable
{
    private readonly Place _place = new();

    public static TheoryData<string, bool> Protocols
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var api in Vendors.Apis)
            {
                data.Add(api, true);
                data.Add(api, false);
            }

            return data;
        }
    }

    public void Dispose() => _place.Dispose();

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Each_protocol_completes_a_task_over_several_turns_with_parallel_calls_and_reasoning(string api, bool stream)
    {
        _place.Write("a.txt", "alpha\n");
        _place.Write("b.txt", "beta\n");
        await using var vendor = Vendors.Make(api, _place,
            new FakeTurn { Reasoning = "I should look.", Text = ["Looking", " first."], Calls = [new("Read", """{"file_path":"a.txt"}"""), new("Read", """{"file_path":"b.txt"}""")] },
            FakeTurn.Call("Grep", """{"pattern":"alpha"}"""),
            FakeTurn.Call("Edit", """{"file_path":"a.txt","old_string":"alpha","new_string":"gamma"}"""),
            FakeTurn.Say("a.txt now says ", "gamma."));
        var ended = await _place.RunAsync(["run", "-m", Vendors.Model(api), "--api", api, stream ? "--stream" : "--no-stream", "--mode", "acceptEdits", "--output", "json", "Replace alpha."]);
        Assert.True(ended.Code is 0, ended + "\n" + string.Join('\n', vendor.Refusals));
        Assert.Empty(vendor.Refusals);
        Assert.Equal("gamma\n", _place.Read("a.txt"));
        using var result = JsonDocument.Parse(ended.Out);
        Assert.Equal("a.txt now says gamma.", result.RootElement.GetProperty("answer").GetString());
        Assert.False(result.RootElement.GetProperty("simulated").GetBoolean());
        Assert.Equal(4, vendor.Bodies.Count);
    }
}
