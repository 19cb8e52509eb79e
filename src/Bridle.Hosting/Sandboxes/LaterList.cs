using System.Collections;

namespace Bridle.Hosting.Sandboxes;

/// <summary>A list that is made when somebody first looks into it; where that fails, the next look makes it again.</summary>
internal sealed class LaterList<T>(Func<IReadOnlyList<T>> make) : IReadOnlyList<T>
{
    private readonly Lazy<IReadOnlyList<T>> _list = new(make, LazyThreadSafetyMode.PublicationOnly);

    public int Count => _list.Value.Count;

    public T this[int index] => _list.Value[index];

    public IEnumerator<T> GetEnumerator() => _list.Value.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
