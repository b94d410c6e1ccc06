#pragma warning disable IDE1006 // The names are those of the OpenGL registry, so that a search finds them.

namespace RealtimeCnn.OpenGL;

// The constants of OpenGL 4.4 core that this assembly uses.
internal static class GlEnum
{
    // Context
    public const uint GL_VENDOR = 0x1F00;
    public const uint GL_RENDERER = 0x1F01;
    public const uint GL_VERSION = 0x1F02;
    public const uint GL_EXTENSIONS = 0x1F03;
    public const uint GL_NUM_EXTENSIONS = 0x821D;
    public const uint GL_MAJOR_VERSION = 0x821B;
    public const uint GL_MINOR_VERSION = 0x821C;
    public const uint GL_GUILTY_CONTEXT_RESET = 0x8253;
    public const uint GL_INNOCENT_CONTEXT_RESET = 0x8254;
    public const uint GL_MAX_LABEL_LENGTH = 0x82E8;
    public const uint GL_NO_ERROR = 0;
    public const uint GL_INVALID_ENUM = 0x0500;
    public const uint GL_INVALID_VALUE = 0x0501;
    public const uint GL_INVALID_OPERATION = 0x0502;
    public const uint GL_INVALID_FRAMEBUFFER_OPERATION = 0x0506;
    public const uint GL_OUT_OF_MEMORY = 0x0505;

    // Types and pixel formats
    public const uint GL_UNSIGNED_BYTE = 0x1401;
    public const uint GL_FLOAT = 0x1406;
    public const uint GL_RED = 0x1903;
    public const uint GL_RGBA = 0x1908;
    public const uint GL_R8 = 0x8229;
    public const uint GL_RGBA8 = 0x8058;
    public const uint GL_R32F = 0x822E;
    public const uint GL_RGBA16F = 0x881A;
    public const uint GL_RGBA32F = 0x8814;

    // Buffers
    public const uint GL_ARRAY_BUFFER = 0x8892;
    public const uint GL_DRAW_INDIRECT_BUFFER = 0x8F3F;
    public const uint GL_COPY_READ_BUFFER = 0x8F36;
    public const uint GL_COPY_WRITE_BUFFER = 0x8F37;
    public const uint GL_PIXEL_PACK_BUFFER = 0x88EB;
    public const uint GL_PIXEL_UNPACK_BUFFER = 0x88EC;
    public const uint GL_SHADER_STORAGE_BUFFER = 0x90D2;
    public const uint GL_TEXTURE_BUFFER = 0x8C2A;
    public const uint GL_UNIFORM_BUFFER = 0x8A11;
    public const uint GL_STREAM_DRAW = 0x88E0;
    public const uint GL_STATIC_DRAW = 0x88E4;
    public const uint GL_DYNAMIC_COPY = 0x88EA;
    public const uint GL_MAP_READ_BIT = 0x0001;
    public const uint GL_MAP_WRITE_BIT = 0x0002;
    public const uint GL_MAP_PERSISTENT_BIT = 0x0040;
    public const uint GL_MAP_COHERENT_BIT = 0x0080;
    public const uint GL_MAP_INVALIDATE_BUFFER_BIT = 0x0008;
    public const uint GL_DYNAMIC_STORAGE_BIT = 0x0100;
    public const uint GL_CLIENT_STORAGE_BIT = 0x0200;

