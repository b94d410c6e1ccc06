namespace RealtimeCnn.Fuzz.Damage;

/// <summary>Damages a file the way transport and malice do, the same for each seed.</summary>
internal static class FileMutator
{
    public static byte[] Mutate(byte[] file, int seed)
    {
        var random = new Random(seed);
        var bytes = new List<byte>(file);
        for (int edits = random.Next(3) == 0 ? random.Next(2, 5) : 1; edits > 0 && bytes.Count > 0; edits--)
            Edit(bytes, random);
        return [.. bytes];
    }

    private static void Edit(List<byte> bytes, Random random)
    {
        int at = random.Next(bytes.Count);
        switch (random.Next(8))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes[at] = random.Next(3) switch { 0 => 0, 1 => 0x7F, _ => 0xFF };
                break;
            case 3:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 4:
                bytes.RemoveRange(at, Math.Min(random.Next(1, 16), bytes.Count - at));
                break;
            case 5:
                // A number of ten bytes: the largest, or a negative one.
                bytes.InsertRange(at, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, (byte)(random.Next(2) == 0 ? 0x7F : 0xFF), 0x01]);
                break;
            case 6:
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 64), bytes.Count - at)));
                break;
            default:
                int other = random.Next(bytes.Count), length = Math.Min(random.Next(1, 32), bytes.Count - Math.Max(at, other));
                for (int i = 0; i < length; i++)
                    (bytes[at + i], bytes[other + i]) = (bytes[other + i], bytes[at + i]);
                break;
        }
    }
}
