using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Symbolon.Bench;

/// <summary>What one durable write costs on this disk.</summary>
internal static partial class Disk
{
    /// <summary>The median of many appends of 4 KiB, each followed by one fdatasync, in microseconds.</summary>
    public static double MedianSyncMicroseconds(string folder)
    {
        const int Times = 400;
        var path = Path.Combine(folder, "sync-probe");
        var taken = new double[Times];
        var block = new byte[4096];
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            for (var i = 0; i < Times; i++)
            {
                var start = Stopwatch.GetTimestamp();
                RandomAccess.Write(file, block, (long)i * block.Length);
                if (SyncData((int)file.DangerousGetHandle()) != 0) throw new IOException("fdatasync failed");
                taken[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }
        }
        File.Delete(path);
        return Figures.Median(taken);
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int SyncData(int descriptor);
}
