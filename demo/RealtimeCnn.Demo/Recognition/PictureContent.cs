namespace RealtimeCnn.Demo.Recognition;

/// <summary>What a source's pictures show.</summary>
internal enum PictureContent
{
    /// <summary>Nobody knows.</summary>
    Anything,

    /// <summary>One written digit, which fills the picture.</summary>
    Digit,

    /// <summary>Several written digits.</summary>
    Numbers,

    /// <summary>Colours and edges that move.</summary>
    Scene,
}
