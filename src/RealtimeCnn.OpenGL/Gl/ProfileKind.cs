namespace RealtimeCnn.OpenGL;

/// <summary>The kinds of device that choose their kernels and tiles by different rules.</summary>
public enum ProfileKind
{
    /// <summary>A CPU that stands in for a GPU: reads and stores are dear, barriers very dear, dispatches cheap.</summary>
    Software,

    /// <summary>A GPU that shares the memory of a PC's CPU: bound by that memory.</summary>
    Integrated,

    /// <summary>A GPU on a card of its own, with fast memory: of small networks bound by how many dispatches wait for one another.</summary>
    Discrete,

    /// <summary>A GPU of a phone or a board, with small caches and low limits.</summary>
    Embedded,
}
