using System.Globalization;
using System.Runtime.InteropServices;

namespace Symbolon.Gateway.Upstreams.Supervision;

/// <summary>What .NET does not offer of Linux: sessions, orphans, limits, and watching a process that is no child.</summary>
internal static class Native
{
    public const int Terminate = 15;
    public const int Kill = 9;
    public const int Stop = 19;

    public const int CpuSeconds = 0;
    public const int DataBytes = 2;
    public const int CoreBytes = 4;
    public const int OpenFiles = 7;

    private const int SetChildSubreaper = 36;
    private const int PidfdOpen = 434;
    private const short SpawnProcessGroup = 2;
    private const short SpawnDefaultSignals = 4;
    private const short SpawnSignalMask = 8;
    private const short ReadyToRead = 1;
    private const short PeerClosed = 0x2000;

    /// <summary>More than any C library's type has.</summary>
    private const int Room = 1024;

    /// <summary>Makes this process the leader of a session, so that everything it starts is found by it.</summary>
    public static bool BecomeSessionLeader() => setsid() >= 0;

    /// <summary>Whatever this process' descendants leave behind becomes its child.</summary>
    public static bool AdoptOrphans() => prctl(SetChildSubreaper, 1, 0, 0, 0) == 0;

    public static int ParentId() => getppid();

    /// <summary>Lowers a limit of this process and of all that it starts; a lower one that holds already stays.</summary>
    public static void Limit(int resource, ulong most)
    {
        if (getrlimit(resource, out var now) != 0 || now.Hard <= most) return;
        var lower = new ResourceLimit { Soft = Math.Min(now.Soft, most), Hard = most };
        _ = setrlimit(resource, ref lower);
    }

    public static void Signal(int process, int signal) => _ = kill(process, signal);

    /// <summary>Waits until the parent of this process has ended.</summary>
    /// <returns>False when the kernel does not offer it.</returns>
    public static bool AwaitParentsEnd(int parent)
    {
        var descriptor = (int)syscall(PidfdOpen, parent, 0);
        if (descriptor < 0) return false;
        // Asked once it is watched: before, it may have ended and its number be another's.
        if (getppid() != parent) return true;
        var watched = new Watched { Descriptor = descriptor, Events = ReadyToRead };
        // A signal may wake it up early.
        while (poll(ref watched, 1, -1) < 1) { }
        return true;
    }

    /// <summary>The user whose rights this process has.</summary>
    public static uint UserId() => geteuid();

    /// <summary>Waits until the other side of a stream socket has closed it, also while there is more to read than anybody reads.</summary>
    /// <param name="descriptor">Stays open until this returns.</param>
    public static void AwaitHangUp(int descriptor)
    {
        var watched = new Watched { Descriptor = descriptor, Events = PeerClosed };
        while (poll(ref watched, 1, -1) < 1) { }
    }

    /// <summary>Has every descriptor but the standard streams closed in what this process starts: also those that it was itself started with.</summary>
    public static void KeepDescriptors()
    {
        const int SetFlags = 2, CloseAtExec = 1;
        foreach (var entry in Directory.GetFiles("/proc/self/fd"))
            if (int.TryParse(Path.GetFileName(entry.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor) && descriptor > 2)
                _ = fcntl(descriptor, SetFlags, CloseAtExec);
    }

    /// <summary>Starts a program in a process group of its own, with the standard streams of this process and the usual signals.</summary>
    /// <returns>Its id, or the negative error number.</returns>
    public static int Spawn(IReadOnlyList<string> command, IReadOnlyList<string> environment)
    {
        var attributes = new byte[Room];
        var signals = new byte[Room];
        _ = posix_spawnattr_init(attributes);
        _ = posix_spawnattr_setflags(attributes, SpawnProcessGroup | SpawnDefaultSignals | SpawnSignalMask);
        _ = posix_spawnattr_setpgroup(attributes, 0);
        _ = sigemptyset(signals);
        _ = posix_spawnattr_setsigmask(attributes, signals);
        _ = sigfillset(signals);
        _ = posix_spawnattr_setsigdefault(attributes, signals);
        var error = posix_spawn(out var process, command[0], 0, attributes, [.. command, null], [.. environment, null]);
        return error == 0 ? process : -error;
    }

    /// <summary>Waits for any child to end and lets it go.</summary>
    /// <returns>Its id, or -1 when there is none left.</returns>
    public static int Reap(out int status)
    {
        const int Interrupted = 4;
        while (true)
        {
            var process = waitpid(-1, out status, 0);
            if (process > 0) return process;
            if (Marshal.GetLastPInvokeError() != Interrupted) return -1;
        }
    }

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int setsid();

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int prctl(int option, nuint first, nuint second, nuint third, nuint fourth);

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int getppid();

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint geteuid();

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int getrlimit(int resource, out ResourceLimit limit);

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int setrlimit(int resource, ref ResourceLimit limit);

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int fcntl(int descriptor, int command, nint argument);

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint syscall(nint number, nint process, nint flags);

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int poll(ref Watched watched, nuint count, int timeout);

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int waitpid(int process, out int status, int options);

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int posix_spawnattr_init(byte[] attributes);

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int posix_spawnattr_setflags(byte[] attributes, short flags);

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int posix_spawnattr_setpgroup(byte[] attributes, int group);

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int posix_spawnattr_setsigdefault(byte[] attributes, byte[] signals);

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int posix_spawnattr_setsigmask(byte[] attributes, byte[] signals);

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int sigemptyset(byte[] signals);

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int sigfillset(byte[] signals);

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int posix_spawn(
        out int process, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, nint actions, byte[] attributes,
        [MarshalAs(UnmanagedType.LPArray, ArraySubType = UnmanagedType.LPStr)] string?[] arguments,
        [MarshalAs(UnmanagedType.LPArray, ArraySubType = UnmanagedType.LPStr)] string?[] environment);

    private struct ResourceLimit
    {
        public ulong Soft;
        public ulong Hard;
    }

    private struct Watched
    {
        public int Descriptor;
        public short Events;
        public short Happened;
    }
}
