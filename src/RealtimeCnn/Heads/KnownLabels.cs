namespace RealtimeCnn.Heads;

/// <summary>The names of the classes of the data sets that published detectors were trained on, in their order.</summary>
internal static class KnownLabels
{
    /// <summary>Source: Everingham et al. 2010, "The PASCAL Visual Object Classes Challenge".</summary>
    private static readonly string[] Voc =
    [
        "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
    ];

    /// <summary>Source: Lin et al. 2014, "Microsoft COCO: Common Objects in Context", arXiv:1405.0312.</summary>
    private static readonly string[] Coco =
    [
        "person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat", "traffic light", "fire hydrant", "stop sign", "parking meter", "bench", "bird", "cat",
        "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra", "giraffe", "backpack", "umbrella", "handbag", "tie", "suitcase", "frisbee", "skis", "snowboard",
        "sports ball", "kite", "baseball bat", "baseball glove", "skateboard", "surfboard", "tennis racket", "bottle", "wine glass", "cup", "fork", "knife", "spoon", "bowl", "banana", "apple",
        "sandwich", "orange", "broccoli", "carrot", "hot dog", "pizza", "donut", "cake", "chair", "couch", "potted plant", "bed", "dining table", "toilet", "tv", "laptop",
        "mouse", "remote", "keyboard", "cell phone", "microwave", "oven", "toaster", "sink", "refrigerator", "book", "clock", "vase", "scissors", "teddy bear", "hair drier", "toothbrush",
    ];

    /// <summary>Those of Pascal VOC for as many classes, else none.</summary>
    public static IReadOnlyList<string> OfVoc(int classes) => classes == Voc.Length ? Voc : [];

    /// <summary>Those of COCO for as many classes, else none.</summary>
    public static IReadOnlyList<string> OfCoco(int classes) => classes == Coco.Length ? Coco : [];
}