    // Textures and images
    public const uint GL_TEXTURE0 = 0x84C0;
    public const uint GL_TEXTURE_2D = 0x0DE1;
    public const uint GL_TEXTURE_MIN_FILTER = 0x2801;
    public const uint GL_TEXTURE_MAG_FILTER = 0x2800;
    public const uint GL_TEXTURE_WRAP_S = 0x2802;
    public const uint GL_TEXTURE_WRAP_T = 0x2803;
    public const uint GL_NEAREST = 0x2600;
    public const uint GL_LINEAR = 0x2601;
    public const uint GL_CLAMP_TO_EDGE = 0x812F;
    public const uint GL_READ_ONLY = 0x88B8;
    public const uint GL_WRITE_ONLY = 0x88B9;
    public const uint GL_READ_WRITE = 0x88BA;
    public const uint GL_UNPACK_ALIGNMENT = 0x0CF5;
    public const uint GL_UNPACK_ROW_LENGTH = 0x0CF2;
    public const uint GL_UNPACK_SKIP_ROWS = 0x0CF3;
    public const uint GL_UNPACK_SKIP_PIXELS = 0x0CF4;
    public const uint GL_UNPACK_SWAP_BYTES = 0x0CF0;
    public const uint GL_UNPACK_LSB_FIRST = 0x0CF1;
    public const uint GL_PACK_ALIGNMENT = 0x0D05;
    public const uint GL_PACK_ROW_LENGTH = 0x0D02;
    public const uint GL_PACK_SKIP_ROWS = 0x0D03;
    public const uint GL_PACK_SKIP_PIXELS = 0x0D04;
    public const uint GL_PACK_SWAP_BYTES = 0x0D00;
    public const uint GL_PACK_LSB_FIRST = 0x0D01;

    // Shaders and programs
    public const uint GL_COMPUTE_SHADER = 0x91B9;
    public const uint GL_VERTEX_SHADER = 0x8B31;
    public const uint GL_FRAGMENT_SHADER = 0x8B30;
    public const uint GL_COMPILE_STATUS = 0x8B81;
    public const uint GL_COMPLETION_STATUS_KHR = 0x91B1;
    public const uint GL_PROGRAM_BINARY_RETRIEVABLE_HINT = 0x8257;
    public const uint GL_PROGRAM_BINARY_LENGTH = 0x8741;
    public const uint GL_NUM_PROGRAM_BINARY_FORMATS = 0x87FE;
    public const uint GL_PROGRAM_BINARY_FORMATS = 0x87FF;
    public const uint GL_LINK_STATUS = 0x8B82;
    public const uint GL_INFO_LOG_LENGTH = 0x8B84;
    public const uint GL_COMPUTE_WORK_GROUP_SIZE = 0x8267;
    public const uint GL_CURRENT_PROGRAM = 0x8B8D;

    // Barriers
    public const uint GL_VERTEX_ATTRIB_ARRAY_BARRIER_BIT = 0x00000001;
    public const uint GL_COMMAND_BARRIER_BIT = 0x00000040;
    public const uint GL_SHADER_STORAGE_BARRIER_BIT = 0x00002000;
    public const uint GL_TEXTURE_FETCH_BARRIER_BIT = 0x00000008;
    public const uint GL_SHADER_IMAGE_ACCESS_BARRIER_BIT = 0x00000020;
    public const uint GL_TEXTURE_UPDATE_BARRIER_BIT = 0x00000100;
    public const uint GL_BUFFER_UPDATE_BARRIER_BIT = 0x00000200;
    public const uint GL_FRAMEBUFFER_BARRIER_BIT = 0x00000400;
    public const uint GL_CLIENT_MAPPED_BUFFER_BARRIER_BIT = 0x00004000;

