using System.Collections.Frozen;
using Symbolon.Core.Policy;

namespace Symbolon.Admin.Reasons;

/// <summary>Every reason code explained. docs/reason-codes.md is made of this table.</summary>
public static class ReasonTexts
{
    private const string Admin = "An administrator of this installation.";
    private const string Owner = "The owner of the server, or an administrator.";
    private const string Holder = "Whoever issued the token: an administrator.";
    private const string Client = "Whoever wrote or configured the client.";
    private const string Operator = "Whoever runs this installation.";
    private const string Later = "Try again after the time that Retry-After or retryAfter names; nothing has to change.";
    private const string Issue = "symbolon token issue";

    private static readonly FrozenDictionary<ReasonCode, ReasonText> Texts = new Dictionary<ReasonCode, ReasonText>
    {
        [ReasonCode.Unauthenticated] = new("The request was refused because it carried no token, or none that is known here. A token that was mistyped or cut off is not known either.",
            "A token in the Authorization header, as a whole: it begins with sym_ and has no spaces.", Holder, 401, Command: Issue) { Near = [ReasonCode.TokenExpired, ReasonCode.TokenRevoked] },
        [ReasonCode.TokenExpired] = new("The request was refused because its token has ended.", "Another token, or the same one rotated.", Holder, 401, Command: "symbolon token rotate ID") { Near = [ReasonCode.TokenRevoked] },
        [ReasonCode.TokenRevoked] = new("The request was refused because its token was revoked, or the person, agent, workflow or server that it belongs to was.",
            "Another token, issued after the revocation. Ask first why this one was revoked.", Holder, 401, Command: Issue) { Near = [ReasonCode.TokenExpired] },
        [ReasonCode.WrongAudience] = new("The request was refused because its token is for another server, or for another family of addresses.",
            "The address that the token is for: pasted tokens go to /t/mcp, OAuth tokens to /mcp.", Client, 401) { Near = [ReasonCode.UnknownServer] },
        [ReasonCode.ProofRequired] = new("The request was refused because its token is bound to a key, and the client did not prove that it holds the key; or because only tokens that are bound to a key are taken here, and this one is not.", "A client that speaks DPoP: it gets a token that is bound to its key, and sends a proof with each request.", Client, 401) { Near = [ReasonCode.ProofInvalid] },
        [ReasonCode.ProofInvalid] = new("The request was refused because the proof of the key does not fit this request: another address, another method, another key, or too old.", "A fresh proof for each request, and a clock that is right.", Client, 401) { Near = [ReasonCode.ProofRequired] },

        [ReasonCode.UnknownServer] = new("The request was refused because there is no MCP server of this name for this token. Whether one exists that the token does not reach is not said.",
            "The right name, or a token and a grant that reach it.", Admin, 404, Command: "symbolon server list") { Near = [ReasonCode.WrongAudience, ReasonCode.NotGranted] },
        [ReasonCode.NotGranted] = new("The call was refused because no grant of the person and the agent together contains this tool. Signing in again, or another token, gives the same answer.",
            "A grant that names the tool, or the class that it belongs to. Sensitive tools have to be named.", Admin, 200, true, Command: "symbolon grant list") { Near = [ReasonCode.InsufficientScope, ReasonCode.ToolSuspended, ReasonCode.UnknownTool] },
        [ReasonCode.InsufficientScope] = new("The call was refused because the token does not name this tool, although a grant of its holder does, or is limited to resources with which the tool cannot be called.",
            "Another token that names the tool, or has no such limit. The refusal says what it needs.", Holder, 200, true, Command: Issue) { Near = [ReasonCode.NotGranted] },
        [ReasonCode.UnknownTool] = new("The call was refused because there is no tool of this name for this token.", "A name from the list of tools that the client was given. A tool that the server no longer lists is unknown as well.",
            Owner, 200, Rpc: -32602, Command: "symbolon tool list SERVER") { Near = [ReasonCode.NotGranted, ReasonCode.ToolSuspended] },
        [ReasonCode.ToolSuspended] = new("The call was refused because what the server says of this tool is not what was reviewed: its description, its schema or its annotations changed.",
            "A review of the changed tool. The server's other tools work.", Owner, 200, true, Command: "symbolon server show SERVER") { Near = [ReasonCode.ServerSuspended, ReasonCode.UnknownTool] },
        [ReasonCode.ServerSuspended] = new("The call was refused because the server is suspended, or the credential with which it is called can no longer be used.",
            "The server resumed, or its credential replaced.", Owner, 200, true, Command: "symbolon server resume SERVER") { Near = [ReasonCode.ToolSuspended] },

        [ReasonCode.ArgumentNotAllowed] = new("The call was refused because of one of its arguments: it breaks a constraint of the tool, leads to a resource that the token is not for, or its name is only like that of a declared one.",
            "An argument spelled exactly as the tool declares it, with a value that its constraints and the token allow.", "Whoever calls; for the constraint, the owner of the server.", 200, true)
        { Near = [ReasonCode.MalformedRequest, ReasonCode.DeniedByPolicy], Agents = "Correct the argument that the refusal names, and call again." },
        [ReasonCode.DeniedByPolicy] = new("The call was refused because a rule denies it. It is granted, but not with these arguments or not now.", "Other arguments, or another rule.", Admin, 200, true) { Near = [ReasonCode.NotGranted, ReasonCode.ArgumentNotAllowed] },
        [ReasonCode.PolicyError] = new("The call was refused because a rule could not be evaluated, which denies.", "The rule corrected.", Admin, 200, true) { Near = [ReasonCode.DeniedByPolicy] },
        [ReasonCode.LimitReached] = new("The call was refused because a limit on the number of calls is used up.", "Time, or a higher limit.", Admin, 200, true)
        { Near = [ReasonCode.Overloaded], Agents = "Wait for as long as retryAfter says, then call again." },
        [ReasonCode.ApprovalRequired] = new("The call was not made yet: a person has to approve it first.", "The approval of one of those who may give it.", "The approvers that the tool or the rule names.", 200, true)
        { Near = [ReasonCode.ApprovalDenied, ReasonCode.ApprovalExpired], Agents = "Tell the person that an approval is waited for. Do not call again until it is given." },
        [ReasonCode.ApprovalDenied] = new("The call was refused because a person denied it.", "Ask who denied it for the reason.", "The approvers that the tool or the rule names.", 200, true) { Near = [ReasonCode.ApprovalExpired] },
        [ReasonCode.ApprovalExpired] = new("The call was refused because nobody approved it in time.", "Another call, and somebody who looks at it.", "The approvers that the tool or the rule names.", 200, true) { Near = [ReasonCode.ApprovalDenied] },

        [ReasonCode.MalformedRequest] = new("The request was refused because it is not well-formed, or can be read in two ways: a member twice, members that differ only in case, a token in two places.",
            "A request that can be read in one way only. The refusal names what is wrong with it.", Client, 400, Rpc: -32600) { Near = [ReasonCode.HeaderMismatch, ReasonCode.TooLarge] },
        [ReasonCode.HeaderMismatch] = new("The request was refused because a header says something else than its body.", "Headers that repeat the body exactly, or a client of the right protocol revision.", Client, 400, Rpc: -32020) { Near = [ReasonCode.MalformedRequest] },
        [ReasonCode.TooLarge] = new("The request or its answer was refused because it passes a limit on size, depth or number. The refusal names the limit.", "Less at once, or a higher limit.", Operator, 413) { Near = [ReasonCode.MalformedRequest] },
        [ReasonCode.BadOrigin] = new("The request was refused because its Host or Origin is none of the addresses that this installation is known by.",
            "The address as it is published, or that address added to the public ones.", Operator, 403, Command: "symbolon serve --public-url https://NAME"),
        [ReasonCode.UnsupportedVersion] = new("The request was refused because its revision of the protocol is not spoken here. The answer names those that are.", "Another revision, or a newer client.", Client, 400, Rpc: -32022) { Near = [ReasonCode.UnknownMethod] },
        [ReasonCode.UnknownMethod] = new("The request was refused because this method or address is not served.", "The right address, or another method.", Client, 404, Rpc: -32601) { Near = [ReasonCode.UnsupportedVersion] },
        [ReasonCode.MissingCapability] = new("The request was refused because it needs a capability that the client did not declare.", "A client that declares it.", Client, 400, Rpc: -32021),

        [ReasonCode.UpstreamUnreachable] = new("The call was allowed, but the MCP server behind could not be reached, or the connection to it was lost. A call that was lost may have happened.",
            "The server behind running and reachable.", Owner, 200, Command: "symbolon server show SERVER") { Near = [ReasonCode.UpstreamTimeout], Agents = "A read can be tried again later. Anything else may have happened: look first." },
        [ReasonCode.UpstreamTimeout] = new("The call was allowed, but the MCP server behind did not answer in time. It may have happened.", "A faster answer, or a longer limit in the server's file.", Owner, 200)
        { Near = [ReasonCode.UpstreamUnreachable], Agents = "A read can be tried again later. Anything else may have happened: look first." },
        [ReasonCode.UpstreamInvalid] = new("The call was allowed, but what the MCP server behind answered is no valid answer to it. The call may have happened.", "The server behind corrected.", Owner, 200) { Near = [ReasonCode.UpstreamUnreachable] },

        [ReasonCode.AuditUnavailable] = new("The call was refused because it could not be recorded, and nothing runs without a record.", Later, Operator, 503) { Near = [ReasonCode.StateStale], Agents = "Wait a little, then try again." },
        [ReasonCode.StateStale] = new("The call was refused because this node could not confirm that it knows of all revocations.", Later, Operator, 503, Command: "symbolon node list") { Near = [ReasonCode.AuditUnavailable], Agents = "Wait a little, then try again." },
        [ReasonCode.Overloaded] = new("The request was refused because there is too much to do at once, or too much came from one address.", Later, Operator, 429) { Near = [ReasonCode.LimitReached], Agents = "Wait a little, then try again, more slowly." },
        [ReasonCode.NotDurable] = new("The change is in force on this node, but it could not be written to the store yet; that is tried again.", "The store writable again.", Operator, 503) { Near = [ReasonCode.AuditUnavailable] },
        [ReasonCode.InternalError] = new("The request failed by a fault of ours. The log has it.", "A corrected version. Tell us what the log says.", Operator, 500, Rpc: -32603),
    }.ToFrozenDictionary();

    /// <summary>A test holds that no code is without.</summary>
    public static ReasonText Of(ReasonCode code) => Texts[code];

    public static bool Has(ReasonCode code) => Texts.ContainsKey(code);
}
