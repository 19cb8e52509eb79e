using System.Collections;

namespace Bridle.Hosting.Sandboxes;

/// <summary>A list, and after it another one that may be another each time that somebody looks.</summary>
internal sealed class JoinedList<T>(IReadOnlyList<T> first, Func<IReadOnlyList<T>> then) : IReadOnlyList<T>
{
    public int Count => first.Count + then().Count;

    public T this[int index] => index < first.Count ? first[index] : then()[index - first.Count];

    public IEnumerator<T> GetEnumerator() => first.Concat(then()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
