using System.Globalization;

namespace Symbolon.Testing.Processes;

/// <summary>
/// The wall clock of a program under test, moved ahead of this machine's by libfaketime (Debian's <c>faketime</c>). What measures
/// durations (CLOCK_MONOTONIC) is left alone, as on a machine whose clock is set.
/// </summary>
public sealed class MovedClock : IDisposable
{
    private readonly string file = Path.GetTempFileName();
    private TimeSpan ahead;

    public MovedClock(TimeSpan ahead = default) => MoveTo(ahead);

    /// <summary>What the program takes for now.</summary>
    public DateTimeOffset Now => TimeProvider.System.GetUtcNow() + ahead;

    /// <summary>The variables to start the program with.</summary>
    public (string Name, string Value)[] Settings =>
    [
        ("LD_PRELOAD", Library()), ("FAKETIME_TIMESTAMP_FILE", file), ("FAKETIME_NO_CACHE", "1"), ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ];

    /// <summary>Sets it forward; it goes on from there.</summary>
    public void Advance(TimeSpan by) => MoveTo(ahead + by);

    public void Dispose() => File.Delete(file);

    private void MoveTo(TimeSpan offset)
    {
        // Whole seconds, so that this and the program agree.
        ahead = TimeSpan.FromSeconds(Math.Round(offset.TotalSeconds));
        // The program reads the file at every look at the clock, so it must never see half of it.
        var next = file + ".next";
        File.WriteAllText(next, string.Create(CultureInfo.InvariantCulture, $"+{ahead.TotalSeconds:0}\n"));
        File.Move(next, file, overwrite: true);
    }

    private static string Library() =>
        Directory.EnumerateDirectories("/usr/lib").Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException("libfaketime is not installed; ./test installs it.");
}
