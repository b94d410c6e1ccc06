using static RealtimeCnn.OpenGL.GlEnum;

namespace RealtimeCnn.OpenGL.Hosts;

/// <summary>Parts of a context's state that running a network or drawing its result may change.</summary>
[Flags]
public enum GlStateGroups
{
    /// <summary>Nothing: for a context of our own, or a host that sets what it needs before it draws.</summary>
    None = 0,

    /// <summary>The program in use.</summary>
    Program = 1 << 0,

    /// <summary>Storage and uniform buffers: the indexed bindings 0 to 7, and the general ones.</summary>
    Buffers = 1 << 1,

    /// <summary>Textures and samplers of the units 0 to 7, and the active unit.</summary>
    Textures = 1 << 2,

    /// <summary>Images of the units 0 to 7.</summary>
    Images = 1 << 3,

    /// <summary>Buffers and parameters that copies and pixel transfers use.</summary>
    Transfers = 1 << 4,

    /// <summary>What computing needs; drawing is left alone.</summary>
    Compute = Program | Buffers | Textures | Images | Transfers,

    /// <summary>Framebuffers, viewport, scissor, vertex array, the buffer of indirect commands, masks, blending and the switches of the fixed pipeline.</summary>
    Drawing = 1 << 5,

    /// <summary>Everything that this library touches.</summary>
    All = Compute | Drawing,
}

/// <summary>
/// The contract of a guest: the host's state around our calls. <see cref="GlStateGroups.All"/> (the default) saves and
/// restores everything that this library touches; a host that declares what it relies on saves the queries for the rest,
/// which can stall drivers that work on a thread of their own; a context of our own, sharing the host's objects
/// (<see cref="EglHost.CreateShared"/>), needs none. Errors that were pending in the host's context when an object is
/// made are reported as ours. Debug output stays the host's unless <see cref="GlDeviceOptions.DebugMessages"/> asks for it. In steady
/// state nothing is allocated.
/// </summary>
public sealed unsafe class GuestState
{
    /// <summary>Most units of each kind that are saved: OpenGL 4.3 guarantees no more, so no kernel uses more.</summary>
    internal const int Units = 8;

    private static readonly uint[] TransferBuffers =
        [GL_COPY_READ_BUFFER, GL_COPY_WRITE_BUFFER, GL_PIXEL_PACK_BUFFER, GL_PIXEL_UNPACK_BUFFER];

    private static readonly uint[] TransferBindings =
        [GL_COPY_READ_BUFFER_BINDING, GL_COPY_WRITE_BUFFER_BINDING, GL_PIXEL_PACK_BUFFER_BINDING, GL_PIXEL_UNPACK_BUFFER_BINDING];

    private static readonly uint[] EmbeddedPixelStores =
    [
        GL_UNPACK_ALIGNMENT, GL_UNPACK_ROW_LENGTH, GL_UNPACK_SKIP_ROWS, GL_UNPACK_SKIP_PIXELS,
        GL_PACK_ALIGNMENT, GL_PACK_ROW_LENGTH, GL_PACK_SKIP_ROWS, GL_PACK_SKIP_PIXELS,
    ];

    private static readonly uint[] DesktopPixelStores =
        [.. EmbeddedPixelStores, GL_UNPACK_SWAP_BYTES, GL_UNPACK_LSB_FIRST, GL_PACK_SWAP_BYTES, GL_PACK_LSB_FIRST];

    private readonly GlApi _gl;
    private readonly GuestDrawState _drawing;
    private readonly IndexedBuffer[] _storage;
    private readonly IndexedBuffer[] _uniform = new IndexedBuffer[Units];
    private readonly TextureUnit[] _textures = new TextureUnit[Units];
    private readonly ImageUnit[] _images;
    private readonly int[] _transferBuffers = new int[TransferBindings.Length];
    private readonly uint[] _pixelStoreNames;
    private readonly int[] _pixelStores = new int[DesktopPixelStores.Length];
    private int _program;
    private int _storageBuffer;
    private int _uniformBuffer;
    private int _activeTexture;
    private bool _saved;

