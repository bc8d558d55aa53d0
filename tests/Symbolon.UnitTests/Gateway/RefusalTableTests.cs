using Symbolon.Core.Policy;
using Symbolon.Core.Tools;
using Symbolon.Gateway.Mcp;

namespace Symbolon.UnitTests.Gateway;

[Trait("area", "gateway")]
public sealed class RefusalTableTests
{
    /// <summary>DESIGN.md section 4, Refusals, by code: the status in the legacy era, in the modern one, and how a tools/call is answered.</summary>
    private const string Pinned = """
        unauthenticated 401 401 error
        token_expired 401 401 error
        token_revoked 401 401 error
        wrong_audience 401 401 error
        proof_required 401 401 error
        proof_invalid 401 401 error
        unknown_server 404 404 error
        not_granted 200 200 result
        insufficient_scope 200 200 result
        unknown_tool 200 200 error
        tool_suspended 200 200 result
        server_suspended 200 200 result
        argument_not_allowed 200 200 result
        denied_by_policy 200 200 result
        policy_error 200 200 result
        limit_reached 200 200 result
        approval_required 200 200 result
        approval_denied 200 200 result
        approval_expired 200 200 result
        malformed_request 400 400 error
        header_mismatch 400 400 error
        too_large 413 413 error
        bad_origin 403 403 error
        unsupported_version 400 400 error
        unknown_method 200 404 error
        missing_capability 400 400 error
        upstream_unreachable 200 200 error
        upstream_timeout 200 200 error
        upstream_invalid 200 200 error
        audit_unavailable 503 503 error
        state_stale 503 503 error
        overloaded 429 429 error
        not_durable 503 503 error
        internal_error 500 500 error
        """;

    [Fact]
    public void Every_reason_code_has_its_status_and_form_decided() =>
        Assert.Equal(Pinned.Split('\n'), Enum.GetValues<ReasonCode>().Select(Shown));

    private static string Shown(ReasonCode code) =>
        (McpResponseWriter.FormOf(code, Era.Legacy), McpResponseWriter.FormOf(code, Era.Modern)) is ({ } legacy, { } modern)
            ? $"{code.ToText()} {legacy.Status} {modern.Status} {(legacy.IsToolResult && modern.IsToolResult ? "result" : "error")}"
            : $"{code.ToText()} is in no line of McpResponseWriter.FormOf";
}
