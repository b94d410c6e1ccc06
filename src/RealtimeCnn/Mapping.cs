namespace RealtimeCnn;

/// <summary>
/// What a function makes of each element, as an array. One method for each pair of types, which is compiled ahead of time;
/// of the framework's queries only the first call is, since their iterators are found while they run (docs/decisions/0019-what-a-start-waits-for.md).
/// </summary>
internal static class Mapping
{
    /// <summary><paramref name="map"/> of each of the <paramref name="items"/>, in their order.</summary>
    public static TResult[] Map<T, TResult>(this T[] items, Func<T, TResult> map)
    {
        var results = new TResult[items.Length];
        for (int i = 0; i < results.Length; i++)
            results[i] = map(items[i]);
        return results;
    }

    /// <inheritdoc cref="Map{T, TResult}(T[], Func{T, TResult})"/>
    public static TResult[] Map<T, TResult>(this IReadOnlyList<T> items, Func<T, TResult> map)
    {
        var results = new TResult[items.Count];
        for (int i = 0; i < results.Length; i++)
            results[i] = map(items[i]);
        return results;
    }

    /// <summary><paramref name="map"/> of each of the <paramref name="items"/> and its place, in their order.</summary>
    public static TResult[] Map<T, TResult>(this T[] items, Func<T, int, TResult> map)
    {
        var results = new TResult[items.Length];
        for (int i = 0; i < results.Length; i++)
            results[i] = map(items[i], i);
        return results;
    }

    /// <inheritdoc cref="Map{T, TResult}(T[], Func{T, int, TResult})"/>
    public static TResult[] Map<T, TResult>(this IReadOnlyList<T> items, Func<T, int, TResult> map)
    {
        var results = new TResult[items.Count];
        for (int i = 0; i < results.Length; i++)
            results[i] = map(items[i], i);
        return results;
    }
}
