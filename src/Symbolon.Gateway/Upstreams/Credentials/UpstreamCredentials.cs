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
        if (EndOf(credential) <= now) return CredentialHeader.Expired;
        if (configuration.Secret(organisation, "upstream", credential.Secret) is not { } secret) return CredentialHeader.Missing;
        var key = (organisation, credential.Secret);
        if (!opened.TryGetValue(key, out var found) || found.Version != secret.Version)
        {
            var bytes = box.Open(new SecretPlace(organisation, secret.Kind, secret.Id, secret.Version), secret.Sealed);
            if (bytes is null) return CredentialHeader.Missing;
            opened[key] = found = new Opened(secret.Version, Encoding.UTF8.GetString(bytes).Trim());
        }
        return found.In(credential);
    }

    /// <summary>A value that is not stored for use yet, as it would be shown.</summary>
    public static CredentialHeader Of(UpstreamCredential.Stored credential, string value) => new Opened(0, value.Trim()).In(credential);

    private static long EndOf(UpstreamCredential.Stored credential) => credential.Expires is { } day ? UnixTime.EndOf(day) : long.MaxValue;

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
