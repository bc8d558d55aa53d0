using Symbolon.Core.Identity;
using Symbolon.Core.Registry;

namespace Symbolon.Cli.Registering;

/// <summary>What is to be registered.</summary>
internal sealed record RegistrationOrder
{
    public required ServerName Name { get; init; }
    public required string Owner { get; init; }
    public required UpstreamAddress Upstream { get; init; }

    /// <summary>What it may ask clients for; declared where its tools are read, too.</summary>
    public ClientFeatures ClientFeatures { get; init; }

    /// <summary>A header for a URL, a variable for a command.</summary>
    public SecretValue? Secret { get; init; }

    /// <summary>Until the first answer of a command: it has to start first, and a launcher may fetch what it starts.</summary>
    public TimeSpan StartTime { get; init; } = UsualStartTime;
    public string? Reason { get; init; }

    public static readonly TimeSpan UsualStartTime = TimeSpan.FromSeconds(45);

    /// <summary>All of it but the tools.</summary>
    /// <param name="address">The way on which it answered.</param>
    public ServerManifest ManifestAt(UpstreamAddress address) => new() { Owner = Owner, Upstream = address, Credential = Credential, ClientFeatures = ClientFeatures };

    public UpstreamCredential Credential => Secret is not { } secret ? new UpstreamCredential.None() : new UpstreamCredential.Static
    {
        Header = Upstream is UpstreamAddress.Stdio ? null : secret.Name,
        Env = Upstream is UpstreamAddress.Stdio ? secret.Name : null,
        Secret = Name.Value,
        Expires = secret.Expires,
    };
}

/// <summary>What the server wants from us. The value goes to the server itself and, sealed, into the store; never into a file.</summary>
/// <param name="Name">Of the header or variable.</param>
/// <param name="Expires">The last day of the value, UTC.</param>
internal sealed record SecretValue(string Name, string Value, DateOnly Expires)
{
    /// <summary>Leaves the value out: a record's own text would print it.</summary>
    public override string ToString() => Name;
}
