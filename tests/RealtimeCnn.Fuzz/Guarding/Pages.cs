using System.Runtime.InteropServices;

namespace RealtimeCnn.Fuzz.Guarding;

/// <summary>Whole pages of address space from a Unix system, with the right to use them or without.</summary>
internal static unsafe class Pages
{
    private const int None = 0, ReadWrite = 3, Private = 2, Fixed = 0x10;
    private static readonly int Anonymous = OperatingSystem.IsMacOS() ? 0x1000 : 0x20;

    /// <summary>Whether this system has the calls.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    /// <summary>Pages that nobody may touch.</summary>
    /// <exception cref="InsufficientMemoryException">There is no such address space, or the process has too many pieces of it.</exception>
    public static byte* Reserve(nuint bytes)
    {
        void* address = Map(null, bytes, None, Private | Anonymous, -1, 0);
        return address != (void*)-1 ? (byte*)address : throw new InsufficientMemoryException($"mmap of {bytes} bytes: error {Marshal.GetLastPInvokeError()}.");
    }

    /// <summary>Lets pages be read and written.</summary>
    public static void Open(byte* address, nuint bytes)
    {
        if (ChangeProtection(address, bytes, ReadWrite) != 0)
            throw new InsufficientMemoryException($"mprotect of {bytes} bytes: error {Marshal.GetLastPInvokeError()}.");
    }

    /// <summary>Forbids pages again, and gives the memory behind them back to the system; the addresses stay taken.</summary>
    public static void Close(byte* address, nuint bytes)
    {
        if (Map(address, bytes, None, Private | Anonymous | Fixed, -1, 0) == (void*)-1)
            throw new InsufficientMemoryException($"mmap of {bytes} bytes: error {Marshal.GetLastPInvokeError()}.");
    }

    /// <summary>Gives pages back.</summary>
    public static void Release(byte* address, nuint bytes) => _ = Unmap(address, bytes);

    [DllImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static extern void* Map(void* address, nuint bytes, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static extern int ChangeProtection(void* address, nuint bytes, int protection);

    [DllImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static extern int Unmap(void* address, nuint bytes);
}
