namespace Symbolon.Core.Policy;

/// <summary>
/// Why a request was refused or failed: the one closed list. The number is fixed for ever and serves as JSON-RPC error code where
/// the specification has none (it lies outside -32768…-32000); the <c>snake_case</c> text goes into <c>error.data.code</c>.
/// </summary>
public enum ReasonCode
{
    /// <summary>No token came, or none that we know.</summary>
    Unauthenticated = 1001,

    /// <summary>The token has passed its end; issue or rotate one.</summary>
    TokenExpired = 1002,

    /// <summary>The token, its person, agent, workflow or server was revoked after it was issued.</summary>
    TokenRevoked = 1003,

    /// <summary>The token is for another server or another family of addresses.</summary>
    WrongAudience = 1004,

    /// <summary>The token is bound to a key and no proof of it came, or only bound tokens are taken here.</summary>
    ProofRequired = 1005,

    /// <summary>The proof of the key does not fit this request.</summary>
    ProofInvalid = 1006,

    /// <summary>No server of this name exists for this caller.</summary>
    UnknownServer = 1101,

    /// <summary>No grant of the caller allows this tool.</summary>
    NotGranted = 1102,

    /// <summary>A grant allows this tool, but the token does not name it, or is limited to resources with which it cannot be called.</summary>
    InsufficientScope = 1103,

    /// <summary>No tool of this name exists for this caller.</summary>
    UnknownTool = 1104,

    /// <summary>The tool's definition differs from the reviewed one, and waits for review.</summary>
    ToolSuspended = 1105,

    /// <summary>The server is suspended.</summary>
    ServerSuspended = 1106,

    /// <summary>An argument breaks a constraint of the tool, or leads beyond the resources that the token is limited to.</summary>
    ArgumentNotAllowed = 1201,

    /// <summary>A rule denies this call.</summary>
    DeniedByPolicy = 1202,

    /// <summary>A rule could not be evaluated, which denies.</summary>
    PolicyError = 1203,

    /// <summary>A rate or total of calls is used up; <c>retryAfter</c> says until when.</summary>
    LimitReached = 1204,

    /// <summary>A person must approve this call first.</summary>
    ApprovalRequired = 1205,

    /// <summary>A person denied this call.</summary>
    ApprovalDenied = 1206,

    /// <summary>Nobody approved this call in time.</summary>
    ApprovalExpired = 1207,

    /// <summary>The request is not well-formed, or ambiguous (duplicate or folded members, two tokens).</summary>
    MalformedRequest = 1301,

    /// <summary>A header says something else than the body.</summary>
    HeaderMismatch = 1302,

    /// <summary>A limit on size, depth or number was passed.</summary>
    TooLarge = 1303,

    /// <summary>Host or Origin names none of the public origins.</summary>
    BadOrigin = 1304,

    /// <summary>This protocol revision is not spoken here; <c>supported</c> names those that are.</summary>
    UnsupportedVersion = 1305,

    /// <summary>This method or address is not served.</summary>
    UnknownMethod = 1306,

    /// <summary>The request needs a capability that the client did not declare.</summary>
    MissingCapability = 1307,

    /// <summary>No connection to the server behind, or it was lost.</summary>
    UpstreamUnreachable = 1401,

    /// <summary>The server behind did not answer in time.</summary>
    UpstreamTimeout = 1402,

    /// <summary>The server behind answered something that is no valid answer to this request.</summary>
    UpstreamInvalid = 1403,

    /// <summary>The audit cannot be written, so nothing runs.</summary>
    AuditUnavailable = 1501,

    /// <summary>This node cannot confirm that its configuration is current.</summary>
    StateStale = 1502,

    /// <summary>Too much at once; try again later.</summary>
    Overloaded = 1503,

    /// <summary>The change could not be made durable.</summary>
    NotDurable = 1504,

    /// <summary>A fault of ours; the log has it.</summary>
    InternalError = 1505,
}

public static class ReasonCodes
{
    private static readonly Dictionary<ReasonCode, string> Texts =
        Enum.GetValues<ReasonCode>().ToDictionary(code => code, code => ToSnakeCase(code.ToString()));

    private static readonly Dictionary<string, ReasonCode> ByText = Texts.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    /// <summary>Every code's name, in the order of the numbers.</summary>
    public static IReadOnlyList<string> AllTexts { get; } = [.. Enum.GetValues<ReasonCode>().Select(ToText)];

    /// <summary>The stable name, e.g. <c>token_expired</c>.</summary>
    public static string ToText(this ReasonCode code) => Texts[code];

    /// <summary>Reads a name as <see cref="ToText"/> writes it, in no other spelling.</summary>
    public static bool TryParse(string? text, out ReasonCode code) => ByText.TryGetValue(text ?? "", out code);

    private static string ToSnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsAsciiLetterUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
}
