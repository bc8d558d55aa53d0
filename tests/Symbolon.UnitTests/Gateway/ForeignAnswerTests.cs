using Symbolon.Core.Outbound;
using Symbolon.Gateway.Upstreams.Credentials;
using Symbolon.Testing.Fakes;

namespace Symbolon.UnitTests.Gateway;

/// <summary>What a foreign token endpoint may answer: RFC 6749 §5, RFC 8693 §2.2.</summary>
[Trait("area", "credentials")]
public sealed class ForeignAnswerTests
{
    private const string Jwt = "urn:ietf:params:oauth:token-type:jwt";
    private const string Access = "urn:ietf:params:oauth:token-type:access_token";

    [Theory]
    [InlineData("""{"access_token":"abc.DEF-1_~+/==","token_type":"Bearer"}""", "abc.DEF-1_~+/==", 60)]
    [InlineData("""{"access_token":"a","token_type":"bearer","expires_in":1}""", "a", 1)]
    [InlineData("""{"access_token":"a","token_type":"BEARER","expires_in":9000000000,"scope":"b","refresh_token":"c"}""", "a", 9_000_000_000)]
    [InlineData($$"""{"access_token":"a","token_type":"Bearer","issued_token_type":"{{Access}}"}""", "a", 60)]
    [InlineData($$"""{"access_token":"a","token_type":"Bearer","issued_token_type":"{{Jwt}}"}""", "a", 60)]
    public void A_token_is_taken_with_its_life(string json, string token, long seconds) =>
        Assert.Equal(new ForeignAnswer.Token(token, seconds), ForeignAnswer.Of(FakeFormPost.Json(json)));

