using Symbolon.Core.Changes;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Changes;

/// <summary>What a step makes of an object.</summary>
/// <param name="Next">In the place of what was there.</param>
/// <param name="Beside">Written in the same commit.</param>
internal readonly record struct NextState<T>(T Next, params IReadOnlyList<Change> Beside)
{
    /// <summary>Records beside the step's own.</summary>
    public IReadOnlyList<ChangeNote> Notes { get; init; } = [];

    public static implicit operator NextState<T>(T next) => new(next);
}

/// <summary>
/// The one way in which a stored object changes: read with its version, decide, write exactly over that version. Whoever came
/// first wins; the other decides anew about what is there now, or is told where it named the version that it saw.
/// </summary>
internal static class ObjectChange
{
    private const int Tries = 4;

    /// <param name="expected">The version that the caller saw (<c>If-Match</c>), or null when it does not matter.</param>
    public static Task<Result<(T Item, long Version)>> MakeAsync<T>(
        Requester requester, ObjectKey key, string what, ChangeNote note, IConfigurationStore store, ChangeDesk desk, long? expected,
        Func<T, Result<T>> change, CancellationToken cancellation) where T : class =>
        MakeAsync<T>(requester, key, what, note, store, desk, expected, (item, _) => Task.FromResult(change(item).Select(next => new NextState<T>(next))), cancellation);

    /// <param name="change">Of the object and its version; may throw <see cref="StoreUnavailableException"/>.</param>
    /// <inheritdoc cref="MakeAsync{T}(Requester, ObjectKey, string, ChangeNote, IConfigurationStore, ChangeDesk, long?, Func{T, Result{T}}, CancellationToken)"/>
    public static async Task<Result<(T Item, long Version)>> MakeAsync<T>(
        Requester requester, ObjectKey key, string what, ChangeNote note, IConfigurationStore store, ChangeDesk desk, long? expected,
        Func<T, long, Task<Result<NextState<T>>>> change, CancellationToken cancellation) where T : class
    {
        try
        {
            for (var trial = 1; ; trial++)
            {
                if (await OnceAsync(trial == Tries || expected is not null) is { } result) return result;
            }
        }
        catch (StoreUnavailableException)
        {
            return await desk.RefuseAsync(requester, note, ChangeError.StoreUnavailable);
        }

        // Null: somebody else was faster, and this was not the last trial.
        async Task<Result<(T Item, long Version)>?> OnceAsync(bool isLast)
        {
            if (await store.FindObjectAsync(requester.Organisation, key, cancellation) is not { Item: T item, Version: var version })
                return await desk.RefuseAsync(requester, note, ChangeError.NotFound(what));
            if (expected is { } wanted && wanted != version) return await desk.RefuseAsync(requester, note, ChangeError.Stale(version));
            switch (await change(item, version))
            {
                case Result<NextState<T>>.Done { Value: var next }:
                    ChangeNote[] notes = [note with { ObjectVersion = version + 1 }, .. next.Notes];
                    Change[] changes = [new Change.PutObject(key, version, next.Next), .. next.Beside];
                    var committed = isLast ? await desk.CommitAsync(requester, notes, changes, cancellation) : await desk.TryCommitAsync(requester, notes, changes, cancellation);
                    return committed?.Select(_ => (next.Next, version + 1));
                case Result<NextState<T>>.Refused refused:
                    return await desk.RefuseAsync(requester, note, refused.Why);
                default:
                    throw new InvalidOperationException();
            }
        }
    }
}
