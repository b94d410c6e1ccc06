namespace RealtimeCnn.Tests.Heads;

/// <summary>A candidate as the published code finds it, before suppression.</summary>
internal sealed record PublishedBox(double Score, int Class, double Left, double Top, double Right, double Bottom, params (double X, double Y)[] Points)
{
    public double Area => Math.Max(Right - Left, 0) * Math.Max(Bottom - Top, 0);

    public double Iou(PublishedBox other)
    {
        double shared = Math.Max(Math.Min(Right, other.Right) - Math.Max(Left, other.Left), 0) * Math.Max(Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top), 0);
        return shared / (Area + other.Area - shared);
    }
}

/// <summary>
/// What the authors of detectors do with outputs, each in the way of its own code, in double and one number at a time. Candidates come in
/// the order in which that code meets them.
/// </summary>
internal static class PublishedDecoding
{
    /// <summary>box_utils.py of Ultra-Light-Fast-Generic-Face-Detector-1MB: generate_priors, convert_locations_to_boxes, center_form_to_corner_form; predictor.py: every class but the background.</summary>
    public static IEnumerable<PublishedBox> Ssd(Tensor scores, Tensor boxes, Tensor? landmarks, int width, int height, int[] strides, double[][] minBoxes, bool isSoftmax)
    {
        var priors = new List<(double X, double Y, double W, double H)>();
        for (int index = 0; index < strides.Length; index++)
        {
            double scaleW = width / (double)strides[index], scaleH = height / (double)strides[index];
            for (int j = 0; j < (int)Math.Ceiling(scaleH); j++)
            {
                for (int i = 0; i < (int)Math.Ceiling(scaleW); i++)
                {
                    foreach (double minBox in minBoxes[index])
                        priors.Add((Clamp((i + 0.5) / scaleW), Clamp((j + 0.5) / scaleH), Clamp(minBox / width), Clamp(minBox / height)));
                }
            }
        }

        int classes = scores.Shape[2];
        for (int p = 0; p < priors.Count; p++)
        {
            double[] confidences = [.. Enumerable.Range(0, classes).Select(k => (double)scores.Span[(p * classes) + k])];
            if (isSoftmax)
                confidences = Softmax(confidences);
            double[] location = [.. Enumerable.Range(0, 4).Select(k => (double)boxes.Span[(p * 4) + k])];
            double cx = (location[0] * 0.1 * priors[p].W) + priors[p].X, cy = (location[1] * 0.1 * priors[p].H) + priors[p].Y;
            double w = Math.Exp(location[2] * 0.2) * priors[p].W, h = Math.Exp(location[3] * 0.2) * priors[p].H;
            var points = landmarks == null ? [] : Enumerable.Range(0, landmarks.Shape[2] / 2).Select(k => (
                ((landmarks.Span[(p * landmarks.Shape[2]) + (2 * k)] * 0.1 * priors[p].W) + priors[p].X) * width,
                ((landmarks.Span[(p * landmarks.Shape[2]) + (2 * k) + 1] * 0.1 * priors[p].H) + priors[p].Y) * height)).ToArray();
            for (int k = 1; k < classes; k++)
                yield return new PublishedBox(confidences[k], k - 1, (cx - (w / 2)) * width, (cy - (h / 2)) * height, (cx + (w / 2)) * width, (cy + (h / 2)) * height, points);
        }

        static double Clamp(double value) => Math.Clamp(value, 0, 1);
    }

    /// <summary>The same predictor on an export whose boxes are corners in [0, 1] already.</summary>
    public static IEnumerable<PublishedBox> Corners(Tensor scores, Tensor boxes, int width, int height)
    {
        int classes = scores.Shape[2];
        for (int p = 0; p < boxes.Shape[1]; p++)
        {
            for (int k = 1; k < classes; k++)
                yield return new PublishedBox(scores.Span[(p * classes) + k], k - 1, boxes.Span[p * 4] * (double)width, boxes.Span[(p * 4) + 1] * (double)height, boxes.Span[(p * 4) + 2] * (double)width, boxes.Span[(p * 4) + 3] * (double)height);
        }
    }