    [Theory]
    [Trait("hostile", "foreign token endpoint")]
    [InlineData("", "no JSON object")]
    [InlineData("[]", "no JSON object")]
    [InlineData("\"token\"", "no JSON object")]
    [InlineData("""{"access_token":"a","access_token":"b","token_type":"Bearer"}""", "a member twice")]
    [InlineData("""{"access_token":"a","ACCESS_TOKEN":"b","token_type":"Bearer"}""", "a member twice")]
    [InlineData("""{"access_token":"a","token_type":"Bearer"}x""", "no JSON object")]
    [InlineData("""{"token_type":"Bearer"}""", "access_token")]
    [InlineData("""{"access_token":"","token_type":"Bearer"}""", "access_token")]
    [InlineData("""{"access_token":"==","token_type":"Bearer"}""", "access_token")]
    [InlineData("""{"access_token":null,"token_type":"Bearer"}""", "access_token")]
    [InlineData("""{"access_token":["a"],"token_type":"Bearer"}""", "access_token")]
    [InlineData("""{"access_token":"a b","token_type":"Bearer"}""", "access_token")]
    [InlineData("""{"access_token":"a\r\nX: y","token_type":"Bearer"}""", "access_token")]
    [InlineData("""{"access_token":"a,b","token_type":"Bearer"}""", "access_token")]
    [InlineData("""{"access_token":"caf\u00e9","token_type":"Bearer"}""", "access_token")]
    [InlineData("""{"access_token":"a"}""", "token_type")]
    [InlineData("""{"access_token":"a","token_type":"DPoP"}""", "token_type")]
    [InlineData("""{"access_token":"a","token_type":"N_A"}""", "token_type")]
    [InlineData("""{"access_token":"a","token_type":"Bearer "}""", "token_type")]
    [InlineData("""{"access_token":"a","token_type":["Bearer"]}""", "token_type")]
    [InlineData("""{"access_token":"a","token_type":"Bearer","expires_in":0}""", "expires_in")]
    [InlineData("""{"access_token":"a","token_type":"Bearer","expires_in":-1}""", "expires_in")]
    [InlineData("""{"access_token":"a","token_type":"Bearer","expires_in":"300"}""", "expires_in")]
    [InlineData("""{"access_token":"a","token_type":"Bearer","expires_in":300.5}""", "expires_in")]
    [InlineData("""{"access_token":"a","token_type":"Bearer","expires_in":1e3}""", "expires_in")]
    [InlineData("""{"access_token":"a","token_type":"Bearer","expires_in":99999999999999999999}""", "expires_in")]
    [InlineData("""{"access_token":"a","token_type":"Bearer","expires_in":null}""", "expires_in")]
    [InlineData("""{"access_token":"a","token_type":"Bearer","issued_token_type":"urn:ietf:params:oauth:token-type:id_token"}""", "issued_token_type")]
    [InlineData("""{"access_token":"a","token_type":"Bearer","issued_token_type":null}""", "issued_token_type")]
    [InlineData("""{"access_token":"the-assertion","token_type":"Bearer"}""", "what it was sent")]
    [InlineData("""{"access_token":"the-proof","token_type":"Bearer"}""", "what it was sent")]
    public void What_is_not_known_to_be_a_token_is_none_and_the_words_name_the_member(string json, string words)
    {
        var fault = Assert.IsType<ForeignAnswer.Fault>(ForeignAnswer.Of(FakeFormPost.Json(json), "the-assertion", "the-proof"));
        Assert.Contains(words, fault.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("the-assertion", fault.Why, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("hostile", "foreign token endpoint")]
    public void A_token_longer_than_8192_characters_and_text_that_is_no_utf8_are_none()
    {
        Assert.IsType<ForeignAnswer.Token>(ForeignAnswer.Of(FakeFormPost.Json($$"""{"access_token":"{{new string('a', 8192)}}","token_type":"Bearer"}""")));
        Assert.IsType<ForeignAnswer.Fault>(ForeignAnswer.Of(FakeFormPost.Json($$"""{"access_token":"{{new string('a', 8193)}}","token_type":"Bearer"}""")));
        byte[] latin = [.. """{"access_token":"a","token_type":"Bearer","scope":"caf"""u8, 0xE9, .. "\"}"u8];
        Assert.IsType<ForeignAnswer.Fault>(ForeignAnswer.Of(new FormAnswer.Answered(200, latin)));
    }

    [Theory]
    [InlineData(400, """{"error":"invalid_target","error_description":"secret words"}""", "answered status 400 with the error invalid_target")]
    [InlineData(401, """{"error":"invalid_client"}""", "answered status 401 with the error invalid_client")]
    [InlineData(400, """{"error":"<b>x</b>"}""", "answered status 400")]
    [InlineData(400, """{"error":"INVALID"}""", "answered status 400")]
    [InlineData(400, """{"error":""}""", "answered status 400")]
    [InlineData(400, """{"error":["a"]}""", "answered status 400")]
    [InlineData(400, "{", "answered status 400")]
    [InlineData(500, """{"access_token":"a","token_type":"Bearer"}""", "answered status 500")]
    [InlineData(201, """{"access_token":"a","token_type":"Bearer"}""", "answered status 201")]
    [InlineData(302, """{"access_token":"a","token_type":"Bearer"}""", "answered status 302")]
    public void Any_other_status_is_a_refusal_of_which_only_the_error_code_is_repeated(int status, string json, string words) =>
        Assert.Equal(new ForeignAnswer.Fault(words), ForeignAnswer.Of(FakeFormPost.Json(json, status)));

    [Fact]
    public void A_long_error_code_a_body_of_another_kind_and_no_answer_say_no_more_than_that()
    {
        Assert.Equal(new ForeignAnswer.Fault("answered status 400"), ForeignAnswer.Of(FakeFormPost.Json($$"""{"error":"{{new string('a', 65)}}"}""", 400)));
        Assert.Equal(new ForeignAnswer.Fault("answered something else than application/json of at most 16 KiB"), ForeignAnswer.Of(new FormAnswer.Answered(200, null)));
        Assert.Equal(new ForeignAnswer.Fault("answered status 502"), ForeignAnswer.Of(new FormAnswer.Answered(502, null)));
        Assert.Equal(new ForeignAnswer.Fault("could not be asked: no answer within 10 s"), ForeignAnswer.Of(new FormAnswer.Unanswered("no answer within 10 s")));
    }

    [Fact]
    public void Neither_token_nor_assertion_is_in_what_is_printed_of_it() =>
        Assert.DoesNotContain("abcdefgh", ForeignAnswer.Of(FakeFormPost.Json("""{"access_token":"abcdefgh","token_type":"Bearer"}""")).ToString(), StringComparison.Ordinal);
}
