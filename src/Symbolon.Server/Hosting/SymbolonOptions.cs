using Symbolon.AuthorizationServer;
using Symbolon.Core.Registry;
using Symbolon.Gateway;
using Symbolon.Registry.Reviews;

namespace Symbolon.Server.Hosting;

/// <summary>
/// Everything an operator can set. Made by <see cref="SettingsReader"/> from <c>DIR/symbolon.yaml</c>, <c>SYMBOLON_*</c> and flags, or in code
/// by an application that hosts Symbolon. Checked as a whole by <see cref="OptionsCheck"/> before anything starts.
/// </summary>
public sealed record SymbolonOptions
{
    public const int DefaultPort = 8750;

    /// <summary>Where the store, the keys and the bootstrap token live. Made with mode 0700 where it does not exist.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>What to listen on: an IP address or <c>localhost</c>, http or https. Default <c>http://127.0.0.1:8750</c>; port 0 takes a free one.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [$"http://127.0.0.1:{DefaultPort}"];

    /// <summary>Listeners of their own for the admin API. Default none: the admin API answers on <see cref="Urls"/>.</summary>
    public IReadOnlyList<string> AdminUrls { get; init; } = [];

    /// <summary>Origins under which callers know us. Default: <see cref="Urls"/> and their localhost twins. The Host header only selects one of them.</summary>
    public IReadOnlyList<string> PublicUrls { get; init; } = [];

    /// <summary>PEM file with the certificate and its chain, for https in <see cref="Urls"/>.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>PEM file with the certificate's private key, not open to others than its owner.</summary>
    public string? TlsKey { get; init; }

    /// <summary>PostgreSQL connection string. Default none: SQLite in <see cref="DataDirectory"/>.</summary>
    public string? Store { get; init; }

    /// <summary>A file of exactly 32 bytes that must exist. Default <c>DIR/master.key</c>, made at the first start.</summary>
    public string? MasterKeyFile { get; init; }

    /// <summary>Addresses or networks (CIDR) of proxies that terminate TLS before us. With them plain http off loopback is allowed, from them only.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <summary>
    /// Seconds for which browsers come by https alone, on every answer of an https origin with a name that is not this machine's. 0 to 63,072,000, default
    /// a year; 0 takes back what was said before, null says nothing.
    /// </summary>
    /// <remarks>RFC 6797: a browser holds it for the name whatever the port, so for every program that has that name.</remarks>
    public int? HstsSeconds { get; init; } = 31_536_000;

    /// <summary>Absolute path of the socket of <c>symbolon runner</c>, which starts the processes of stdio servers. Default none: they are our own children, on loopback alone.</summary>
    public string? RunnerSocket { get; init; }

    /// <summary>
    /// Number of the user who must listen on <see cref="RunnerSocket"/>, as the kernel says; another one is given no order and no secret.
    /// Default none: any user but, off loopback, our own.
    /// </summary>
    public uint? RunnerUser { get; init; }

    /// <summary>Whether who applies may approve, and how long a version waits for its reviewers.</summary>
    public ReviewRules Reviews { get; init; } = new();

    /// <summary>How old the keys of servers' instances may get.</summary>
    public KeyAgeRules KeyAges { get; init; } = new();

    /// <summary>How long the snapshot may go unconfirmed before calls are refused. 1 s to 60 s, default 5 s.</summary>
    public TimeSpan MaxStaleness { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Open connections of callers. 16 to 1,000,000, default 8,192.</summary>
    public int MaxConnections { get; init; } = 8192;

    /// <summary>
    /// Of them, open connections of one address (an IPv6 /64). Loopback and <see cref="TrustedProxies"/> are not counted. 1 to 1,000,000,
    /// default 1,024. Only on our own listeners: an application that hosts Symbolon limits its own.
    /// </summary>
    public int MaxConnectionsPerAddress { get; init; } = 1024;

    /// <summary>Bytes of all headers of a request together. 4 KiB to 256 KiB, default 32 KiB.</summary>
    public int MaxHeaderBytes { get; init; } = 32 * 1024;

    /// <summary>Until a connection to an upstream stands. 100 ms to 60 s, default 5 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What one request, answer or call may cost; settings <c>limits.*</c>.</summary>
    public GatewayOptions Gateway { get; init; } = new();

    /// <summary>Keys and tokens of OAuth; settings <c>keys.*</c> and <c>tokens.*</c>.</summary>
    public AuthorizationServerOptions AuthorizationServer { get; init; } = new();

    /// <summary>What tokens must be bound to, whatever grants and servers say; settings <c>tokens.binding</c> and <c>tokens.boundEffects</c>.</summary>
    public BindingRule Binding { get; init; } = BindingRule.None;

    /// <summary>Hosts in this network, by name or by name and port, from which documents of OAuth clients may be fetched. Empty by default.</summary>
    public IReadOnlyList<string> InternalHosts { get; init; } = [];

    /// <summary>Where events are told (Standard Webhooks): https, or http on this machine. The same on all nodes. Default none.</summary>
    public string? WebhookUrl { get; init; }

    /// <summary>File with the secret that signs them, not open to others than its owner; with <see cref="WebhookUrl"/> and only with it.</summary>
    public string? WebhookSecretFile { get; init; }

    /// <summary>Whether a name in <see cref="WebhookUrl"/> may lead inside this network. Addresses and <c>localhost</c> say it themselves. Default no.</summary>
    public bool WebhookInside { get; init; }

    /// <summary>The least level that is logged: trace, debug, information, warning, error. Default information.</summary>
    public string LogLevel { get; init; } = "information";

    /// <summary>Names of <c>SYMBOLON_*</c> variables that are no settings; logged at start, in case one is misspelt.</summary>
    public IReadOnlyList<string> IgnoredVariables { get; init; } = [];
}
