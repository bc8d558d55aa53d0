using Symbolon.Core.Identity;
using Symbolon.Core.Redaction;

namespace Symbolon.UnitTests.Redaction;

[Trait("area", "redaction")]
public sealed class SecretTextTests
{
    private const string Jwt = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln";

    [Theory]
    [InlineData(Jwt)]
    [InlineData($"see {Jwt}, please")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nMIIB")]
    [InlineData("-----BEGIN CERTIFICATE-----")]
    [InlineData("AKIAIOSFODNN7EXAMPLE")]
    [InlineData("id=ASIAIOSFODNN7EXAMPLE;")]
    [InlineData("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")]
    [InlineData("ghp_0123456789abcdefghijABCDEFGHIJ012345")]
    [InlineData("github_pat_11AAAAAAA0123456789abc_xyz")]
    [InlineData("glpat-abcdefghij0123456789")]
    [InlineData("xoxb-1234567890-abcdef")]
    [InlineData("AIzaSyA0123456789abcdefghijklmnopqrstuv")]
    [InlineData("sk-ant-api03-abc")]
    [InlineData("sk_live_abcdefgh")]
    [InlineData("npm_abcdefghijklmnopqrstuvwxyz0123456789")]
    [InlineData("hvs.CAESIJabcdefghijklmn")]
    public void A_credential_of_a_known_form_is_found_anywhere(string text)
    {
        Assert.True(SecretText.HoldsSecret(text));
        Assert.True(SecretText.HoldsSecret($"x{text}"));
        Assert.True(SecretText.HoldsSecret($"日本 {text} 日本"));
    }

    [Fact]
    public void Every_kind_of_our_own_tokens_is_found_whole_and_cut()
    {
        foreach (var kind in Enum.GetValues<TokenKind>())
        {
            var token = PastedToken.Create(kind);
            Assert.True(SecretText.HoldsSecret(token));
            Assert.True(SecretText.HoldsSecret($"curl -H 'X: {token}'"));
            Assert.True(SecretText.HoldsSecret(token[..20]));
            Assert.True(SecretText.HoldsSecret(token.Insert(12, "\u200B")));
            Assert.True(SecretText.HoldsSecret(token.Insert(3, "\u0000")));
            Assert.True(SecretText.HoldsSecret(string.Concat(token.Select(c => (char)(c + 0xFEE0)))));
        }
    }

    [Theory]
    [InlineData("Bearer abcdef")]
    [InlineData("authorization: bearer 0123456789")]
    [InlineData("BEARER\tabc.def-ghi")]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("DPoP abcdefg")]
    public void A_value_of_the_authorization_header_is_found(string text) => Assert.True(SecretText.HoldsSecret(text));

    [Theory]
    [InlineData("password=x")]
    [InlineData("Password : x")]
    [InlineData("{\"password\":\"x\"}")]
    [InlineData("{\\\"api_key\\\":\\\"x\\\"}")]
    [InlineData("export DB_PASSWORD=x")]
    [InlineData("https://example.com/?a=1&access_token=x")]
    [InlineData("Server=db;User=sa;Pwd=x")]
    [InlineData("tool --password x")]
    [InlineData("tool --api-key=x")]
    [InlineData("postgres://me:x@db/")]
    [InlineData("https://x@github.com/a")]
    public void A_value_behind_the_name_of_a_secret_is_found(string text) => Assert.True(SecretText.HoldsSecret(text));

    [Theory]
    [InlineData("CREATE USER bob WITH PASSWORD 'hunter2'")]
    [InlineData("ALTER USER bob IDENTIFIED BY 'hunter2'")]
    [InlineData("<password>hunter2</password>")]
    [InlineData("setPassword(\"hunter2\")")]
    [InlineData("machine h login alice password hunter2")]
    [InlineData("PASSWORD hunter2")]
    [InlineData("password%3Dhunter2")]
    [InlineData("curl -u alice:hunter2 https://h")]
    [InlineData("mysql -phunter2")]
    [InlineData("docker login -p hunter2")]
    [InlineData("u:p@host/db")]
    [InlineData("https://h/b?sv=1&sig=aB3%2FcD4%2B")]
    [InlineData("passwort: hunter2")]
    [InlineData("contraseña: x")]
    [InlineData("пароль x")]
    public void A_secret_in_sql_markup_or_a_command_line_is_found(string text) => Assert.True(SecretText.HoldsSecret(text));

    [Fact]
    public void Only_what_can_be_kept_is_searched_and_a_credential_that_crosses_the_cut_is_found()
    {
        var plain = string.Concat(Enumerable.Repeat("a b ", 1024));
        Assert.False(SecretText.HoldsSecret(plain + Jwt, kept: 1024));
        Assert.True(SecretText.HoldsSecret(plain[..1016] + Jwt + plain, kept: 1024));
        Assert.True(SecretText.HoldsSecret("https://" + new string('a', 4096) + "@h", kept: 1024));
    }

    [Theory]
    [InlineData("")]
    [InlineData("prod")]
    [InlineData("Rolls back the release of 2026-11-21.")]
    [InlineData("https://example.com:8443/a/b?c=d#e")]
    [InlineData("alice@example.com")]
    [InlineData("sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("123e4567-e89b-12d3-a456-426614174000")]
    [InlineData("checkout-7d9c6b5f4-x2x9k")]
    [InlineData("the bearer of news")]
    [InlineData("a basic need")]
    [InlineData("日本語のテキスト")]
    [InlineData("the token was lost")]
    public void Plain_text_is_left_alone(string text) => Assert.False(SecretText.HoldsSecret(text));

    [Fact]
    public void Hostile_text_is_read_once()
    {
        // Each would take minutes if any part of it were looked at again for each of its characters.
        string[] units =
        [
            "eyJ", "sym_usr_", "bearer ", "://", "password", "-----BEGIN", "a:", "--", "=", "\\\"", "://a", "<a", "%3D", "identified b", "login ",
        ];
        foreach (var unit in units)
        {
            var text = string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length));
            _ = SecretText.HoldsSecret(text);
            Assert.True(SecretText.HoldsSecret(text + " sym_usr_0123456789abcdef"));
        }
    }
}
