namespace RealtimeCnn.Demo.Recognition;

/// <summary>What a classifier answered of late: the likeliest class of each picture, and how likely it was.</summary>
/// <param name="capacity">Answers that are kept.</param>
internal sealed class AnswerHistory(int capacity)
{
    private readonly (int Class, float Probability)[] _answers = new (int, float)[capacity];
    private long _added;

    /// <summary>Answers that are kept at most.</summary>
    public int Capacity => capacity;

    /// <summary>Answers that are there.</summary>
    public int Count => (int)Math.Min(_added, capacity);

    /// <summary>An answer.</summary>
    /// <param name="index">From 0, the oldest that is kept.</param>
    public (int Class, float Probability) this[int index] => _answers[(_added - Count + index) % capacity];

    /// <summary>Adds the newest.</summary>
    public void Add(int label, float probability) => _answers[_added++ % capacity] = (label, probability);
}