    // Framebuffers and drawing
    public const uint GL_FRAMEBUFFER = 0x8D40;
    public const uint GL_DRAW_FRAMEBUFFER = 0x8CA9;
    public const uint GL_READ_FRAMEBUFFER = 0x8CA8;
    public const uint GL_COLOR_ATTACHMENT0 = 0x8CE0;
    public const uint GL_FRAMEBUFFER_COMPLETE = 0x8CD5;
    public const uint GL_COLOR_BUFFER_BIT = 0x00004000;
    public const uint GL_TRIANGLES = 0x0004;
    public const uint GL_TRIANGLE_STRIP = 0x0005;
    public const uint GL_FRONT_AND_BACK = 0x0408;
    public const uint GL_FILL = 0x1B02;
    public const uint GL_LINE = 0x1B01;
    public const uint GL_ONE = 1;
    public const uint GL_ZERO = 0;
    public const uint GL_SRC_ALPHA = 0x0302;
    public const uint GL_ONE_MINUS_SRC_ALPHA = 0x0303;
    public const uint GL_DST_COLOR = 0x0306;
    public const uint GL_FUNC_ADD = 0x8006;
    public const uint GL_FUNC_SUBTRACT = 0x800A;
    public const uint GL_BLEND = 0x0BE2;
    public const uint GL_DEPTH_TEST = 0x0B71;
    public const uint GL_SCISSOR_TEST = 0x0C11;
    public const uint GL_STENCIL_TEST = 0x0B90;
    public const uint GL_CULL_FACE = 0x0B44;
    public const uint GL_FRAMEBUFFER_SRGB = 0x8DB9;
    public const uint GL_RASTERIZER_DISCARD = 0x8C89;
    public const uint GL_COLOR_LOGIC_OP = 0x0BF2;
    public const uint GL_SAMPLE_ALPHA_TO_COVERAGE = 0x809E;
    public const uint GL_PRIMITIVE_RESTART = 0x8F9D;
    public const uint GL_DEPTH_CLAMP = 0x864F;
    public const uint GL_MULTISAMPLE = 0x809D;

    // Synchronisation and queries
    public const uint GL_SYNC_GPU_COMMANDS_COMPLETE = 0x9117;
    public const uint GL_SYNC_FLUSH_COMMANDS_BIT = 0x00000001;
    public const uint GL_TIMEOUT_EXPIRED = 0x911B;
    public const uint GL_WAIT_FAILED = 0x911D;
    public const uint GL_TIMESTAMP = 0x8E28;
    public const uint GL_GPU_DISJOINT_EXT = 0x8FBB;
    public const uint GL_QUERY_RESULT = 0x8866;
    public const uint GL_QUERY_RESULT_AVAILABLE = 0x8867;

    // KHR_debug
    public const uint GL_DEBUG_OUTPUT = 0x92E0;
    public const uint GL_DEBUG_OUTPUT_SYNCHRONOUS = 0x8242;
    public const uint GL_DEBUG_CALLBACK_FUNCTION = 0x8244;
    public const uint GL_DEBUG_SOURCE_API = 0x8246;
    public const uint GL_DEBUG_SOURCE_SHADER_COMPILER = 0x8248;
    public const uint GL_DEBUG_SOURCE_APPLICATION = 0x824A;
    public const uint GL_DEBUG_TYPE_ERROR = 0x824C;
    public const uint GL_DEBUG_TYPE_UNDEFINED_BEHAVIOR = 0x824E;
    public const uint GL_DEBUG_SEVERITY_HIGH = 0x9146;
    public const uint GL_DEBUG_SEVERITY_MEDIUM = 0x9147;
    public const uint GL_DEBUG_SEVERITY_NOTIFICATION = 0x826B;
    public const uint GL_BUFFER = 0x82E0;
    public const uint GL_TEXTURE = 0x1702;
    public const uint GL_PROGRAM = 0x82E2;

