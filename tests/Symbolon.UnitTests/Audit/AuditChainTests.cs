using System.Security.Cryptography;
using System.Text;
using Symbolon.Core.Audit;
using Symbolon.Core.Identity;

namespace Symbolon.UnitTests.Audit;

[Trait("area", "audit")]
public sealed class AuditChainTests
{
    [Fact]
    public void Each_record_holds_the_hash_of_the_text_before_it()
    {
        var chain = new AuditChain(OrganisationId.Default);
        var first = AuditEvents.Append(chain, AuditEvents.Of(AuditKind.Request));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(first)));

        var second = AuditEvents.Append(chain, AuditEvents.Of(AuditKind.Request));

        Assert.Contains($"\"prev\":\"{hash}\"", second, StringComparison.Ordinal);
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(second)), chain.Hash);
        Assert.Equal(2, chain.Seq);
    }

    [Fact]
    public void A_clock_that_goes_back_does_not_take_the_chain_back()
    {
        var chain = new AuditChain(OrganisationId.Default);
        AuditEvents.Append(chain, AuditEvents.Of(AuditKind.Request), now: 2000);

        var second = AuditEvents.Append(chain, AuditEvents.Of(AuditKind.Request), now: 1000);

        Assert.Contains("\"recorded\":2000", second, StringComparison.Ordinal);
    }

    [Fact]
    public void An_intent_names_the_node_and_lease_that_answer_for_it()
    {
        var chain = new AuditChain(OrganisationId.Default);

        Assert.Contains("\"lease\":7,\"node\":\"node-1\"", AuditEvents.Append(chain, AuditEvents.Of(AuditKind.CallIntent)), StringComparison.Ordinal);
        Assert.DoesNotContain("lease", AuditEvents.Append(chain, AuditEvents.Of(AuditKind.CallOutcome)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_goes_on_from_where_the_store_has_it()
    {
        var chain = new AuditChain(OrganisationId.Default);
        chain.MoveTo(41, 5000, Enumerable.Repeat((byte)0xAB, 32).ToArray());

        var next = AuditEvents.Append(chain, AuditEvents.Of(AuditKind.Request), now: 0);

        Assert.Contains($"\"prev\":\"{string.Concat(Enumerable.Repeat("ab", 32))}\",\"recorded\":5000,\"schema\":1,\"seq\":42", next, StringComparison.Ordinal);
    }
}
