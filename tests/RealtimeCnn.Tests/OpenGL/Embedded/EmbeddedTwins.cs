using RealtimeCnn.Tests.Drawing;
using RealtimeCnn.Tests.Outside;

namespace RealtimeCnn.Tests.OpenGL.Embedded;

// What holds on the desktop holds in OpenGL ES: the same tests, in a context of it.

[Collection(EmbeddedGlTests.Name)]
public sealed class EmbeddedCanvasTests(EmbeddedGlFixture gl) : GpuCanvasTests(gl);

[Collection(EmbeddedGlTests.Name)]
public sealed class EmbeddedBufferTests(EmbeddedGlFixture gl) : GpuBufferTests(gl);

[Collection(EmbeddedGlTests.Name)]
public sealed class EmbeddedImageToTensorTests(EmbeddedGlFixture gl) : GpuImageToTensorTests(gl);

[Collection(EmbeddedGlTests.Name)]
public sealed class EmbeddedNetworkTests(EmbeddedGlFixture gl) : GpuNetworkTests(gl);

[Collection(EmbeddedGlTests.Name)]
public sealed class EmbeddedOutsideLayerTests(EmbeddedGlFixture gl) : OutsideLayerTests(gl);

[Collection(EmbeddedGlTests.Name)]
public sealed class EmbeddedUploaderTests(EmbeddedGlFixture gl) : FrameUploaderTests(gl);

[Collection(EmbeddedGlTests.Name)]
public sealed class EmbeddedResultReaderTests(EmbeddedGlFixture gl) : ResultReaderTests(gl);

[Collection(EmbeddedGlTests.Name)]
public sealed class EmbeddedHeadTests(EmbeddedGlFixture gl) : GpuHeadTests(gl);

[Collection(EmbeddedGlTests.Name)]
public sealed class EmbeddedOutputTextureTests(EmbeddedGlFixture gl) : OutputTextureTests(gl);

[Collection(EmbeddedGlTests.Name)]
public sealed class EmbeddedDrawnBoxesTests(EmbeddedGlFixture gl) : DrawnBoxesTests(gl);

[Collection(EmbeddedGlTests.Name)]
public sealed class EmbeddedLiveHeadTests(EmbeddedGlFixture gl) : LiveHeadTests(gl);

[Collection(EmbeddedGlTests.Name)]
public sealed class EmbeddedRegionToTensorTests(EmbeddedGlFixture gl) : GpuRegionToTensorTests(gl);

[Collection(EmbeddedGlTests.Name)]
public sealed class EmbeddedLiveRegionTests(EmbeddedGlFixture gl) : LiveRegionTests(gl);
