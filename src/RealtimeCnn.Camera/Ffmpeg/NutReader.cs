namespace RealtimeCnn.Camera.Ffmpeg;

/// <summary>A packet's place in a NUT stream; its payload follows and is read with <see cref="NutReader.ReadPayload"/>.</summary>
/// <param name="Pts">Presentation time.</param>
/// <param name="Bytes">Size of the payload.</param>
internal readonly record struct NutPacket(TimeSpan Pts, int Bytes);

/// <summary>
/// Reads the NUT container of one raw video stream from a pipe. NUT carries an exact time with every packet and costs
/// a few bytes; it is what FFmpeg writes to <c>-f nut -</c>. Seeking, several streams and checksums of a pipe that
/// cannot lose bytes are left out.
/// Source: "NUT Open Container Format" 20080225 (versions 3 and 4).
/// </summary>
internal sealed class NutReader(Stream stream)
{
    private const ulong MainStartcode = 0x4E4D_7A56_1F5F_04AD;
    private const ulong StreamStartcode = 0x4E53_1140_5BF2_F9DB;
    private const ulong SyncpointStartcode = 0x4E4B_E4AD_EECA_4569;
    private const int LargePacket = 4096;

    [Flags]
    private enum Flags
    {
        CodedPts = 8,
        StreamId = 16,
        SizeMsb = 32,
        Checksum = 64,
        Reserved = 128,
        SideData = 256,
        HeaderIndex = 1024,
        MatchTime = 2048,
        Coded = 4096,
        Invalid = 8192,
    }

    private readonly record struct FrameCode(Flags Flags, int PtsDelta, int SizeMul, int SizeLsb, int Reserved);

    private static ReadOnlySpan<byte> FileId => "nut/multimedia container\0"u8;

    private readonly FrameCode[] _codes = new FrameCode[256];
    private readonly byte[] _buffer = new byte[1 << 16];
    private (long Numerator, long Denominator)[] _timeBases = [];
    private int _read;
    private int _filled;
    private int _version;
    private int _timeBase;
    private int _ptsShift;
    private long _lastPts;
    private long _payloadLeft;

    /// <summary>Reads the file's signature.</summary>
    /// <exception cref="EndOfStreamException">Nothing came: the writer ended before its first byte.</exception>
    /// <exception cref="InvalidDataException">It is not NUT.</exception>
    public void ReadSignature()
    {
        foreach (byte expected in FileId)
        {
            if (ReadByte() != expected)
                throw new InvalidDataException("The decoder's output is not in the NUT container.");
        }
    }

    /// <summary>The next packet, after skipping what is left of the one before; null at the end.</summary>
    /// <exception cref="InvalidDataException">The bytes break the format.</exception>
    public NutPacket? ReadPacket()
    {
        Skip(_payloadLeft);
        while (true)
        {
            if (_read == _filled && !Fill())
                return null;
            int code = ReadByte();
            if (code == 'N')
                ReadHeader();
            else
                return ReadFrameHeader(_codes[code]);
        }
    }

