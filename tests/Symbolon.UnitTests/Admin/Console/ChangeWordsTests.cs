using Symbolon.Admin.Console.AuditPages;

namespace Symbolon.UnitTests.Admin.Console;

[Trait("area", "console")]
public sealed class ChangeWordsTests
{
    [Theory]
    [InlineData("signed in by link", "console", "Signed in to the console by the one-time link")]
    [InlineData("signed out", "console", "Signed out of the console")]
    [InlineData("approve", "Server/orders", "Approved server orders")]
    [InlineData("put secret", "Secret/deploy-api", "Set secret deploy-api")]
    [InlineData("create", "Grant/alice-orders", "Created grant alice-orders")]
    [InlineData("apply", "documents", "Applied documents")]
    [InlineData("issue refused: not_granted", "Token", "Tried to issue a token and was refused: not_granted")]
    [InlineData("POST refused: malformed_request", "/api/v1/tokens", "Tried to POST /api/v1/tokens and was refused: malformed_request")]
    [InlineData("revoke", "Token/tok_1", "Revoked token tok_1")]
    [InlineData("something new", "Server/<b>", "Something new server <b>")]
    public void A_change_is_said_in_words(string action, string target, string said) => Assert.Equal(said, AuditWords.What(Entry("admin_change", action, target)));

    [Theory]
    [InlineData("User/alice@example.com", "Revoked everything that was issued to alice@example.com")]
    [InlineData("Server/orders", "Revoked every token for server orders")]
    [InlineData("Organisation/default", "Revoked everything that was issued")]
    [InlineData("Token/tok_1", "Revoked token tok_1")]
    public void A_revocation_says_what_it_ended(string target, string said) => Assert.Equal(said, AuditWords.What(Entry("revocation", "revoke", target)));

    [Theory]
    [InlineData("changed", "now", null, "Symbolon noticed that now on clock changed after the review.")]
    [InlineData("back", "now", null, "Symbolon noticed that now on clock is as it was reviewed again.")]
    [InlineData("vanished", null, 12L, "Symbolon noticed that 12 tools on clock vanished.")]
    public void Drift_is_something_that_Symbolon_noticed(string action, string? tool, long? count, string said) =>
        Assert.Equal(said, AuditWords.Sentence(new AuditEntry(Line("drift") with { Action = action, Target = "Server/clock", Server = "clock", Tool = tool, Count = count })));

    [Fact]
    public void A_sentence_begins_with_who_made_the_change_and_ends_with_why() => Assert.Equal(
        "admin-token suspended server calc, because: It moves.",
        AuditWords.Sentence(new AuditEntry(Line("admin_change") with { Action = "suspend", Target = "Server/calc", By = "admin-token", Reason = "It moves" })));

    private static AuditEntry Entry(string kind, string action, string target) => new(Line(kind) with { Action = action, Target = target, By = "admin-token" });

    private static AuditLine Line(string kind) => new() { Seq = 1, Recorded = default, At = default, Text = "", Hash = "", Previous = "", Kind = kind };
}
