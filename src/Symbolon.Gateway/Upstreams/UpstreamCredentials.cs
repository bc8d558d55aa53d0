using System.Collections.Concurrent;
using System.Text;
using Symbolon.Core;
using Symbolon.Core.Identity;
using Symbolon.Core.Registry;
using Symbolon.Core.Sealing;
using Symbolon.Core.Snapshot;

namespace Symbolon.Gateway.Upstreams;

/// <summary>
/// What a server itself is shown: opened once for each version of the secret, kept in memory, put into exactly one request header or one variable of a process,
/// and never into a log, an error or a record.
/// </summary>
internal sealed class UpstreamCredentials(Configuration configuration, ISecretBox box)
{
    private readonly ConcurrentDictionary<(OrganisationId, string), Opened> opened = new();

    /// <param name="now">Microseconds since the Unix epoch.</param>
    public CredentialHeader For(OrganisationId organisation, ServerManifest manifest, long now)
    {
        if (manifest.Credential is not UpstreamCredential.Static credential) return CredentialHeader.None;
        if (EndOf(credential) <= now) return CredentialHeader.Expired;
        if (configuration.Secret(organisation, "upstream", credential.Secret) is not { } secret) return CredentialHeader.Missing;
        var key = (organisation, credential.Secret);
        if (!opened.TryGetValue(key, out var found) || found.Version != secret.Version)
        {
            var bytes = box.Open(new SecretPlace(organisation, secret.Kind, secret.Id, secret.Version), secret.Sealed);
            if (bytes is null) return CredentialHeader.Missing;
            opened[key] = found = new Opened(secret.Version, Encoding.UTF8.GetString(bytes).Trim());
        }
        return credential.Header is { } header
            ? new CredentialHeader.Header(header, found.Value) { Secret = found.Secret }
            : new CredentialHeader.Variable(credential.Env!, found.Value) { Secret = found.Secret };
    }

    private static long EndOf(UpstreamCredential.Static credential) => credential.Expires is { } day ? UnixTime.EndOf(day) : long.MaxValue;

    private sealed record Opened(long Version, string Value)
    {
        /// <summary>A short one would be found in what has nothing to do with it.</summary>
        private const int Shortest = 8;

        /// <summary>The secret alone, without the word of a scheme before it.</summary>
        public byte[] Secret { get; } = Value[(Value.IndexOf(' ', StringComparison.Ordinal) + 1)..] is { Length: >= Shortest } secret ? Encoding.UTF8.GetBytes(secret) : [];

        public override string ToString() => "(secret)";
    }
}

/// <summary>What to show to an upstream.</summary>
internal abstract record CredentialHeader
{
    public static readonly CredentialHeader None = new Nothing();
    public static readonly CredentialHeader Expired = new Unusable("The credential that the gateway shows to this server has expired; its owner has to renew it.");
    public static readonly CredentialHeader Missing = new Unusable("The credential that the gateway shows to this server is not there; its owner has to set it.");

    private CredentialHeader() { }

    /// <summary>What no answer may hold; empty where there is nothing to look for.</summary>
    public byte[] Secret { get; init; } = [];

    /// <summary>Whether a server says its own credential. One that it writes otherwise, such as with escapes, is not found.</summary>
    public bool IsIn(ReadOnlySpan<byte> message) => Secret.Length > 0 && message.IndexOf(Secret) >= 0;

    public sealed record Nothing : CredentialHeader;

    public sealed record Header(string Name, string Value) : CredentialHeader
    {
        public override string ToString() => Name;
    }

    /// <summary>Set when a process is started; goes into no request.</summary>
    public sealed record Variable(string Name, string Value) : CredentialHeader
    {
        public override string ToString() => Name;
    }

    /// <param name="Why">For the caller; names no secret.</param>
    public sealed record Unusable(string Why) : CredentialHeader;
}