    /// <summary>MediaPipe: ssd_anchors_calculator.cc with fixed_anchor_size, tensors_to_detections_calculator.cc with reverse_output_order.</summary>
    public static IEnumerable<PublishedBox> Blaze(Tensor regressors, Tensor classificators, int side, (int Stride, int PerCell)[] layers)
    {
        var anchors = new List<(double X, double Y)>();
        foreach (var (stride, perCell) in layers)
        {
            int map = (int)Math.Ceiling((double)side / stride);
            for (int y = 0; y < map; y++)
            {
                for (int x = 0; x < map; x++)
                {
                    for (int id = 0; id < perCell; id++)
                        anchors.Add(((x + 0.5) / map, (y + 0.5) / map));
                }
            }
        }

        int channels = regressors.Shape[2];
        for (int i = 0; i < anchors.Count; i++)
        {
            double Raw(int channel) => regressors.Span[(i * channels) + channel];
            double xCenter = (Raw(0) / side) + anchors[i].X, yCenter = (Raw(1) / side) + anchors[i].Y, w = Raw(2) / side, h = Raw(3) / side;
            yield return new PublishedBox(
                Sigmoid(Math.Clamp(classificators.Span[i], -100, 100)), 0, (xCenter - (w / 2)) * side, (yCenter - (h / 2)) * side, (xCenter + (w / 2)) * side, (yCenter + (h / 2)) * side,
                [.. Enumerable.Range(0, (channels - 4) / 2).Select(k => (((Raw(4 + (2 * k)) / side) + anchors[i].X) * side, ((Raw(5 + (2 * k)) / side) + anchors[i].Y) * side))]);
        }
    }

    /// <summary>YOLOX, demo_utils.py: demo_postprocess, which a network that decodes leaves out, and multiclass_nms_class_agnostic's best class.</summary>
    public static IEnumerable<PublishedBox> Yolox(Tensor output, int width, int height, bool isDecoded = false)
    {
        int channels = output.Shape[2], place = 0;
        foreach (int stride in new[] { 8, 16, 32 })
        {
            for (int y = 0; y < height / stride; y++)
            {
                for (int x = 0; x < width / stride; x++, place++)
                {
                    double Raw(int channel) => output.Span[(place * channels) + channel];
                    double cx = (Raw(0) + x) * stride, cy = (Raw(1) + y) * stride, w = Math.Exp(Raw(2)) * stride, h = Math.Exp(Raw(3)) * stride;
                    if (isDecoded)
                        (cx, cy, w, h) = (Raw(0), Raw(1), Raw(2), Raw(3));
                    double[] scores = [.. Enumerable.Range(5, channels - 5).Select(k => Raw(4) * Raw(k))];
                    int best = Array.IndexOf(scores, scores.Max());
                    yield return new PublishedBox(scores[best], best, cx - (w / 2), cy - (h / 2), cx + (w / 2), cy + (h / 2));
                }
            }
        }
    }

    /// <summary>NanoDet, nanodet_plus_head.py: get_bboxes with Integral and distance2bbox, whose max_shape is the input; the best class as demo_ncnn has it.</summary>
    public static IEnumerable<PublishedBox> NanoDet(Tensor output, int width, int height, int[] strides, int bins, double offset)
    {
        int channels = output.Shape[2], classes = channels - (4 * bins), place = 0;
        foreach (int stride in strides)
        {
            for (int y = 0; y < (int)Math.Ceiling((double)height / stride); y++)
            {
                for (int x = 0; x < (int)Math.Ceiling((double)width / stride); x++, place++)
                {
                    double Raw(int channel) => output.Span[(place * channels) + channel];
                    double[] distances = [.. Enumerable.Range(0, 4).Select(side =>
                        Softmax([.. Enumerable.Range(0, bins).Select(bin => Raw(classes + (side * bins) + bin))]).Select((share, bin) => share * bin).Sum() * stride)];
                    double cx = (x + offset) * stride, cy = (y + offset) * stride;
                    double[] scores = [.. Enumerable.Range(0, classes).Select(Raw)];
                    int best = Array.IndexOf(scores, scores.Max());
                    yield return new PublishedBox(
                        scores[best], best, Math.Clamp(cx - distances[0], 0, width), Math.Clamp(cy - distances[1], 0, height), Math.Clamp(cx + distances[2], 0, width), Math.Clamp(cy + distances[3], 0, height));
                }
            }
        }
    }

    /// <summary>FastestDet, utils/tool.py: handle_preds.</summary>
    public static IEnumerable<PublishedBox> FastestDet(Tensor output, int width, int height)
    {
        int h = output.Shape[2], w = output.Shape[3], classes = output.Shape[1] - 5;
        for (int gy = 0; gy < h; gy++)
        {
            for (int gx = 0; gx < w; gx++)
            {
                double Raw(int channel) => output.Span[(((channel * h) + gy) * w) + gx];
                double[] scores = [.. Enumerable.Range(5, classes).Select(Raw)];
                double bw = Sigmoid(Raw(3)), bh = Sigmoid(Raw(4)), bcx = (Math.Tanh(Raw(1)) + gx) / w, bcy = (Math.Tanh(Raw(2)) + gy) / h;
                yield return new PublishedBox(
                    Math.Pow(Raw(0), 0.6) * Math.Pow(scores.Max(), 0.4), Array.IndexOf(scores, scores.Max()),
                    (bcx - (0.5 * bw)) * width, (bcy - (0.5 * bh)) * height, (bcx + (0.5 * bw)) * width, (bcy + (0.5 * bh)) * height);
            }
        }
    }