    /// <summary>Prepares to guard a host's state.</summary>
    /// <param name="device">The device attached to the host's context.</param>
    /// <param name="groups">What the host relies on.</param>
    public GuestState(GlDevice device, GlStateGroups groups = GlStateGroups.All)
        : this(Usable(device).Gl, groups)
    {
    }

    internal GuestState(GlApi gl, GlStateGroups groups)
    {
        (_gl, Groups) = (gl, groups);
        _drawing = new GuestDrawState(gl);
        _storage = new IndexedBuffer[Math.Min(Units, gl.Integer(GL_MAX_SHADER_STORAGE_BUFFER_BINDINGS))];
        _images = new ImageUnit[Math.Min(Units, gl.Integer(GL_MAX_IMAGE_UNITS))];
        _pixelStoreNames = gl.Version.IsEmbedded ? EmbeddedPixelStores : DesktopPixelStores;
    }

    private bool HasBufferTextures => _gl.TexBufferRange != null;

    /// <summary>What is saved and restored.</summary>
    public GlStateGroups Groups { get; }

    /// <summary>Reads the host's state. Call it before the first of our calls.</summary>
    public void Save()
    {
        if ((Groups & GlStateGroups.Program) != 0)
            _program = _gl.Integer(GL_CURRENT_PROGRAM);
        if ((Groups & GlStateGroups.Buffers) != 0)
            SaveBuffers();
        if ((Groups & GlStateGroups.Textures) != 0)
            SaveTextures();
        if ((Groups & GlStateGroups.Images) != 0)
            SaveImages();
        if ((Groups & GlStateGroups.Transfers) != 0)
            SaveTransfers();
        if ((Groups & GlStateGroups.Drawing) != 0)
            _drawing.Save();
        _saved = true;
    }

    /// <summary>Puts back what <see cref="Save"/> found.</summary>
    /// <exception cref="InvalidOperationException">Nothing was saved.</exception>
    public void Restore()
    {
        if (!_saved)
            throw new InvalidOperationException("There is no saved state to restore; call Save before the calls that change it.");
        _saved = false;
        if ((Groups & GlStateGroups.Program) != 0)
        {
            // A host may delete the program that it uses: then it ends where another takes its place, and nothing brings it back.
            _gl.UseProgram(_gl.IsProgram((uint)_program) != 0 ? (uint)_program : 0);
        }

        if ((Groups & GlStateGroups.Buffers) != 0)
            RestoreBuffers();
        if ((Groups & GlStateGroups.Textures) != 0)
            RestoreTextures();
        if ((Groups & GlStateGroups.Images) != 0)
            RestoreImages();
        if ((Groups & GlStateGroups.Transfers) != 0)
            RestoreTransfers();
        if ((Groups & GlStateGroups.Drawing) != 0)
            _drawing.Restore();
    }

    private void SaveBuffers()
    {
        (_storageBuffer, _uniformBuffer) = (_gl.Integer(GL_SHADER_STORAGE_BUFFER_BINDING), _gl.Integer(GL_UNIFORM_BUFFER_BINDING));
        for (uint unit = 0; unit < _storage.Length; unit++)
            _storage[unit] = Read(unit, GL_SHADER_STORAGE_BUFFER_BINDING, GL_SHADER_STORAGE_BUFFER_START, GL_SHADER_STORAGE_BUFFER_SIZE);
        for (uint unit = 0; unit < _uniform.Length; unit++)
            _uniform[unit] = Read(unit, GL_UNIFORM_BUFFER_BINDING, GL_UNIFORM_BUFFER_START, GL_UNIFORM_BUFFER_SIZE);

        IndexedBuffer Read(uint unit, uint binding, uint start, uint size)
        {
            long offset, length;
            _gl.GetInteger64i_v(start, unit, &offset);
            _gl.GetInteger64i_v(size, unit, &length);
            return new((uint)_gl.Integer(binding, unit), (nint)offset, (nint)length);
        }
    }

