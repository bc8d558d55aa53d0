using Symbolon.AuthorizationServer;
using Symbolon.Core.Registry;
using Symbolon.Core.Tools;
using Symbolon.Gateway;
using Symbolon.Registry.Reviews;

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
        new("urls", "--urls", "what to listen on: an IP address or localhost, http or https; default http://127.0.0.1:8750")
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
        new("hsts", null, "off, or for how many seconds browsers come by https alone, to any port of this server's name; default 31536000, 0 takes it back")
            { Apply = (to, value) => to with { HstsSeconds = value.Text == "off" ? null : value.Number } },
        new("runner.socket", null, "socket of 'symbolon runner', which starts the processes of stdio servers under another user")
            { Apply = (to, value) => to with { RunnerSocket = value.Text } },
        new("runner.uid", null, "number of the user who must listen on that socket; another is told nothing")
            { Apply = (to, value) => to with { RunnerUser = (uint)value.Number } },
        new("review.fourEyes", null, "auto, on or off: whether who applies a version may not approve it; auto, the default, once there is a second administrator with a password")
        {
            Apply = (to, value) => to with
            {
                Reviews = to.Reviews with
                {
                    FourEyes = value.Text switch
                    {
                        "auto" => FourEyesRule.Auto,
                        "on" => FourEyesRule.On,
                        "off" => FourEyesRule.Off,
                        _ => throw new FormatException($"expects 'auto', 'on' or 'off', not '{value.Text}'"),
                    },
                },
            },
        },
        new("review.expiry", null, "after which time a version that nobody decided about has to be applied again")
            { Apply = (to, value) => to with { Reviews = to.Reviews with { Expiry = value.Duration } } },
        new("maxStaleness", null, "how long the snapshot may go unconfirmed before calls are refused")
            { Apply = (to, value) => to with { MaxStaleness = value.Duration } },
        new("audit.intentFirst", null, "writes or all: which calls wait for their intent before they go out")
        {
            Apply = (to, value) =>
            {
                to.Gateway.IntentFirstForReads = value.Text switch
                {
                    "writes" => false,
                    "all" => true,
                    _ => throw new FormatException($"expects 'writes' or 'all', not '{value.Text}'"),
                };
                return to;
            },
        },
        Keys("keys.jwksMaxAge", "how long others may keep the key set; a new key is published so long before it signs", (keys, value) => keys.JwksMaxAge = value.Duration),
        Keys("keys.rotation", "after which time another key signs tokens", (keys, value) => keys.KeyRotation = value.Duration),
        new("credentials.rotation", null, "the age at which keys of servers get no more tokens: TIME for all, label:NAME=VALUE=TIME, effect:EFFECT=TIME; the shortest counts, with credential.rotation of a server's file")
            { Apply = (to, value) => to with { KeyAges = KeyAgeRules.Parse(value.List) }, IsList = true },
        Keys("tokens.accessTtl", "life of an OAuth access token", (tokens, value) => tokens.AccessTokenTtl = value.Duration),
        new("tokens.binding", null, "any or dpop: whether every token must be bound to a key that its holder proves; pasted tokens are not")
        {
            Apply = (to, value) => to with
            {
                Binding = to.Binding with
                {
                    Binding = value.Text switch
                    {
                        "any" => TokenBinding.Any,
                        "dpop" => TokenBinding.Dpop,
                        _ => throw new FormatException($"expects 'any' or 'dpop', not '{value.Text}'"),
                    },
                },
            },
        },
        new("tokens.boundEffects", null, "read, write, irreversible: the effects whose tools tokens.binding is about; without it, every request")
        {
            Apply = (to, value) => to with
            {
                Binding = to.Binding with
                {
                    Effects = [.. value.List.Select(text => Effects.TryParse(text, out var effect) ? effect : throw new FormatException($"expects read, write or irreversible, not '{text}'"))],
                },
            },
            IsList = true,
        },
        OnOff("clients.dynamicRegistration", "on or off: whether OAuth clients may register themselves (RFC 7591); default off", (to, isOn) => to.DynamicRegistration = isOn),
        OnOff("clients.metadataDocuments", "on or off: whether an OAuth client may be the https address of its own metadata; default on", (to, isOn) => to.MetadataDocuments = isOn),
        new("clients.metadataHosts", null, "hosts whose metadata documents are taken; without it, any")
        {
            Apply = (to, value) =>
            {
                to.AuthorizationServer.MetadataHosts = value.List;
                return to;
            },
            IsList = true,
        },
        new("outbound.internalHosts", null, "hosts in this network (name, or name:port for another port than 443) from which documents of OAuth clients and of foreign issuers may be fetched, whose token endpoints may be asked (credential.at), to which security events may be posted, and which rules may ask (decide); upstreams are approved one by one")
            { Apply = (to, value) => to with { InternalHosts = value.List }, IsList = true },
        new("webhook.url", null, "where drift and reviews are told (Standard Webhooks): https, or http on this machine; the same on all nodes")
            { Apply = (to, value) => to with { WebhookUrl = value.Text } },
        new("webhook.secretFile", null, "file with the secret that signs what is told: whsec_ and 24 to 64 bytes in base64; in a second line the one before, while receivers change over")
            { Apply = (to, value) => to with { WebhookSecretFile = value.Text } },
        new("webhook.inside", null, "on or off: whether a name in webhook.url may lead inside this network; default off")
            { Apply = (to, value) => to with { WebhookInside = IsOn(value) } },
        Keys("tokens.refreshIdle", "after which time without use a refresh token is dead", (tokens, value) => tokens.RefreshIdle = value.Duration),
        Keys("tokens.refreshTtl", "longest life of what a person allows a client, its refresh tokens included", (tokens, value) => tokens.RefreshTtl = value.Duration),
        new("tokens.dpopNonce", null, "when-needed or always: which proofs of DPoP need a nonce of ours; only those of a clock that is off, or each")
        {
            Apply = (to, value) =>
            {
                to.Gateway.ProofsNeedNonce = to.AuthorizationServer.ProofsNeedNonce = value.Text switch
                {
                    "when-needed" => false,
                    "always" => true,
                    _ => throw new FormatException($"expects 'when-needed' or 'always', not '{value.Text}'"),
                };
                return to;
            },
        },
        new("log.level", "--log-level", "the least level that is logged: trace, debug, information, warning, error")
            { Apply = (to, value) => to with { LogLevel = value.Text } },
        new("limits.connections", null, "limit: open connections of callers")
            { Apply = (to, value) => to with { MaxConnections = value.Number } },
        new("limits.connectionsPerAddress", null, "limit: of these, one address (or IPv6 /64); loopback and trusted proxies are not counted")
            { Apply = (to, value) => to with { MaxConnectionsPerAddress = value.Number } },
        new("limits.headers", null, "limit: all headers of a request together")
            { Apply = (to, value) => to with { MaxHeaderBytes = value.Size } },
        new("limits.connect", null, "limit: until a connection to an upstream stands")
            { Apply = (to, value) => to with { ConnectTimeout = value.Duration } },
        Limit("body", "body of an MCP request", (limits, value) => limits.MaxBodyBytes = value.Size),
        Limit("depth", "nesting of a request's JSON", (limits, value) => limits.MaxDepth = value.Number),
        Limit("members", "members of a request's JSON", (limits, value) => limits.MaxMembers = value.Number),
        Limit("answer", "one JSON answer or SSE event of an upstream", (limits, value) => limits.MaxAnswerBytes = value.Size),
        Limit("silence", "silence of an upstream within a call", (limits, value) => limits.UpstreamSilence = value.Duration),
        Limit("call", "a whole call", (limits, value) => limits.CallTimeout = value.Duration),
        Limit("toolsRefresh", "age of what is known of an upstream's tools before they are read again", (limits, value) => limits.ToolsRefresh = value.Duration),
        Limit("cachedTokens", "tokens kept in memory", (limits, value) => limits.CachedTokens = value.Number),
        Limit("unknownTokens", "look-ups of unknown tokens that one address may cause at once", (limits, value) => limits.UnknownTokenBurst = value.Number),
        Limit("unknownTokenRefill", "time after which one more such look-up is allowed", (limits, value) => limits.UnknownTokenRefill = value.Duration),
        Limit("processes", "processes of one server (stdio) at once", (limits, value) => limits.MaxProcesses = value.Number),
        Limit("processMemory", "MiB of data of each of these processes; 0 for no limit", (limits, value) => limits.MaxProcessMemory = value.Number),
        Limit("processChildren", "processes that each of them may be with all that it starts; 0 for no limit", (limits, value) => limits.MaxProcessChildren = value.Number),
        Limit("processTotalMemory", "MiB in use that each of them may have with all that it starts; 0 for no limit", (limits, value) => limits.MaxProcessTotalMemory = value.Number),
        Limit("processCpu", "processor time that each of them may use up in its life; 0s for no limit", (limits, value) => limits.MaxProcessCpu = value.Duration),
    ];

    private static Setting OnOff(string name, string summary, Action<AuthorizationServerOptions, bool> apply) =>
        Keys(name, summary, (to, value) => apply(to, IsOn(value)));

    private static bool IsOn(SettingValue value) => value.Text switch
    {
        "on" => true,
        "off" => false,
        _ => throw new FormatException($"expects 'on' or 'off', not '{value.Text}'"),
    };

    private static Setting Keys(string name, string summary, Action<AuthorizationServerOptions, SettingValue> apply) =>
        new(name, null, summary)
        {
            Apply = (to, value) =>
            {
                apply(to.AuthorizationServer, value);
                return to;
            },
        };

    private static Setting Limit(string name, string summary, Action<GatewayOptions, SettingValue> apply) =>
        new("limits." + name, null, "limit: " + summary)
        {
            Apply = (to, value) =>
            {
                apply(to.Gateway, value);
                return to;
            },
        };
}
