using System.Diagnostics;

namespace Symbolon.Testing.Processes;

/// <summary>Waits for something to become true, no longer than it may take.</summary>
public static class Deadline
{
    /// <summary>What a step may take on a busy machine before a test gives up.</summary>
    public static TimeSpan Usual { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Asks again every few milliseconds until the answer is not null.</summary>
    /// <exception cref="TimeoutException">It stayed null.</exception>
    public static async Task<T> ForAsync<T>(string what, Func<Task<T?>> ask, TimeSpan? within = null) where T : class
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (await ask() is { } found) return found;
            if (Stopwatch.GetElapsedTime(started) > (within ?? Usual)) throw new TimeoutException($"Waited {within ?? Usual} for {what}.");
            await Task.Delay(5);
        }
    }

    /// <inheritdoc cref="ForAsync{T}(string, Func{Task{T}}, TimeSpan?)"/>
    public static Task ForAsync(string what, Func<bool> ask, TimeSpan? within = null) =>
        ForAsync(what, () => Task.FromResult(ask() ? what : null), within);
}
