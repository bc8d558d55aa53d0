namespace Symbolon.Cli.Sidecar;

/// <summary>What a sidecar is told. None of it is a secret.</summary>
internal sealed record SidecarOptions
{
    /// <summary>The server's name in Symbolon.</summary>
    public required string Server { get; init; }

    public required Uri Issuer { get; init; }

    /// <summary>The folder of the key.</summary>
    public required string State { get; init; }

    public required ListenAddress Listen { get; init; }

    /// <summary>Requests go to this address and below; null for all of the credential's audience.</summary>
    public Uri? Api { get; init; }

    /// <summary>The server's own endpoint as in <c>spec.upstream.url</c>; null where no call is to be verified.</summary>
    public string? Url { get; init; }

    /// <summary>The file with the code for the first start, <c>-</c> for standard input; null for none.</summary>
    public string? CodeFile { get; init; }

    /// <summary>The file in which the platform keeps the token that says who this is; null where it came with a code.</summary>
    public string? PlatformTokenFile { get; init; }

    /// <summary>The file that holds the credential of the moment; null for none.</summary>
    public string? TokenFile { get; init; }
}
