using System.CommandLine;

namespace RealtimeCnn.Cli.Training;

/// <summary>The flags of <c>rtcnn train</c> that say what of a network stays as it is, and for how long.</summary>
internal sealed class TransferOptions
{
    private const float UsualShare = 0.1f;
    private readonly Option<string?> _front = new("--front") { Description = "The last node of a front that stays as it is; what it gives is computed once, and the rest is trained on that.", HelpName = "node" };
    private readonly Option<bool> _newEnd = new("--new-end") { Description = "Put a classifier of the data's classes behind --front, in place of what is there." };
    private readonly Option<int?> _unfreeze = SharedOptions.Number("--unfreeze", "Epochs in which all of the network is trained then.", 1, 100_000);
    private readonly Option<float?> _unfrozenRate = new("--unfrozen-rate") { Description = "Share of the rate that is used for that; 0.1 unless said." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _front, _newEnd, _unfreeze, _unfrozenRate })
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_front) == null && (result.GetValue(_newEnd) || result.GetValue(_unfreeze) != null))
                result.AddError("--new-end and --unfreeze are about a --front: name its last node.");
            if (result.GetValue(_unfrozenRate) is { } share && !(share > 0))
                result.AddError("--unfrozen-rate is a share above 0.");
        });
    }

    public Transfer Read(ParseResult parsed) => new(parsed.GetValue(_front), parsed.GetValue(_newEnd), parsed.GetValue(_unfreeze), parsed.GetValue(_unfrozenRate) ?? UsualShare);
}
