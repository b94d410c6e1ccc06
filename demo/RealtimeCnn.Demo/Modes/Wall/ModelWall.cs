using RealtimeCnn.Demo.Recognition;
using RealtimeCnn.Interpretation;

namespace RealtimeCnn.Demo.Modes.Wall;

/// <summary>A model on the wall: its layers, and how strongly each of their channels counts. A network with gains is made of the layers that were touched; the others cost nothing.</summary>
internal sealed class ModelWall : IDisposable
{
    private const float MostGain = 8;
    private readonly ChannelStudy _study;
    private readonly ChannelGains _gains;
    private readonly Dictionary<WallLayer, (float[] Gains, int Solo)> _touched = [];
    private float[] _written = [];

    /// <param name="model">The model; stays its maker's.</param>
    /// <param name="study">Studies its channels.</param>
    public ModelWall(ShownModel model, ChannelStudy study)
    {
        (Model, _study, _gains) = (model, study, new ChannelGains(model.Graph));
        Layers = WallLayers.Of(model.Graph);
        Network = new WallNetwork(model, Layers, _gains, [], study);
    }

    /// <summary>The model.</summary>
    public ShownModel Model { get; }

    /// <summary>Its layers.</summary>
    public IReadOnlyList<WallLayer> Layers { get; }

    /// <summary>What is computed: the model, with gains where the user asked for some.</summary>
    public WallNetwork Network { get; private set; }

    /// <summary>Whether any channel is muted or amplified.</summary>
    public bool IsTouched => _touched.Count > 0;

    /// <summary>How strongly a channel counts: 1 as it is, 0 not at all.</summary>
    public float GainOf(WallLayer layer, int channel) => _touched.TryGetValue(layer, out var state) ? (state.Solo >= 0 && state.Solo != channel ? 0 : state.Gains[channel]) : 1;

    /// <summary>Whether a channel is the only one of its layer that counts.</summary>
    public bool IsSolo(WallLayer layer, int channel) => _touched.TryGetValue(layer, out var state) && state.Solo == channel;

    /// <summary>Mutes a channel, or lets it count again.</summary>
    public void Mute(WallLayer layer, int channel) => Change(layer, (gains, solo) =>
    {
        gains[channel] = gains[channel] == 0 ? 1 : 0;
        return solo;
    });

    /// <summary>Lets one channel count alone, or all of them again.</summary>
    public void Solo(WallLayer layer, int channel) => Change(layer, (_, solo) => solo == channel ? -1 : channel);

    /// <summary>Doubles how strongly a channel counts, up to eight times, and then as it is.</summary>
    public void Amplify(WallLayer layer, int channel) => Change(layer, (gains, solo) =>
    {
        gains[channel] = gains[channel] is 0 or >= MostGain ? 1 : gains[channel] * 2;
        return solo;
    });

    /// <summary>All channels count as they are.</summary>
    public void Reset()
    {
        if (!IsTouched)
            return;
        _touched.Clear();
        Network = new WallNetwork(Model, Layers, _gains, [], _study);
    }

    public void Dispose() => _gains.Dispose();

    private void Change(WallLayer layer, Func<float[], int, int> change)
    {
        bool isNew = !_touched.TryGetValue(layer, out var state);
        if (isNew)
        {
            state = (new float[layer.Shape.Channels], -1);
            Array.Fill(state.Gains, 1);
        }

        state.Solo = change(state.Gains, state.Solo);
        _touched[layer] = state;
        if (_written.Length < layer.Shape.Channels)
            _written = new float[layer.Shape.Channels];
        for (int channel = 0; channel < layer.Shape.Channels; channel++)
            _written[channel] = GainOf(layer, channel);
        _gains.Write(layer.Node.Name, _written.AsSpan(0, layer.Shape.Channels));
        if (isNew)
            Network = new WallNetwork(Model, Layers, _gains, [.. _touched.Keys.Select(touched => touched.Node.Name)], _study);
    }
}
