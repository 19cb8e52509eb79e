using Bridle.Journal;

namespace Bridle.Tests.Journal;

/// <summary>What of a long text was changed.</summary>
public sealed class TextHunksTests
{
    private static string Long(string at4000, string at9000) => string.Concat(Enumerable.Repeat("word ", 800)) + at4000 + string.Concat(Enumerable.Repeat(" more", 1000)) + at9000 + " end";

    [Fact]
    public void Two_changes_far_from_each_other_in_a_long_text_are_shown_each_with_what_stands_around_it()
    {
        var hunks = TextHunks.Of(Long(" moon", " night"), Long(" sun", " day"), out var more);
        Assert.Equal(0, more);
        Assert.Equal(2, hunks.Count);
        Assert.Contains("word  moon more", hunks[0].Old, StringComparison.Ordinal);
        Assert.Contains("word  sun more", hunks[0].New, StringComparison.Ordinal);
        Assert.Contains("more night end", hunks[1].Old, StringComparison.Ordinal);
        Assert.Contains("more day end", hunks[1].New, StringComparison.Ordinal);
        Assert.All(hunks, hunk => Assert.InRange(hunk.Old.Length + hunk.New.Length, 1, 300));
    }

    [Fact]
    public void A_change_inside_of_one_long_word_is_shown_where_it_is()
    {
        var hunk = Assert.Single(TextHunks.Of(new string('a', 5000) + "X" + new string('b', 5000), new string('a', 5000) + "YZ" + new string('b', 5000), out _));
        Assert.Contains("aXb", hunk.Old, StringComparison.Ordinal);
        Assert.Contains("aYZb", hunk.New, StringComparison.Ordinal);
        Assert.True(hunk.Old.Length < 200);
    }

    [Fact]
    public void Many_changes_are_counted_and_a_text_that_is_another_one_is_shown_by_its_ends()
    {
        static string Numbers(int plus) => string.Join(' ', Enumerable.Range(0, 400).Select(i => i % 40 == 0 ? $"{i + plus}" : "the same words"));
        Assert.Equal(5, TextHunks.Of(Numbers(0), Numbers(1000), out var more).Count);
        Assert.Equal(5, more);
        var whole = Assert.Single(TextHunks.Of(string.Concat(Enumerable.Repeat("one ", 9000)), string.Concat(Enumerable.Repeat("two ", 9000)), out _));
        Assert.InRange(whole.New.Length, 100, 600);
        Assert.Empty(TextHunks.Of("the same", "the same", out _));
        Assert.Equal([("", "all of it")], TextHunks.Of("", "all of it", out _));
    }
}
