namespace Emgu.CV.CvEnum;

public enum CapProp
{
    PosMsec = 0,
    PosFrames = 1,
    FrameWidth = 3,
    FrameHeight = 4,
    Fps = 5,
    FrameCount = 7,
    ConvertRgb = 16,
    Buffersize = 38,
    OrientationAuto = 49,
    HwAcceleration = 50,
    OpenTimeoutMsec = 53,
    ReadTimeoutMsec = 54,
}

public enum DepthType
{
    Default = -1,
    Cv8U = 0,
    Cv8S = 1,
    Cv16U = 2,
    Cv16S = 3,
    Cv32S = 4,
    Cv32F = 5,
    Cv64F = 6,
}

[Flags]
public enum AccessType
{
    Read = 1 << 24,
    Write = 1 << 25,
    ReadWrite = Read | Write,
}