    /// <summary>darknet, region_layer.c: get_region_detections; the best class.</summary>
    public static IEnumerable<PublishedBox> TinyYoloV2(Tensor output, int width, int height, double[] anchors)
    {
        int h = output.Shape[2], w = output.Shape[3], channels = output.Shape[1] / (anchors.Length / 2);
        for (int i = 0; i < h * w; i++)
        {
            for (int n = 0; n < anchors.Length / 2; n++)
            {
                double Raw(int channel) => output.Span[(((n * channels) + channel) * h * w) + i];
                double x = (i % w + Sigmoid(Raw(0))) / w, y = (i / w + Sigmoid(Raw(1))) / h, bw = Math.Exp(Raw(2)) * anchors[2 * n] / w, bh = Math.Exp(Raw(3)) * anchors[(2 * n) + 1] / h;
                double[] shares = Softmax([.. Enumerable.Range(5, channels - 5).Select(Raw)]);
                yield return new PublishedBox(
                    Sigmoid(Raw(4)) * shares.Max(), Array.IndexOf(shares, shares.Max()), (x - (bw / 2)) * width, (y - (bh / 2)) * height, (x + (bw / 2)) * width, (y + (bh / 2)) * height);
            }
        }
    }

    /// <summary>OpenCV, face_detect.cpp: postProcess.</summary>
    public static IEnumerable<PublishedBox> YuNet(Tensor[] outputs, int width, int height)
    {
        int[] strides = [8, 16, 32];
        for (int i = 0; i < strides.Length; i++)
        {
            int cols = width / strides[i], rows = height / strides[i];
            for (int r = 0; r < rows; r++)
            {
                for (int c = 0; c < cols; c++)
                {
                    int idx = (r * cols) + c, stride = strides[i];
                    double cls = Math.Clamp(outputs[i].Span[idx], 0, 1), obj = Math.Clamp(outputs[3 + i].Span[idx], 0, 1);
                    var bbox = outputs[6 + i];
                    var kps = outputs[9 + i];
                    double cx = (c + bbox.Span[idx * 4]) * (double)stride, cy = (r + bbox.Span[(idx * 4) + 1]) * (double)stride;
                    double w = Math.Exp(bbox.Span[(idx * 4) + 2]) * stride, h = Math.Exp(bbox.Span[(idx * 4) + 3]) * stride;
                    yield return new PublishedBox(
                        Math.Sqrt(cls * obj), 0, cx - (w / 2), cy - (h / 2), cx + (w / 2), cy + (h / 2),
                        [.. Enumerable.Range(0, 5).Select(n => ((kps.Span[(idx * 10) + (2 * n)] + c) * (double)stride, (kps.Span[(idx * 10) + (2 * n) + 1] + r) * (double)stride))]);
                }
            }
        }
    }

    /// <summary>CenterNet's peaks (a maximum of 3×3), with classes apart from heat as in decision 0030.</summary>
    public static IEnumerable<PublishedBox> Centres(Tensor heat, Tensor classes, Tensor boxes, int width, int height, double unit)
    {
        int h = heat.Shape[2], w = heat.Shape[3], area = h * w;
        for (int i = 0; i < area; i++)
        {
            var around = Enumerable.Range(0, area).Where(j => j != i && Math.Abs((j % w) - (i % w)) <= 1 && Math.Abs((j / w) - (i / w)) <= 1);
            if (around.Any(j => heat.Span[j] > heat.Span[i] || (heat.Span[j] == heat.Span[i] && j < i)))
                continue;
            double[] shares = Softmax([.. Enumerable.Range(0, classes.Shape[1]).Select(k => (double)classes.Span[(k * area) + i])]);
            double x = ((i % w) + boxes.Span[i]) * width / w, y = ((i / w) + boxes.Span[i + area]) * height / h;
            double bw = unit * Math.Exp(boxes.Span[i + (2 * area)]), bh = unit * Math.Exp(boxes.Span[i + (3 * area)]);
            for (int k = 0; k < shares.Length; k++)
                yield return new PublishedBox(Sigmoid(heat.Span[i]) * shares[k], k, x - (bw / 2), y - (bh / 2), x + (bw / 2), y + (bh / 2));
        }
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double[] Softmax(double[] logits)
    {
        double[] powers = [.. logits.Select(logit => Math.Exp(logit - logits.Max()))];
        return [.. powers.Select(power => power / powers.Sum())];
    }
}
