using Symbolon.Core.Changes;
using Symbolon.Core.Registry;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Changes;

/// <summary>
/// The one way in which a stored object changes: read with its version, decide, write exactly over that version. Whoever came
/// first wins, and the other is told.
/// </summary>
internal static class ObjectChange
{
    /// <param name="expected">The version that the caller saw (<c>If-Match</c>), or null when it does not matter.</param>
    public static async Task<Result<(T Item, long Version)>> MakeAsync<T>(
        Requester requester, ObjectKey key, string what, ChangeNote note, IConfigurationStore store, ChangeDesk desk, long? expected,
        Func<T, Result<T>> change, CancellationToken cancellation) where T : class
    {
        (object Item, long Version)? present;
        try
        {
            present = await store.FindObjectAsync(requester.Organisation, key, cancellation);
        }
        catch (StoreUnavailableException)
        {
            return await desk.RefuseAsync(requester, note, ChangeError.StoreUnavailable);
        }
        if (present is not { Item: T item, Version: var version }) return await desk.RefuseAsync(requester, note, ChangeError.NotFound(what));
        if (expected is { } wanted && wanted != version) return await desk.RefuseAsync(requester, note, ChangeError.Stale(version));
        switch (change(item))
        {
            case Result<T>.Done { Value: var next }:
                var committed = await desk.CommitAsync(requester, note with { ObjectVersion = version + 1 }, [new Change.PutObject(key, version, next)], cancellation);
                return committed.Select(_ => (next, version + 1));
            case Result<T>.Refused refused:
                return await desk.RefuseAsync(requester, note, refused.Why);
            default:
                throw new InvalidOperationException();
        }
    }
}
