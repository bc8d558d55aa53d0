using Symbolon.Admin.Revocations;

namespace Symbolon.UnitTests.Admin;

[Trait("area", "revocation")]
public sealed class RevocationWordsTests
{
    [Theory]
    [InlineData(3, 310, "", "3 of 3 nodes refused it after 0.31 s.")]
    [InlineData(1, 4, "", "1 of 1 node refused it after less than 0.01 s.")]
    [InlineData(3, 1004, "node-c", "2 of 3 nodes refused it after 1.00 s. Not confirmed by node-c.")]
    [InlineData(null, 20, "*", "It is durable. Which nodes know it could not be asked.")]
    public void What_was_measured_is_one_sentence(int? nodes, long took, string behind, string expected) => Assert.Equal(
        expected, new RevocationResponse("token", "tok_1", DateTimeOffset.UnixEpoch, 1, behind.Length == 0 ? [] : behind.Split(','), nodes, took).ToWords());
}