    // State that a guest saves and restores
    public const uint GL_ACTIVE_TEXTURE = 0x84E0;
    public const uint GL_TEXTURE_BINDING_2D = 0x8069;
    public const uint GL_TEXTURE_BINDING_BUFFER = 0x8C2C;
    public const uint GL_SAMPLER_BINDING = 0x8919;
    public const uint GL_COPY_READ_BUFFER_BINDING = 0x8F36;
    public const uint GL_COPY_WRITE_BUFFER_BINDING = 0x8F37;
    public const uint GL_PIXEL_PACK_BUFFER_BINDING = 0x88ED;
    public const uint GL_PIXEL_UNPACK_BUFFER_BINDING = 0x88EF;
    public const uint GL_SHADER_STORAGE_BUFFER_BINDING = 0x90D3;
    public const uint GL_SHADER_STORAGE_BUFFER_START = 0x90D4;
    public const uint GL_SHADER_STORAGE_BUFFER_SIZE = 0x90D5;
    public const uint GL_UNIFORM_BUFFER_BINDING = 0x8A28;
    public const uint GL_UNIFORM_BUFFER_START = 0x8A29;
    public const uint GL_UNIFORM_BUFFER_SIZE = 0x8A2A;
    public const uint GL_ARRAY_BUFFER_BINDING = 0x8894;
    public const uint GL_DRAW_INDIRECT_BUFFER_BINDING = 0x8F43;
    public const uint GL_IMAGE_BINDING_NAME = 0x8F3A;
    public const uint GL_IMAGE_BINDING_LEVEL = 0x8F3B;
    public const uint GL_IMAGE_BINDING_LAYERED = 0x8F3C;
    public const uint GL_IMAGE_BINDING_LAYER = 0x8F3D;
    public const uint GL_IMAGE_BINDING_ACCESS = 0x8F3E;
    public const uint GL_IMAGE_BINDING_FORMAT = 0x906E;
    public const uint GL_VERTEX_ARRAY_BINDING = 0x85B5;
    public const uint GL_DRAW_FRAMEBUFFER_BINDING = 0x8CA6;
    public const uint GL_READ_FRAMEBUFFER_BINDING = 0x8CAA;
    public const uint GL_VIEWPORT = 0x0BA2;
    public const uint GL_SCISSOR_BOX = 0x0C10;
    public const uint GL_COLOR_CLEAR_VALUE = 0x0C22;
    public const uint GL_COLOR_WRITEMASK = 0x0C23;
    public const uint GL_DEPTH_WRITEMASK = 0x0B72;
    public const uint GL_BLEND_SRC_RGB = 0x80C9;
    public const uint GL_BLEND_DST_RGB = 0x80C8;
    public const uint GL_BLEND_SRC_ALPHA = 0x80CB;
    public const uint GL_BLEND_DST_ALPHA = 0x80CA;
    public const uint GL_BLEND_EQUATION_RGB = 0x8009;
    public const uint GL_BLEND_EQUATION_ALPHA = 0x883D;
    public const uint GL_POLYGON_MODE = 0x0B40;
    public const uint GL_MAX_DRAW_BUFFERS = 0x8824;

    // Limits
    public const uint GL_MAX_SHADER_STORAGE_BLOCK_SIZE = 0x90DE;
    public const uint GL_MAX_COMPUTE_SHADER_STORAGE_BLOCKS = 0x90DB;
    public const uint GL_MAX_SHADER_STORAGE_BUFFER_BINDINGS = 0x90DD;
    public const uint GL_MAX_COMPUTE_WORK_GROUP_COUNT = 0x91BE;
    public const uint GL_MAX_COMPUTE_WORK_GROUP_SIZE = 0x91BF;
    public const uint GL_MAX_COMPUTE_WORK_GROUP_INVOCATIONS = 0x90EB;
    public const uint GL_MAX_COMPUTE_SHARED_MEMORY_SIZE = 0x8262;
    public const uint GL_MAX_UNIFORM_BLOCK_SIZE = 0x8A30;
    public const uint GL_MAX_COMPUTE_TEXTURE_IMAGE_UNITS = 0x91BC;
    public const uint GL_MAX_COMPUTE_IMAGE_UNIFORMS = 0x91BD;
    public const uint GL_MAX_IMAGE_UNITS = 0x8F38;
    public const uint GL_MAX_TEXTURE_BUFFER_SIZE = 0x8C2B;
    public const uint GL_MAX_TEXTURE_SIZE = 0x0D33;
    public const uint GL_TEXTURE_BUFFER_OFFSET_ALIGNMENT = 0x919F;
    public const uint GL_SHADER_STORAGE_BUFFER_OFFSET_ALIGNMENT = 0x90DF;
    public const uint GL_UNIFORM_BUFFER_OFFSET_ALIGNMENT = 0x8A34;

    // GL_KHR_shader_subgroup
    public const uint GL_SUBGROUP_SIZE_KHR = 0x9532;
}
