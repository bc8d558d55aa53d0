using System.Collections.Concurrent;
using System.Security.Cryptography;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.Sealing;
using Symbolon.Core.Snapshot;
using Symbolon.Jose.Signatures;

namespace Symbolon.AuthorizationServer.Keys;

/// <summary>Signs with the active key of an organisation. Opened keys stay in memory; there are few, and each is opened once.</summary>
internal sealed class Signer(Configuration configuration, ISecretBox box, TimeProvider clock) : IDisposable
{
    private readonly ConcurrentDictionary<(OrganisationId, string), Es256SigningKey> opened = new();

    /// <summary>Whether something can be signed at this moment.</summary>
    public bool IsReady(OrganisationId organisation) => KeyOf(organisation) is not null;

    /// <param name="type">The kind of token, its <c>typ</c> (RFC 8725 §3.11).</param>
    /// <returns>A compact JWS, or null when there is no active key, or its private half cannot be opened.</returns>
    public string? Sign(OrganisationId organisation, string type, ReadOnlySpan<byte> payload) => KeyOf(organisation)?.Sign(type, payload);

    public void Dispose()
    {
        foreach (var key in opened.Values) key.Dispose();
    }

    private Es256SigningKey? KeyOf(OrganisationId organisation)
    {
        if (configuration.SigningKeys(organisation).SignerAt(clock.Microseconds()) is not { Id: var id }) return null;
        if (opened.TryGetValue((organisation, id), out var key)) return key;
        if (configuration.Secret(organisation, SigningKeyDesk.SecretKind, id) is not { } resting) return null;
        if (box.Open(new SecretPlace(organisation, SigningKeyDesk.SecretKind, id, resting.Version), resting.Sealed) is not { } pkcs8) return null;
        try
        {
            var fresh = Es256SigningKey.FromPkcs8(pkcs8);
            var kept = opened.GetOrAdd((organisation, id), fresh);
            if (kept != fresh) fresh.Dispose();
            return kept;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }
}
