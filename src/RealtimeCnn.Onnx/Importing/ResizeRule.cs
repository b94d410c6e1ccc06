using RealtimeCnn.Layers;

namespace RealtimeCnn.Onnx.Importing;

/// <summary>One axis that a Resize changes.</summary>
/// <param name="Axis">Which one.</param>
/// <param name="Input">Its extent.</param>
/// <param name="Output">Its new extent.</param>
/// <param name="Scale">Output over input, as the file says it.</param>
internal sealed record ResizedAxis(int Axis, int Input, int Output, double Scale)
{
    public bool IsUnchanged => Input == Output && Scale == 1;
}

/// <summary>How Resize reads its input, by the words of the standard.</summary>
/// <param name="Mode">nearest, linear or cubic.</param>
/// <param name="Coordinates">coordinate_transformation_mode.</param>
/// <param name="Nearest">nearest_mode.</param>
internal sealed record ResizeRule(string Mode, string Coordinates, string Nearest)
{
    private static readonly string[] Modes = ["nearest", "linear", "cubic"];
    private static readonly string[] CoordinateModes = ["half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_crop_and_resize", "tf_half_pixel_for_nn"];
    private static readonly string[] NearestModes = ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"];

    /// <summary>Constant of the cubic kernel (Keys 1981).</summary>
    public double CubicCoefficient { get; init; } = -0.75;

    /// <summary>Whether weights of positions outside are left out, and the others scaled up.</summary>
    public bool ExcludeOutside { get; init; }

    /// <summary>Whether the kernel is stretched when the picture shrinks.</summary>
    public bool Antialias { get; init; }

    /// <summary>What lies outside, for tf_crop_and_resize.</summary>
    public double Extrapolation { get; init; }

    /// <summary>The part of each axis that is read, from 0 to 1, for tf_crop_and_resize.</summary>
    public (double Start, double End)[]? Regions { get; init; }

    /// <summary>The same as a layer's settings; null where the layer can't.</summary>
    public (ResizeMode Mode, ResizeCoordinates Coordinates, NearestRounding Rounding)? Direct =>
        Known is { } coordinates && Mode != "cubic" && !Antialias && !ExcludeOutside ? (Mode == "linear" ? ResizeMode.Linear : ResizeMode.Nearest, coordinates, Rounding) : null;

    /// <summary>The rule that the layer has as well; null for those that only files know.</summary>
    private ResizeCoordinates? Known => Coordinates switch
    {
        "half_pixel" => ResizeCoordinates.HalfPixel,
        "pytorch_half_pixel" => ResizeCoordinates.PyTorchHalfPixel,
        "asymmetric" => ResizeCoordinates.Asymmetric,
        "align_corners" => ResizeCoordinates.AlignCorners,
        _ => null,
    };

    private NearestRounding Rounding => Nearest switch
    {
        "round_prefer_floor" => NearestRounding.PreferFloor,
        "round_prefer_ceil" => NearestRounding.PreferCeil,
        "floor" => NearestRounding.Floor,
        _ => NearestRounding.Ceil,
    };

    /// <exception cref="MappingException">A word is not the standard's.</exception>
    public void Validate()
    {
        void Check(string attribute, string value, string[] possible)
        {
            if (!possible.Contains(value))
                throw OnnxNode.Problem($"attribute '{attribute}'", $"is '{value}'; {string.Join(", ", possible)} are possible.");
        }

        Check("mode", Mode, Modes);
        Check("coordinate_transformation_mode", Coordinates, CoordinateModes);
        Check("nearest_mode", Nearest, NearestModes);
    }

    /// <summary>The weight of each input element in each output element, row by row, and what outside adds.</summary>
    public (double[] Weights, double[] Outside) Matrix(ResizedAxis axis)
    {
        double[] weights = new double[(long)axis.Output * axis.Input], outside = new double[axis.Output];
        var line = Line(axis);
        for (int o = 0; o < axis.Output; o++)
        {
            double position = line.At(o);
            if (Regions != null && (position < 0 || position > axis.Input - 1))
            {
                outside[o] = Extrapolation;
                continue;
            }

            if (Mode == "nearest")
                weights[((long)o * axis.Input) + Math.Clamp((int)ResizeLine.Nearest(position, Rounding), 0, axis.Input - 1)] = 1;
            else
                Spread(weights.AsSpan(o * axis.Input, axis.Input), position, axis.Scale);
        }

        return (weights, outside);
    }

    private ResizeLine Line(ResizedAxis axis)
    {
        double length = axis.Input, output = axis.Scale * length;
        switch (Coordinates)
        {
            case "half_pixel_symmetric":
                // What rounding to whole pixels takes away is taken evenly from both ends.
                return ResizeLine.Of(ResizeCoordinates.HalfPixel, axis.Input, output, axis.Scale) with { Origin = length / 2 * (1 - (axis.Output / output)) };
            case "tf_half_pixel_for_nn":
                return ResizeLine.Of(ResizeCoordinates.HalfPixel, axis.Input, output, axis.Scale) with { Origin = 0.5 };
            case "tf_crop_and_resize":
                var (start, end) = Regions![axis.Axis];
                return output > 1
                    ? new ResizeLine((end - start) * (length - 1) / (output - 1), 0, start * (length - 1))
                    : new ResizeLine(0, 0, 0.5 * (start + end) * (length - 1));
            default:
                return ResizeLine.Of(Known!.Value, axis.Input, output, axis.Scale);
        }
    }

    /// <summary>Adds the kernel around a position, wider by the scale when antialiasing; positions outside count for the border.</summary>
    private void Spread(Span<double> row, double position, double scale)
    {
        double stretch = Antialias && scale < 1 ? 1 / scale : 1, radius = (Mode == "linear" ? 1 : 2) * stretch;
        int first = (int)Math.Floor(position - radius) + 1, last = (int)Math.Ceiling(position + radius) - 1;
        double sum = 0;
        for (int i = first; i <= last; i++)
        {
            bool inside = i >= 0 && i < row.Length;
            double weight = ExcludeOutside && !inside ? 0 : Kernel((i - position) / stretch);
            row[Math.Clamp(i, 0, row.Length - 1)] += weight;
            sum += weight;
        }

        foreach (ref double weight in row)
            weight /= sum;
    }

    private double Kernel(double distance)
    {
        double d = Math.Abs(distance), a = CubicCoefficient;
        if (Mode == "linear")
            return Math.Max(1 - d, 0);
        return d <= 1 ? ((((a + 2) * d) - (a + 3)) * d * d) + 1
            : d < 2 ? (((((d - 5) * d) + 8) * d) - 4) * a
            : 0;
    }
}
