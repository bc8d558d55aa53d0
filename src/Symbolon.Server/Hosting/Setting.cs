namespace Symbolon.Server.Hosting;

/// <summary>One thing an operator can set, and the three ways to do it. The one list of all settings is <see cref="All"/>.</summary>
/// <param name="Name">As in <c>symbolon.yaml</c>, parts split by a dot: <c>limits.body</c>.</param>
/// <param name="Flag">The flag of <c>symbolon serve</c>, or null where there is none.</param>
/// <param name="Summary">For help and documentation, one line.</param>
public sealed record Setting(string Name, string? Flag, string Summary)
{
    public required Func<SymbolonOptions, SettingValue, SymbolonOptions> Apply { get; init; }

    /// <summary>May be given several times, or once with commas.</summary>
    public bool IsList { get; private init; }

    /// <summary><c>SYMBOLON_</c> and the name in capitals: <c>limits.body</c> is <c>SYMBOLON_LIMITS_BODY</c>.</summary>
    public string Variable => "SYMBOLON_" + string.Concat(Name.Select(c =>
        c == '.' ? "_" : char.IsAsciiLetterUpper(c) ? "_" + c : char.ToUpperInvariant(c).ToString()));

    public static IReadOnlyList<Setting> All { get; } =
    [
        new("urls", "--urls", "what to listen on: an IP address or localhost, http or https")
            { Apply = (to, value) => to with { Urls = value.List }, IsList = true },
        new("adminUrls", "--admin-urls", "listeners of their own for the admin API")
            { Apply = (to, value) => to with { AdminUrls = value.List }, IsList = true },
        new("publicUrls", "--public-url", "the origins under which callers know this server")
            { Apply = (to, value) => to with { PublicUrls = value.List }, IsList = true },
        new("tls.certificate", "--tls-cert", "PEM file with the certificate and its chain")
            { Apply = (to, value) => to with { TlsCertificate = value.Text } },
        new("tls.key", "--tls-key", "PEM file with the certificate's key")
            { Apply = (to, value) => to with { TlsKey = value.Text } },
        new("store", "--store", "PostgreSQL connection string instead of SQLite in the data directory")
            { Apply = (to, value) => to with { Store = value.Text } },
        new("masterKeyFile", "--master-key-file", "a file of 32 bytes that holds the master key")
            { Apply = (to, value) => to with { MasterKeyFile = value.Text } },
        new("proxy.trusted", "--trusted-proxy", "addresses or networks of proxies that terminate TLS")
            { Apply = (to, value) => to with { TrustedProxies = value.List }, IsList = true },
        new("maxStaleness", null, "how long the snapshot may go unconfirmed before calls are refused")
            { Apply = (to, value) => to with { MaxStaleness = value.Duration } },
        new("audit.intentFirst", null, "writes or all: which calls wait for their intent before they go out")
            { Apply = (to, value) => to with { AuditIntentFirst = ReadIntentFirst(value.Text) } },
        new("log.level", "--log-level", "the least level that is logged: trace, debug, information, warning, error")
            { Apply = (to, value) => to with { LogLevel = value.Text } },
        Limit("body", "body of an MCP request", (limits, value) => limits with { Body = value.Size }),
        Limit("depth", "nesting of a request's JSON", (limits, value) => limits with { Depth = value.Number }),
        Limit("members", "members and elements of a request's JSON", (limits, value) => limits with { Members = value.Number }),
        Limit("headers", "all headers of a request together", (limits, value) => limits with { Headers = value.Size }),
        Limit("answer", "one JSON answer or SSE event of an upstream", (limits, value) => limits with { Answer = value.Size }),
        Limit("connections", "open connections of callers", (limits, value) => limits with { Connections = value.Number }),
        Limit("connect", "until a connection to an upstream stands", (limits, value) => limits with { Connect = value.Duration }),
        Limit("silence", "silence of an upstream within a call", (limits, value) => limits with { Silence = value.Duration }),
        Limit("call", "a whole call", (limits, value) => limits with { Call = value.Duration }),
    ];

    private static Setting Limit(string name, string summary, Func<LimitOptions, SettingValue, LimitOptions> apply) =>
        new("limits." + name, null, "limit: " + summary) { Apply = (to, value) => to with { Limits = apply(to.Limits, value) } };

    private static IntentFirst ReadIntentFirst(string text) => text switch
    {
        "writes" => IntentFirst.Writes,
        "all" => IntentFirst.All,
        _ => throw new FormatException($"expects 'writes' or 'all', not '{text}'"),
    };
}
