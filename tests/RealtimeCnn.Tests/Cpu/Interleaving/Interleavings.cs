namespace RealtimeCnn.Tests.Cpu.Interleaving;

/// <summary>
/// Explores every interleaving of threads that share nothing but numbers. Each thread is the code of the product, cut into phases:
/// what a phase does depends on its start and on the results of its operations alone, so that it can be run again from its start to
/// any of its operations. A state of the whole is then the numbers and each thread's place, and each state is visited once.
/// </summary>
/// <typeparam name="TStart">All that a thread remembers between phases.</typeparam>
/// <param name="initial">What the threads begin with.</param>
/// <param name="phase">Runs a phase of a thread to its end, and gives the start of the next, or null behind the last.</param>
/// <param name="numbers">How many numbers there are; all are 0 at first.</param>
internal sealed class Interleavings<TStart>(IReadOnlyList<TStart> initial, Func<int, TStart, Recording, TStart?> phase, int numbers)
    where TStart : struct
{
    private const int MostStates = 2_000_000;

    private readonly Dictionary<(int, TStart), Place> _starts = [];
    private readonly List<Place> _places = [];
    private readonly Dictionary<string, int> _states = [];
    private readonly List<(int From, int To)> _moves = [];
    private readonly List<int> _ends = [];
    private readonly Queue<(long[] Numbers, int[] Places)> _open = [];

    /// <summary>States that were visited.</summary>
    public int Count => _states.Count;

    /// <summary>Visits all states.</summary>
    /// <returns>The first thing that is wrong, or null: an event that must not happen, or a state from which the threads cannot come to their ends.</returns>
    public string? Explore()
    {
        try
        {
            Visit(new long[numbers], [.. initial.Select((start, thread) => Start(thread, start).Number)]);
            while (_open.TryDequeue(out var state))
                Move(state.Numbers, state.Places);
        }
        catch (ForbiddenException problem)
        {
            return problem.Message;
        }

        return CanAllEnd() ? null : "The threads come into a state in which they wait for each other for ever.";
    }

    private void Move(long[] shared, int[] places)
    {
        int from = _states[Key(shared, places)];
        if (places.All(place => _places[place].Next == null))
            _ends.Add(from);
        for (int thread = 0; thread < places.Length; thread++)
        {
            var place = _places[places[thread]];
            if (place.Next is not { } operation || !operation.IsPossible(shared))
                continue;
            long[] after = [.. shared];
            long result = operation.Apply(after);
            int[] moved = [.. places];
            moved[thread] = Follow(thread, place, result).Number;
            _moves.Add((from, Visit(after, moved)));
        }
    }

    private int Visit(long[] shared, int[] places)
    {
        string key = Key(shared, places);
        if (_states.TryGetValue(key, out int state))
            return state;
        if (_states.Count == MostStates)
            throw new InvalidOperationException($"More than {MostStates} states: the instance is too large to explore.");
        _states[key] = state = _states.Count;
        _open.Enqueue((shared, places));
        return state;
    }

    private bool CanAllEnd()
    {
        var before = _moves.ToLookup(move => move.To, move => move.From);
        var can = new HashSet<int>(_ends);
        var open = new Stack<int>(_ends);
        while (open.TryPop(out int state))
        {
            foreach (int earlier in before[state])
            {
                if (can.Add(earlier))
                    open.Push(earlier);
            }
        }

        return can.Count == _states.Count;
    }

    private static string Key(long[] shared, int[] places) => string.Create(shared.Length + (2 * places.Length), (shared, places), (key, state) =>
    {
        for (int i = 0; i < state.shared.Length; i++)
            key[i] = checked((char)(state.shared[i] + 1));
        for (int i = 0; i < state.places.Length; i++)
            (key[state.shared.Length + (2 * i)], key[state.shared.Length + (2 * i) + 1]) = ((char)(state.places[i] & 0xFFFF), (char)(state.places[i] >> 16));
    });

    private Place Start(int thread, TStart start) =>
        _starts.TryGetValue((thread, start), out var place) ? place : _starts[(thread, start)] = RunTo(thread, start, []);

    private Place Follow(int thread, Place place, long result)
    {
        if (!place.Followers.TryGetValue(result, out var follower))
            place.Followers[result] = follower = RunTo(thread, place.Start, [.. place.Results, result]);
        return follower;
    }

    /// <summary>The place of a thread in a phase after some results.</summary>
    private Place RunTo(int thread, TStart start, long[] results)
    {
        var recording = new Recording(results);
        TStart? next;
        try
        {
            next = phase(thread, start, recording);
        }
        catch (RecordingEndException end)
        {
            return Add(new Place(start, results, end.Operation));
        }

        return next is { } following ? Start(thread, following) : Add(new Place(start, results, null));
    }

    private Place Add(Place place)
    {
        place.Number = _places.Count;
        _places.Add(place);
        return place;
    }

    /// <summary>Where a thread is: at which operation of a phase, after which results; the last place has none.</summary>
    private sealed record Place(TStart Start, long[] Results, Operation? Next)
    {
        public int Number { get; set; }

        public Dictionary<long, Place> Followers { get; } = [];
    }
}

/// <summary>What a thread does to shared numbers at once.</summary>
/// <param name="Apply">Does it, and gives its result.</param>
/// <param name="IsPossible">Whether the thread need not wait.</param>
internal sealed record Operation(Func<long[], long> Apply, Predicate<long[]> IsPossible);

/// <summary>Gives a phase the results that are known, and ends it at the first operation whose result is not.</summary>
/// <param name="results">Results from the start of the phase on.</param>
internal sealed class Recording(long[] results)
{
    private int _next;
    private Func<long[], long>? _delayed;

    /// <summary>One operation.</summary>
    public long Do(Func<long[], long> apply, Predicate<long[]>? isPossible = null) =>
        _next < results.Length ? results[_next++] : throw new RecordingEndException(new Operation(apply, isPossible ?? (_ => true)));

    /// <summary>An operation that others see later: at <see cref="DoDelayed"/>.</summary>
    /// <returns>Nothing of use.</returns>
    public long Delay(Func<long[], long> apply)
    {
        _delayed = apply;
        return 0;
    }

    /// <summary>The operation that was delayed, if there is one.</summary>
    public void DoDelayed()
    {
        if (_delayed is { } apply)
        {
            _delayed = null;
            Do(apply);
        }
    }
}

/// <summary>Something happened that must not.</summary>
internal sealed class ForbiddenException(string message) : Exception(message);

/// <summary>A phase has come to an operation whose result is not known yet.</summary>
internal sealed class RecordingEndException(Operation operation) : Exception
{
    /// <summary>The operation.</summary>
    public Operation Operation { get; } = operation;
}
