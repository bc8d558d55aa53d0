namespace Symbolon.Core.Policy;

/// <summary>
/// Why a request was refused or failed: the one closed list. The number is fixed for ever and serves as JSON-RPC error code where
/// the specification has none (it lies outside -32768…-32000); the <c>snake_case</c> text goes into <c>error.data.code</c>.
/// </summary>
public enum ReasonCode
{
    Unauthenticated = 1001,
    TokenExpired = 1002,
    TokenRevoked = 1003,
    WrongAudience = 1004,
    ProofRequired = 1005,
    ProofInvalid = 1006,
    UnknownServer = 1101,
    NotGranted = 1102,
    InsufficientScope = 1103,
    UnknownTool = 1104,
    ToolSuspended = 1105,
    ServerSuspended = 1106,
    ArgumentNotAllowed = 1201,
    DeniedByPolicy = 1202,
    PolicyError = 1203,
    LimitReached = 1204,
    ApprovalRequired = 1205,
    ApprovalDenied = 1206,
    ApprovalExpired = 1207,
    MalformedRequest = 1301,
    HeaderMismatch = 1302,
    TooLarge = 1303,
    BadOrigin = 1304,
    UnsupportedVersion = 1305,
    UnknownMethod = 1306,
    MissingCapability = 1307,
    UpstreamUnreachable = 1401,
    UpstreamTimeout = 1402,
    UpstreamInvalid = 1403,
    AuditUnavailable = 1501,
    StateStale = 1502,
    Overloaded = 1503,
    NotDurable = 1504,
    InternalError = 1505,
}

public static class ReasonCodes
{
    private static readonly Dictionary<ReasonCode, string> Texts =
        Enum.GetValues<ReasonCode>().ToDictionary(code => code, code => ToSnakeCase(code.ToString()));

    /// <summary>The stable name, e.g. <c>token_expired</c>.</summary>
    public static string ToText(this ReasonCode code) => Texts[code];

    private static string ToSnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsAsciiLetterUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
}
