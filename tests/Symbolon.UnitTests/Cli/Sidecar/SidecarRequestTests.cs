using System.Text;
using Microsoft.AspNetCore.Http;
using Symbolon.Cli.Sidecar;

namespace Symbolon.UnitTests.Cli.Sidecar;

/// <summary>Who may ask the sidecar, what it reads, and what of a request goes on.</summary>
[Trait("area", "cli")]
public sealed class SidecarRequestTests
{
    private const string Secret = "the-local-secret";

    [Theory]
    [InlineData("127.0.0.1:7004", "Bearer the-local-secret", null)]
    [InlineData("localhost:7004", "bearer the-local-secret", null)]
    [InlineData("[::1]:7004", "Bearer the-local-secret", null)]
    [InlineData("127.0.0.1:7004", null, "unauthenticated")]
    [InlineData("127.0.0.1:7004", "Bearer ", "unauthenticated")]
    [InlineData("127.0.0.1:7004", "Bearer the-local-secre", "unauthenticated")]
    [InlineData("127.0.0.1:7004", "Basic the-local-secret", "unauthenticated")]
    [InlineData("127.0.0.1:7004", "the-local-secret", "unauthenticated")]
    [InlineData("127.0.0.1:7004", "Bearer the-local-secret, Bearer the-local-secret", "unauthenticated")]
    [InlineData("evil.example:7004", "Bearer the-local-secret", "bad_host")]
    [InlineData("localhost.evil.example", "Bearer the-local-secret", "bad_host")]
    [InlineData("192.0.2.1", "Bearer the-local-secret", "bad_host")]
    [InlineData(null, "Bearer the-local-secret", "bad_host")]
    public void At_a_port_only_who_asks_loopback_with_the_secret_is_answered(string? host, string? authorization, string? code)
    {
        var http = new DefaultHttpContext();
        if (host is not null) http.Request.Headers.Host = host;
        if (authorization is not null) http.Request.Headers.Authorization = authorization;
        Assert.Equal(code, new LocalGuard(Secret).Check(http.Request)?.Code);
    }

    [Theory]
    [InlineData("Origin", "http://localhost:3000")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://127.0.0.1:7004")]
    [InlineData("Sec-Fetch-Site", "none")]
    public void No_browser_is_answered_whatever_it_knows(string name, string value)
    {
        var http = new DefaultHttpContext();
        (http.Request.Headers.Host, http.Request.Headers.Authorization, http.Request.Headers[name]) = ("127.0.0.1:7004", $"Bearer {Secret}", value);
        Assert.Equal("bad_origin", new LocalGuard(Secret).Check(http.Request)?.Code);
        Assert.Equal("bad_origin", new LocalGuard(null).Check(http.Request)?.Code);
    }

    [Theory]
    [InlineData("application/json", """{"method":"GET","url":"https://api.example/"}""", null)]
    [InlineData("application/json; charset=utf-8", """{"method":"GET"}""", null)]
    [InlineData("application/json", "", "malformed_request")]
    [InlineData("application/json", "no JSON", "malformed_request")]
    [InlineData("application/json", "[]", "malformed_request")]
    [InlineData("application/json", """{"method":"GET"} """ + "x", "malformed_request")]
    [InlineData("application/json", """{"method":"GET","method":"PUT"}""", "malformed_request")]
    [InlineData("application/json", """{"method":null}""", "invalid")]
    [InlineData("application/json", """{"method":{"a":1}}""", "invalid")]
    [InlineData("application/json", """{"methods":"GET"}""", "invalid")]
    [InlineData("application/json", """{"method":""}""", "invalid")]
    [InlineData("application/json", "{\"method\":\"G\\nET\"}", "invalid")]
    [InlineData("application/json", """{"method":"GGGGGGGGGGGGGGGGG"}""", "invalid")]
    [InlineData("application/x-www-form-urlencoded", "method=GET", "unsupported_media_type")]
    [InlineData(null, """{"method":"GET"}""", "unsupported_media_type")]
    public async Task A_body_is_one_strict_object_of_known_members(string? type, string body, string? code) =>
        Assert.Equal(code, await ReadAsync(type, Encoding.UTF8.GetBytes(body)));

    [Fact]
    public async Task A_body_that_is_huge_or_deep_or_no_UTF8_is_refused()
    {
        Assert.Equal("too_large", await ReadAsync("application/json", Encoding.UTF8.GetBytes($"{{\"method\":\"{new string('x', LocalBody.MostBytes)}\"}}")));
        Assert.Equal("malformed_request", await ReadAsync("application/json", Encoding.UTF8.GetBytes($"{{\"authorization_details\":{new string('[', 5000)}{new string(']', 5000)}}}")));
        Assert.Equal("malformed_request", await ReadAsync("application/json", [.. "{\"method\":\""u8, 0xff, 0xfe, .. "\"}"u8]));
    }

    [Fact]
    public void What_shows_who_asks_and_what_is_of_one_connection_does_not_go_on()
    {
        var http = new DefaultHttpContext();
        foreach (var name in new[] { "Authorization", "DPoP", "Host", "TE", "Upgrade", "Proxy-Authorization", "Transfer-Encoding", "X-Of-This-Hop", "Symbolon-Target", "symbolon-subject-token", "Symbolon-Other", "Expect" }) http.Request.Headers[name] = "x";
        http.Request.Headers.Connection = "close, x-of-this-hop";
        (http.Request.Headers.Accept, http.Request.Headers.TraceParent, http.Request.Headers.ContentType) = ("application/json", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "text/plain");
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://api.example/") { Content = new ByteArrayContent([]) };
        ForwardedHeaders.CopyTo(request, http.Request.Headers);

        Assert.Equal(["Accept", "Content-Type", "traceparent"], request.Headers.Concat(request.Content.Headers).Select(header => header.Key).Order(StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void Of_the_answer_all_goes_back_but_what_is_of_one_connection_or_looks_like_ours()
    {
        using var response = new HttpResponseMessage { Content = new StringContent("x") };
        response.Headers.TryAddWithoutValidation("Connection", "x-of-this-hop");
        foreach (var name in new[] { "X-Of-This-Hop", "Keep-Alive", LocalProblem.Header, "ETag", "WWW-Authenticate" }) response.Headers.TryAddWithoutValidation(name, "\"x\"");
        var http = new DefaultHttpContext();
        ForwardedHeaders.CopyFrom(response, http.Response.Headers);

        Assert.Equal(["Content-Type", "ETag", "WWW-Authenticate"], http.Response.Headers.Select(header => header.Key).Where(name => name != "Content-Length").Order(StringComparer.OrdinalIgnoreCase));
    }

    /// <returns>The code of the problem; null for none.</returns>
    private static async Task<string?> ReadAsync(string? type, byte[] body)
    {
        var http = new DefaultHttpContext();
        (http.Request.ContentType, http.Request.Body) = (type, new MemoryStream(body));
        try
        {
            (await LocalBody.ReadAsync(http.Request, "method", "url", "authorization_details")).Required("method", 16);
            return null;
        }
        catch (LocalProblemException refused)
        {
            return refused.Problem.Code;
        }
    }
}