    private void RestoreBuffers()
    {
        for (uint unit = 0; unit < _storage.Length; unit++)
            Write(GL_SHADER_STORAGE_BUFFER, unit, _storage[unit]);
        for (uint unit = 0; unit < _uniform.Length; unit++)
            Write(GL_UNIFORM_BUFFER, unit, _uniform[unit]);

        // Binding to an index binds the general target too.
        _gl.BindBuffer(GL_SHADER_STORAGE_BUFFER, (uint)_storageBuffer);
        _gl.BindBuffer(GL_UNIFORM_BUFFER, (uint)_uniformBuffer);

        void Write(uint target, uint unit, IndexedBuffer saved)
        {
            if (saved.Length == 0)
                _gl.BindBufferBase(target, unit, saved.Id);
            else
                _gl.BindBufferRange(target, unit, saved.Id, saved.Offset, saved.Length);
        }
    }

    private void SaveTextures()
    {
        _activeTexture = _gl.Integer(GL_ACTIVE_TEXTURE);
        for (uint unit = 0; unit < Units; unit++)
        {
            _gl.ActiveTexture(GL_TEXTURE0 + unit);
            _textures[unit] = new((uint)_gl.Integer(GL_TEXTURE_BINDING_2D), HasBufferTextures ? (uint)_gl.Integer(GL_TEXTURE_BINDING_BUFFER) : 0, (uint)_gl.Integer(GL_SAMPLER_BINDING));
        }

        _gl.ActiveTexture((uint)_activeTexture);
    }

    private void RestoreTextures()
    {
        for (uint unit = 0; unit < Units; unit++)
        {
            _gl.ActiveTexture(GL_TEXTURE0 + unit);
            _gl.BindTexture(GL_TEXTURE_2D, _textures[unit].Texture2D);
            if (HasBufferTextures)
                _gl.BindTexture(GL_TEXTURE_BUFFER, _textures[unit].TextureBuffer);
            _gl.BindSampler(unit, _textures[unit].Sampler);
        }

        _gl.ActiveTexture((uint)_activeTexture);
    }

    private void SaveImages()
    {
        for (uint unit = 0; unit < _images.Length; unit++)
        {
            _images[unit] = new(
                (uint)_gl.Integer(GL_IMAGE_BINDING_NAME, unit), _gl.Integer(GL_IMAGE_BINDING_LEVEL, unit), (byte)_gl.Integer(GL_IMAGE_BINDING_LAYERED, unit),
                _gl.Integer(GL_IMAGE_BINDING_LAYER, unit), (uint)_gl.Integer(GL_IMAGE_BINDING_ACCESS, unit), (uint)_gl.Integer(GL_IMAGE_BINDING_FORMAT, unit));
        }
    }

    private void RestoreImages()
    {
        for (uint unit = 0; unit < _images.Length; unit++)
        {
            var saved = _images[unit];
            _gl.BindImageTexture(unit, saved.Texture, saved.Level, saved.Layered, saved.Layer, saved.Access, saved.Format);
        }
    }

    private void SaveTransfers()
    {
        for (int i = 0; i < TransferBindings.Length; i++)
            _transferBuffers[i] = _gl.Integer(TransferBindings[i]);
        for (int i = 0; i < _pixelStoreNames.Length; i++)
            _pixelStores[i] = _gl.Integer(_pixelStoreNames[i]);
    }

    private void RestoreTransfers()
    {
        for (int i = 0; i < TransferBuffers.Length; i++)
            _gl.BindBuffer(TransferBuffers[i], (uint)_transferBuffers[i]);
        for (int i = 0; i < _pixelStoreNames.Length; i++)
            _gl.PixelStorei(_pixelStoreNames[i], _pixelStores[i]);
    }

    private static GlDevice Usable(GlDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        device.VerifyThread();
        return device;
    }

    private readonly record struct IndexedBuffer(uint Id, nint Offset, nint Length);

    private readonly record struct TextureUnit(uint Texture2D, uint TextureBuffer, uint Sampler);

    private readonly record struct ImageUnit(uint Texture, int Level, byte Layered, int Layer, uint Access, uint Format);
}
