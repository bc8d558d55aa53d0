using System.Security.Cryptography;
using System.Text;
using Symbolon.Core.Changes;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry.Files;
using Symbolon.Core.Sealing;
using Symbolon.Core.Snapshot;

namespace Symbolon.Registry.Secrets;

/// <summary>A stored secret without its value, which nothing returns.</summary>
public sealed record StoredSecret(string Name, long Version, IReadOnlyList<ServerName> UsedBy, bool Changed);

/// <summary>A stored secret in a list.</summary>
/// <param name="Expires">Null while no server uses it: its last day is said by who uses it.</param>
/// <param name="StoredAt">Microseconds since the Unix epoch; null where nobody kept it.</param>
/// <param name="NextStoredAt">The same of the value that waits; null while no rotation is under way.</param>
public sealed record ListedSecret(string Name, long Version, IReadOnlyList<ServerName> UsedBy, DateOnly? Expires, long? StoredAt, bool IsRotating, long? NextStoredAt);

/// <summary>The secrets that servers are shown. A value is sealed the moment it arrives, and leaves only towards its server.</summary>
public sealed class UpstreamSecrets(IConfigurationStore store, ISecretBox box, ChangeDesk desk, SecretUse use, SecretTwins twins)
{
    /// <summary>The kind under which they are sealed and stored.</summary>
    public const string Kind = "upstream";

    /// <summary>The kind of the value that comes next, while a rotation waits to be finished.</summary>
    public const string NextKind = "upstream-next";

    /// <summary>Characters of a value.</summary>
    public const int Longest = 8_192;

    internal const string ValueRule = "1 to 8192 visible ASCII characters, spaces and tabs only inside: it becomes the value of a header or variable";

    /// <summary>Stores a value as the newest version of the secret.</summary>
    /// <returns>Refused when the same value is stored under another name: each server has a secret of its own.</returns>
    public async Task<Result<StoredSecret>> PutAsync(Requester requester, string name, string value, string? reason, long? expected, CancellationToken cancellation)
    {
        var note = new ChangeNote("put secret", $"Secret/{name}") { Reason = reason };
        if (!IsHeaderValue(value))
            return await desk.RefuseAsync(requester, note, ChangeError.Invalid("value", FieldErrorCode.BadValue, $"value must be {ValueRule}."));
        var bytes = Encoding.ASCII.GetBytes(value);
        try
        {
            return await PutAsync(requester, note, name, bytes, expected, cancellation);
        }
        catch (StoreUnavailableException)
        {
            return await desk.RefuseAsync(requester, note, ChangeError.StoreUnavailable);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private async Task<Result<StoredSecret>> PutAsync(Requester requester, ChangeNote note, string name, byte[] value, long? expected, CancellationToken cancellation)
    {
        var organisation = requester.Organisation;
        var fingerprint = twins.FingerprintOf(organisation, value);
        var present = await store.FindSecretAsync(organisation, Kind, name, cancellation);
        if (expected is { } wanted && wanted != (present?.Version ?? 0)) return await desk.RefuseAsync(requester, note, ChangeError.Stale(present?.Version ?? 0));
        var users = use.UsersOf(organisation, name);
        if (present is not null && CryptographicOperations.FixedTimeEquals(present.Fingerprint, fingerprint))
            return new StoredSecret(name, present.Version, users, Changed: false);

        if (await twins.RefuseAsync(organisation, name, value, cancellation) is { } twin) return await desk.RefuseAsync(requester, note, twin);
        if (await store.FindSecretAsync(organisation, NextKind, name, cancellation) is { Sealed.Length: > 0 })
            return await desk.RefuseAsync(requester, note, ChangeError.Conflict("rotation_waits", $"A next value of {name} waits. Finish or cancel its rotation first."));

        var version = (present?.Version ?? 0) + 1;
        var sealedValue = box.Seal(new SecretPlace(organisation, Kind, name, version), value);
        var committed = await desk.CommitAsync(requester, note with { ObjectVersion = version },
            [new Change.PutSecret(Kind, name, version - 1, sealedValue, fingerprint)], cancellation);
        return committed.Select(_ => new StoredSecret(name, version, users, Changed: true));
    }

    internal static bool IsHeaderValue(string value)
    {
        if (value.Length is 0 or > Longest || value[0] is ' ' or '\t' || value[^1] is ' ' or '\t') return false;
        foreach (var c in value)
            if (c is (< ' ' or > '~') and not '\t') return false;
        return true;
    }
}
