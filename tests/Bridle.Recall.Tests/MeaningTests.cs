using Microsoft.Extensions.AI;

namespace Bridle.Recall.Tests;

public sealed class MeaningTests : IDisposable
{
    private readonly RecallStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public void What_means_the_same_is_found_beside_what_says_the_same()
    {
        _stage.Say("a", "/p", "the car does not start", "buy apples and pears", "an automobile with a flat tyre");
        Assert.Equal(["a/2"], _stage.Find("car"));
        _stage.With(new Meanings());
        var hits = _stage.Answer("car").Hits;
        Assert.Equal([("words", 2L), ("meaning", 4L)], hits.Select(hit => (hit.How, hit.Message.Number)));
        Assert.Equal([("meaning", 3L)], _stage.Answer("fruit").Hits.Select(hit => (hit.How, hit.Message.Number)));
    }

    [Fact]
    public void Filters_exclusions_and_projects_hold_for_what_only_lies_near()
    {
        _stage.With(new Meanings()).Say("a", "/p", "an automobile", "the lorry");
        _stage.Say("b", "/q", "a motor vehicle");
        Assert.Equal(["a/2", "a/3", "b/2"], _stage.Find("car").Order());
        Assert.Equal(["a/2", "a/3"], _stage.Find("car", "/p").Order());
        Assert.Equal(["a/3"], _stage.Find("car -automobile", "/p"));
        Assert.Equal(["a/2"], _stage.Find("car role:user", "/p"));
        Assert.Empty(_stage.Find("car before:2020-01-01"));
    }

    [Fact]
    public void Each_message_is_asked_for_once_and_again_only_when_it_or_the_model_changed()
    {
        var meanings = new Meanings();
        _stage.With(meanings).Say("a", "/p", "one car", "two apples");
        _stage.Find("car");
        Assert.Equal(["two apples", "one car", "car"], meanings.Asked);
        meanings.Asked.Clear();
        _stage.Find("car");
        Assert.Equal(["car"], meanings.Asked);
        meanings.Asked.Clear();
        _stage.Say("a", "/p", "three lorries");
        _stage.Find("car");
        Assert.Equal(["three lorries", "car"], meanings.Asked);
        meanings.Asked.Clear();
        _stage.With(meanings, "another").Find("car");
        Assert.Equal(4, meanings.Asked.Count);
        Assert.Equal((3, 0), (_stage.Index.Status().Vectors, _stage.Index.Status().WithoutVector));
        _stage.Sessions.Remove("a");
        Assert.Empty(_stage.Find("car"));
        Assert.Equal((0, 0), (_stage.Index.Status().Vectors, _stage.Index.Status().WithoutVector));
    }

    [Fact]
    public void A_model_that_fails_leaves_the_search_by_words_and_is_named()
    {
        _stage.With(new Meanings { Fails = true }).Say("a", "/p", "the car", "an automobile");
        var answer = _stage.Answer("car");
        Assert.Equal([2L], answer.Hits.Select(hit => hit.Message.Number));
        Assert.Equal(["The embedding model failed, so that only words were searched: the graphics card is on fire"], answer.Notices);
        _stage.With(new Meanings { GivesTooFew = true });
        Assert.Contains("searched by words only", _stage.Answer("car").Notices.First());
        _stage.With(new Meanings());
        Assert.Equal(2, _stage.Find("car").Length);
    }

    [Fact]
    public void Vectors_without_a_direction_and_of_another_length_are_refused_and_the_messages_wait()
    {
        _stage.With(new Meanings { GivesZeros = true }).Say("a", "/p", "the car", "an automobile");
        var answer = _stage.Answer("car");
        Assert.Equal([2L], answer.Hits.Select(hit => hit.Message.Number));
        Assert.Contains(answer.Notices, notice => notice.Contains("a vector without a direction", StringComparison.Ordinal));
        Assert.Contains("a vector without a direction", _stage.Index.Status().Problem);
        Assert.Equal((0, 2), (_stage.Index.Status().Vectors, _stage.Index.Status().WithoutVector));
        _stage.With(new Meanings());
        Assert.Equal(2, _stage.Find("car").Length);
        Assert.Equal((2, 0, null), (_stage.Index.Status().Vectors, _stage.Index.Status().WithoutVector, _stage.Index.Status().Problem));
        _stage.With(new Meanings { GivesMore = true }).Say("a", "/p", "a lorry");
        Assert.Contains(_stage.Answer("car").Notices, notice => notice.Contains("a vector of 4 numbers where those before have 3", StringComparison.Ordinal));
        Assert.Contains("bridle recall --rebuild", _stage.Index.Status().Problem);
        Assert.Equal((2, 1), (_stage.Index.Status().Vectors, _stage.Index.Status().WithoutVector));
    }

    [Fact]
    public void Without_a_model_nothing_is_kept_for_one()
    {
        _stage.Say("a", "/p", "the car");
        _stage.Find("car");
        Assert.Equal((0, 0, null), (_stage.Index.Status().Vectors, _stage.Index.Status().WithoutVector, _stage.Index.Status().Embeddings));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(769)]
    public void A_small_vector_points_where_the_whole_one_does(int length)
    {
        var random = new Random(length);
        float[] Make() => [.. Enumerable.Range(0, length).Select(_ => (float)(random.NextDouble() - 0.5) * 3)];
        for (var i = 0; i < 50; i++)
        {
            var (one, two) = (Make(), Make());
            var cosine = one.Zip(two).Sum(pair => (double)pair.First * pair.Second) / Math.Sqrt(one.Sum(x => (double)x * x) * two.Sum(x => (double)x * x));
            var (small, other) = (Vectors.SmallVector.Of(one)!, Vectors.SmallVector.Of(two)!);
            Assert.Equal(cosine, small.Nearness(other.Bytes, other.Scale), 0.02);
            Assert.Equal(1, small.Nearness(small.Bytes, small.Scale), 0.02);
        }

        Assert.Null(Vectors.SmallVector.Of(new float[length]));
        Assert.Null(Vectors.SmallVector.Of(new[] { float.NaN, 1f }));
    }

    /// <summary>Knows of two things in the world, vehicles and fruit.</summary>
    private sealed class Meanings : IEmbeddingGenerator<string, Embedding<float>>
    {
        private static readonly string[] Vehicles = ["car", "automobile", "lorr", "vehicle", "tyre"];
        private static readonly string[] Fruit = ["apple", "pear", "fruit"];

        public List<string> Asked { get; } = [];

        public bool Fails { get; init; }

        public bool GivesTooFew { get; init; }

        public bool GivesZeros { get; init; }

        public bool GivesMore { get; init; }

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            var texts = values.ToList();
            Asked.AddRange(texts);
            return Fails ? throw new HttpRequestException("the graphics card is on fire")
                : Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(texts.Skip(GivesTooFew ? 1 : 0).Select(text => new Embedding<float>(Vector(text)))));
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }

        private float[] Vector(string text) => GivesZeros ? new float[3] : [Count(text, Vehicles), Count(text, Fruit), 0.01f, .. GivesMore ? [0.01f] : Array.Empty<float>()];

        private static float Count(string text, string[] words) => words.Count(word => text.Contains(word, StringComparison.Ordinal));
    }
}
