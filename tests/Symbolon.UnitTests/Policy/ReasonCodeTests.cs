using Symbolon.Core.Policy;

namespace Symbolon.UnitTests.Policy;

[Trait("area", "policy")]
public sealed class ReasonCodeTests
{
    /// <summary>The closed list of DESIGN.md section 4, Names, in its order, with the numbers that are fixed for ever.</summary>
    private const string Pinned = """
        unauthenticated 1001
        token_expired 1002
        token_revoked 1003
        wrong_audience 1004
        proof_required 1005
        proof_invalid 1006
        unknown_server 1101
        not_granted 1102
        insufficient_scope 1103
        unknown_tool 1104
        tool_suspended 1105
        server_suspended 1106
        argument_not_allowed 1201
        denied_by_policy 1202
        policy_error 1203
        limit_reached 1204
        approval_required 1205
        approval_denied 1206
        approval_expired 1207
        malformed_request 1301
        header_mismatch 1302
        too_large 1303
        upstream_unreachable 1401
        upstream_timeout 1402
        upstream_invalid 1403
        audit_unavailable 1501
        state_stale 1502
        overloaded 1503
        bad_origin 1304
        unsupported_version 1305
        unknown_method 1306
        missing_capability 1307
        not_durable 1504
        internal_error 1505
        """;

    [Fact]
    public void The_list_is_closed_and_its_numbers_never_change() =>
        Assert.Equal(
            Pinned.Split('\n').Order(StringComparer.Ordinal),
            Enum.GetValues<ReasonCode>().Select(code => $"{code.ToText()} {(int)code}").Order(StringComparer.Ordinal));

    [Fact]
    public void No_number_lies_where_JSON_RPC_has_its_own() => Assert.All(Enum.GetValues<ReasonCode>(), code => Assert.True((int)code > 0));
}
