using System.Text;
using Symbolon.Core.Identity;

namespace Symbolon.UnitTests.Identity;

[Trait("area", "tokens")]
public sealed class PastedTokenTests
{
    /// <summary>Checksums computed with zlib's crc32, apart from our own.</summary>
    [Theory]
    [InlineData("sym_usr_00000000000000000000000000000000000000000004TgPiO", TokenKind.User)]
    [InlineData("sym_agt_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg3HkJls", TokenKind.Agent)]
    [InlineData("sym_wfl_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz3uIk3a", TokenKind.Workflow)]
    [InlineData("sym_adm_SymbolonSymbolonSymbolonSymbolonSymbolonxyz2GS5Oc", TokenKind.Admin)]
    [InlineData("sym_enr_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA0eZHFw", TokenKind.Enrolment)]
    public void A_token_with_a_right_checksum_is_read_with_its_kind(string token, TokenKind kind)
    {
        Assert.True(PastedToken.TryRead(Encoding.ASCII.GetBytes(token), out var read));
        Assert.Equal(kind, read);
    }

    [Fact]
    public void A_change_of_any_one_character_is_noticed()
    {
        const string Token = "sym_agt_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg3HkJls";
        for (var i = 0; i < Token.Length; i++)
            foreach (var other in "0Zaz_-é ")
                if (other != Token[i])
                    Assert.False(PastedToken.TryRead(Encoding.Latin1.GetBytes(Token[..i] + other + Token[(i + 1)..]), out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sym_usr_")]
    [InlineData("sym_usr_00000000000000000000000000000000000000000004TgPi")]
    [InlineData("sym_usr_00000000000000000000000000000000000000000004TgPiO0")]
    [InlineData("SYM_USR_00000000000000000000000000000000000000000004TgPiO")]
    [InlineData("sym_xyz_00000000000000000000000000000000000000000004TgPiO")]
    public void What_has_another_form_is_none(string token) => Assert.False(PastedToken.TryRead(Encoding.ASCII.GetBytes(token), out _));

    [Theory]
    [InlineData(TokenKind.User, "sym_usr_")]
    [InlineData(TokenKind.Agent, "sym_agt_")]
    [InlineData(TokenKind.Workflow, "sym_wfl_")]
    [InlineData(TokenKind.Admin, "sym_adm_")]
    public void A_new_token_has_its_prefix_57_characters_and_is_never_the_same(TokenKind kind, string prefix)
    {
        var made = Enumerable.Range(0, 200).Select(_ => PastedToken.Create(kind)).ToHashSet();
        Assert.Equal(200, made.Count);
        Assert.All(made, token =>
        {
            Assert.Equal(57, token.Length);
            Assert.StartsWith(prefix, token, StringComparison.Ordinal);
            Assert.True(PastedToken.TryRead(Encoding.ASCII.GetBytes(token), out var read));
            Assert.Equal(kind, read);
        });
    }

    [Fact]
    public void It_is_kept_as_its_SHA_256()
    {
        const string Token = "sym_usr_00000000000000000000000000000000000000000004TgPiO";
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(Encoding.ASCII.GetBytes(Token)), PastedToken.Hash(Token).ToBytes());
        Assert.Equal(new TokenHash(PastedToken.Hash(Token).ToBytes()), PastedToken.Hash(Token));
    }

    [Theory]
    [InlineData(true, true, true, TokenKind.Workflow, "ci")]
    [InlineData(false, false, true, TokenKind.Workflow, "ci")]
    [InlineData(true, true, false, TokenKind.User, "alice@example.com")]
    [InlineData(true, false, false, TokenKind.User, "alice@example.com")]
    [InlineData(false, true, false, TokenKind.Agent, "bot")]
    public void The_kind_and_the_initiator_follow_from_the_holder(bool user, bool agent, bool workflow, TokenKind kind, string initiator)
    {
        var holder = new Holder
        {
            User = user ? UserEmail.Parse("Alice@Example.com") : null,
            Agent = agent ? new AgentName("bot") : null,
            Workflow = workflow ? new WorkflowName("ci") : null,
        };
        Assert.Equal((kind, initiator), (holder.TokenKind, holder.Initiator));
    }
}
