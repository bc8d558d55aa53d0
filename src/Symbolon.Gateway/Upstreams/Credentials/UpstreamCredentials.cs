using System.Collections.Concurrent;
using System.Text;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Sealing;
using Symbolon.Core.Snapshot;

namespace Symbolon.Gateway.Upstreams.Credentials;

/// <summary>
/// What a server itself is shown: opened once for each version of the secret, kept in memory, put into exactly one request header, one variable or one file of a process,
/// and never into a log, an error or a record.
/// </summary>
internal sealed class UpstreamCredentials(Configuration configuration, ISecretBox box)
{
    private readonly ConcurrentDictionary<(OrganisationId, string), Opened> opened = new();

    /// <param name="now">Microseconds since the Unix epoch.</param>
    public CredentialHeader For(OrganisationId organisation, ServerManifest manifest, long now)
    {
        if (manifest.Credential is not UpstreamCredential.Stored credential) return CredentialHeader.None;
        if (IsOver(credential, now)) return CredentialHeader.Expired;
        return Open(organisation, credential.Secret) is { } found ? found.In(credential) : CredentialHeader.Missing;
    }

    /// <summary>What a client proves itself by at a foreign token endpoint; null when it is not there.</summary>
    public string? ClientSecret(OrganisationId organisation, string name) => Open(organisation, name)?.Value;

    private Opened? Open(OrganisationId organisation, string name)
    {
        if (configuration.Secret(organisation, "upstream", name) is not { } secret) return null;
        var key = (organisation, name);
        if (opened.TryGetValue(key, out var found) && found.Version == secret.Version) return found;
        if (box.Open(new SecretPlace(organisation, secret.Kind, secret.Id, secret.Version), secret.Sealed) is not { } bytes) return null;
        return opened[key] = new Opened(secret.Version, Encoding.UTF8.GetString(bytes).Trim());
    }

    /// <summary>A value that is not stored for use yet, as it would be shown.</summary>
    public static CredentialHeader Of(UpstreamCredential.Stored credential, string value) => new Opened(0, value.Trim()).In(credential);

    /// <param name="now">Microseconds since the Unix epoch.</param>
    public static bool IsOver(UpstreamCredential credential, long now) => credential.SecretEnds is { } day && UnixTime.EndOf(day) <= now;

    private sealed record Opened(long Version, string Value)
    {
        /// <summary>A short one would be found in what has nothing to do with it.</summary>
        private const int Shortest = 8;

        /// <summary>The secret alone, without the word of a scheme before it.</summary>
        public byte[] Secret { get; } = Value[(Value.IndexOf(' ', StringComparison.Ordinal) + 1)..] is { Length: >= Shortest } secret ? Encoding.UTF8.GetBytes(secret) : [];

        public CredentialHeader In(UpstreamCredential.Stored credential) => credential.Header is { } header
            ? new CredentialHeader.Header(header, Value) { Secret = Secret }
            : credential.File is { } file ? new CredentialHeader.Reference(file, Value) { Secret = Secret }
            : new CredentialHeader.Variable(credential.Env!, Value) { Secret = Secret };

        public override string ToString() => "(secret)";
    }
}
