namespace Bridle.Journal;

/// <summary>The longest ascending part of a sequence of different numbers: what stayed in place when lines were moved.</summary>
internal static class LongestAscent
{
    public static bool[] Of(IReadOnlyList<long> numbers)
    {
        var ends = new List<int>();
        var before = new int[numbers.Count];
        for (var i = 0; i < numbers.Count; i++)
        {
            var low = 0;
            var high = ends.Count;
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = numbers[ends[middle]] < numbers[i] ? (middle + 1, high) : (low, middle);
            }

            before[i] = low == 0 ? -1 : ends[low - 1];
            if (low == ends.Count)
            {
                ends.Add(i);
            }
            else
            {
                ends[low] = i;
            }
        }

        var belongs = new bool[numbers.Count];
        for (var i = ends.Count == 0 ? -1 : ends[^1]; i >= 0; i = before[i])
        {
            belongs[i] = true;
        }

        return belongs;
    }
}