    /// <summary>Fills <paramref name="target"/> with the next bytes of the packet's payload.</summary>
    /// <exception cref="EndOfStreamException">The stream ended inside the packet.</exception>
    public void ReadPayload(Span<byte> target)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(target.Length, _payloadLeft);
        _payloadLeft -= target.Length;
        int buffered = Math.Min(target.Length, _filled - _read);
        _buffer.AsSpan(_read, buffered).CopyTo(target);
        _read += buffered;
        stream.ReadExactly(target[buffered..]);
    }

    /// <summary>Passes over the next bytes of the packet's payload.</summary>
    /// <exception cref="EndOfStreamException">The stream ended inside the packet.</exception>
    public void Skip(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _payloadLeft);
        while (bytes > 0)
        {
            if (_read == _filled && !Fill())
                throw new EndOfStreamException();
            int skipped = (int)Math.Min(bytes, _filled - _read);
            _read += skipped;
            _payloadLeft -= skipped;
            bytes -= skipped;
        }
    }

    private NutPacket ReadFrameHeader(FrameCode code)
    {
        var flags = code.Flags;
        if (flags.HasFlag(Flags.Coded))
            flags ^= (Flags)ReadVar();
        if (flags.HasFlag(Flags.Invalid) || code.SizeMul == 0)
            throw new InvalidDataException("NUT: invalid frame code.");
        if (flags.HasFlag(Flags.StreamId) && ReadVar() != 0)
            throw new InvalidDataException("NUT: more than one stream.");
        if (flags.HasFlag(Flags.CodedPts))
            _lastPts = DecodePts(ReadVar());
        else
            _lastPts += code.PtsDelta;
        long size = code.SizeLsb + (flags.HasFlag(Flags.SizeMsb) ? ReadVar() * code.SizeMul : 0);
        if (flags.HasFlag(Flags.MatchTime))
            ReadVar();
        if (flags.HasFlag(Flags.HeaderIndex))
            ReadVar();
        long reserved = flags.HasFlag(Flags.Reserved) ? ReadVar() : code.Reserved;
        for (; reserved > 0; reserved--)
            ReadVar();
        if (flags.HasFlag(Flags.Checksum))
            ReadBytes(4);
        if (size > int.MaxValue)
            throw new InvalidDataException($"NUT: a packet of {size} bytes.");
        _payloadLeft = size;
        if (flags.HasFlag(Flags.SideData) && _version >= 4)
            SkipSideData();
        return new NutPacket(ToTime(_lastPts, _timeBase), (int)_payloadLeft);
    }

    // Side data and metadata are two counted lists in front of the payload; raw video has empty ones.
    private void SkipSideData()
    {
        for (int list = 0; list < 2; list++)
        {
            if (ReadCountedVar() != 0)
                throw new InvalidDataException("NUT: raw video with side data.");
        }
    }

    private long ReadCountedVar()
    {
        long value = 0;
        int next;
        do
        {
            next = ReadByte();
            _payloadLeft--;
            value = (value << 7) | (uint)(next & 0x7F);
        }
        while ((next & 0x80) != 0);
        return value;
    }

    // A short code gives the low bits of the time nearest to the last one; a long code the time itself.
    private long DecodePts(long coded)
    {
        long range = 1L << _ptsShift;
        if (coded >= range)
            return coded - range;
        long mask = range - 1;
        long origin = _lastPts - (mask / 2);
        return ((coded - origin) & mask) + origin;
    }

    private void ReadHeader()
    {
        ulong startcode = (ulong)'N' << 56;
        foreach (byte next in ReadBytes(7))
            startcode = (startcode & 0xFF00_0000_0000_0000) | ((startcode << 8) & 0x00FF_FFFF_FFFF_FFFF) | next;
        long size = ReadVar();
        if (size > LargePacket)
            ReadBytes(4);
        if (size is < 4 or > 1 << 20)
            throw new InvalidDataException($"NUT: a header of {size} bytes.");
        var fields = new Fields(ReadBytes((int)size)[..^4]);
        if (startcode == MainStartcode)
            ReadMain(fields);
        else if (startcode == StreamStartcode)
            ReadStream(fields);
        else if (startcode == SyncpointStartcode)
            ReadSyncpoint(fields);
    }

    private void ReadMain(Fields fields)
    {
        _version = fields.Int();
        if (_version is not (3 or 4))
            throw new InvalidDataException($"NUT version {_version}; versions 3 and 4 are read.");
        if (_version > 3)
            fields.Var();
        if (fields.Var() != 1)
            throw new InvalidDataException("NUT: more than one stream.");
        fields.Var();
        _timeBases = new (long, long)[fields.Int()];
        for (int i = 0; i < _timeBases.Length; i++)
            _timeBases[i] = (fields.Var(), fields.Var());
        ReadFrameCodes(fields);
    }

    private void ReadFrameCodes(Fields fields)
    {
        var (pts, mul) = (0, 1);
        int code = 0;
        while (code < 256)
        {
            var flags = (Flags)fields.Var();
            int given = fields.Int();
            pts = given > 0 ? fields.SignedInt() : pts;
            mul = given > 1 ? fields.Int() : mul;
            _ = given > 2 ? fields.Var() : 0;
            int size = given > 3 ? fields.Int() : 0;
            int reserved = given > 4 ? fields.Int() : 0;
            int count = given > 5 ? fields.Int() : mul - size;
            for (int field = 6; field < given; field++)
                fields.Var();
            if (count <= 0)
                throw new InvalidDataException("NUT: an empty run of frame codes.");
            for (int j = 0; j < count && code < 256; code++)
            {
                // 'N' starts a header, so no frame may begin with it.
                _codes[code] = code == 'N' ? new FrameCode(Flags.Invalid, 0, 0, 0, 0) : new FrameCode(flags, pts, mul, size + j, reserved);
                j += code == 'N' ? 0 : 1;
            }
        }
    }

    private void ReadStream(Fields fields)
    {
        fields.Var();
        fields.Var();
        fields.Skip(fields.Int());
        _timeBase = fields.Int();
        _ptsShift = fields.Int();
        if (_timeBase >= _timeBases.Length || _ptsShift > 15)
            throw new InvalidDataException("NUT: invalid stream header.");
    }

    private void ReadSyncpoint(Fields fields)
    {
        long coded = fields.Var();
        var (fromNumerator, fromDenominator) = _timeBases[coded % _timeBases.Length];
        var (toNumerator, toDenominator) = _timeBases[_timeBase];
        _lastPts = (long)((Int128)(coded / _timeBases.Length) * fromNumerator * toDenominator / ((Int128)fromDenominator * toNumerator));
    }

    private TimeSpan ToTime(long pts, int timeBase)
    {
        var (numerator, denominator) = _timeBases[timeBase];
        return new TimeSpan((long)((Int128)pts * numerator * TimeSpan.TicksPerSecond / denominator));
    }

    private bool Fill()
    {
        _read = 0;
        _filled = stream.Read(_buffer);
        return _filled > 0;
    }

    private byte ReadByte()
    {
        if (_read == _filled && !Fill())
            throw new EndOfStreamException();
        return _buffer[_read++];
    }

    private byte[] ReadBytes(int count)
    {
        var bytes = new byte[count];
        for (int i = 0; i < count; i++)
            bytes[i] = ReadByte();
        return bytes;
    }

    private long ReadVar()
    {
        long value = 0;
        byte next;
        do
        {
            next = ReadByte();
            value = (value << 7) | (uint)(next & 0x7F);
        }
        while ((next & 0x80) != 0);
        return value;
    }

    /// <summary>The numbers inside one header packet.</summary>
    private sealed class Fields(byte[] bytes)
    {
        private int _at;

        public long Var()
        {
            long value = 0;
            byte next;
            do
            {
                next = Next();
                value = (value << 7) | (uint)(next & 0x7F);
            }
            while ((next & 0x80) != 0);
            return value;
        }

        public int Int() => checked((int)Var());

        public int SignedInt()
        {
            long value = Var() + 1;
            return checked((int)((value & 1) != 0 ? -(value >> 1) : value >> 1));
        }

        public void Skip(int count) => _at += count;

        private byte Next() => _at < bytes.Length ? bytes[_at++] : throw new InvalidDataException("NUT: a header ends early.");
    }
}
