using RealtimeCnn.Drawing;
using RealtimeCnn.Heads;
using RealtimeCnn.Images;

namespace RealtimeCnn.Cli.Inference;

/// <summary>A model that answers for pictures.</summary>
internal interface IPictureModel : IDisposable
{
    /// <summary>What was found in the picture asked about last, in pixels of the picture; null where that is not what it does.</summary>
    Detections? Found => null;

    /// <summary>The most likely classes of the picture asked about last; null where that is not what it does.</summary>
    IReadOnlyList<ClassScore>? Top => null;

    /// <summary>What a class is called.</summary>
    string LabelOf(int number);

    /// <summary>Answers for one picture.</summary>
    PictureAnswer Ask(INetwork network, string name, Frame picture, CancellationToken cancellation);

    /// <summary>Draws the answer for the picture asked about last, at a size of its own.</summary>
    void Draw(CpuCanvas canvas, Frame picture, PictureAnswer answer) => AnswerPicture.Draw(canvas, picture, answer);
}
