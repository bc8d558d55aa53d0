using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.Testing.Mcp;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.BadInput;

/// <summary>Requests that no client library would send, over a plain socket.</summary>
[Trait("area", "http")]
public sealed class RawSocketTests(RunningGateway gateway)
{
    private string Host => gateway.Symbolon.Url.Authority;

    [Fact]
    public async Task Two_authorization_headers_are_refused_even_when_both_are_good()
    {
        var token = await gateway.Setup.TokenAsync("sdk2:add");
        Assert.Equal(400, await StatusAsync(Post("/t/mcp/sdk2", McpText.List(), $"Authorization: Bearer {token.Secret}", $"Authorization: Bearer {token.Secret}")));
    }

    [Theory]
    [InlineData("access_token")]
    [InlineData("token")]
    [InlineData("authorization")]
    public async Task A_token_in_the_query_is_refused(string name)
    {
        var token = await gateway.Setup.TokenAsync("sdk2:add");
        var alone = await StatusAsync(Post($"/t/mcp/sdk2?{name}={token.Secret}", McpText.List()));
        Assert.InRange(alone, 400, 401);
        if (name == "access_token")
            Assert.Equal(400, await StatusAsync(Post($"/t/mcp/sdk2?{name}={token.Secret}", McpText.List(), $"Authorization: Bearer {token.Secret}")));
    }

    [Theory]
    [InlineData("evil.example.com", null)]
    [InlineData("evil.example.com:80", null)]
    [InlineData("", null)]
    [InlineData(null, "http://evil.example.com")]
    [InlineData(null, "null")]
    [InlineData(null, "https://127.0.0.1.evil.example.com")]
    public async Task A_foreign_host_or_origin_is_refused(string? host, string? origin)
    {
        var token = await gateway.Setup.TokenAsync("sdk2:add");
        string[] headers = [$"Authorization: Bearer {token.Secret}", .. origin is null ? Array.Empty<string>() : [$"Origin: {origin}"]];
        var status = await StatusAsync(Post("/t/mcp/sdk2", McpText.List(), headers).Replace($"Host: {Host}", $"Host: {host ?? Host}", StringComparison.Ordinal));
        Assert.True(status is 403 or 400, $"{status}");
    }

    [Fact]
    public async Task An_origin_of_our_own_is_let_in()
    {
        var token = await gateway.Setup.TokenAsync("sdk2:add");
        Assert.Equal(200, await StatusAsync(Post("/t/mcp/sdk2", McpText.List(), $"Authorization: Bearer {token.Secret}", $"Origin: http://{Host}", "MCP-Protocol-Version: 2026-07-28", "Mcp-Method: tools/list")));
    }

    /// <summary>A second request hides in the body of the first, as a lenient neighbour would see it.</summary>
    public static TheoryData<string, string> Smuggling { get; } = new()
    {
        { "Content-Length: 0\r\nContent-Length: 44", "" },
        { "Content-Length: 44\r\nTransfer-Encoding: chunked", "0\r\n\r\n" },
        { "Transfer-Encoding: chunked, identity", "0\r\n\r\n" },
        { "Transfer-Encoding: xchunked", "0\r\n\r\n" },
        { "Transfer-Encoding : chunked", "0\r\n\r\n" },
        { "Content-Length: +44", "" },
        { "Content-Length: 4 4", "" },
        { "Content-Length: 0\r\nX-Folded: a\r\n b", "" },
    };

    [Theory, MemberData(nameof(Smuggling))]
    public async Task A_request_that_hides_in_a_body_of_two_readings_is_never_answered(string headers, string body)
    {
        var token = await gateway.Setup.TokenAsync("sdk2:add");
        var marker = Guid.NewGuid().ToString("N");
        var second = $"GET /healthz?{marker} HTTP/1.1\r\nHost: {Host}\r\n\r\n";
        var text = $"POST /t/mcp/sdk2 HTTP/1.1\r\nHost: {Host}\r\nAuthorization: Bearer {token.Secret}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n{headers}\r\n\r\n{body}{second}";
        var answer = await ExchangeAsync(text);
        Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("HTTP/1.1 2", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_over_the_limit_are_refused()
    {
        var token = await gateway.Setup.TokenAsync("sdk2:add");
        var status = await StatusAsync(Post("/t/mcp/sdk2", McpText.List(), $"Authorization: Bearer {token.Secret}", $"X-Long: {new string('a', 40_000)}"));
        Assert.True(status is 431 or 413 or 400, $"{status}");
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_before_it_is_read()
    {
        var token = await gateway.Setup.TokenAsync("sdk2:add");
        var head = $"POST /t/mcp/sdk2 HTTP/1.1\r\nHost: {Host}\r\nAuthorization: Bearer {token.Secret}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: 5000000000\r\n\r\n{{";
        Assert.StartsWith("HTTP/1.1 413", await ExchangeAsync(head), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_body_of_a_caller_without_a_token_is_never_waited_for()
    {
        var head = $"POST /t/mcp/sdk2 HTTP/1.1\r\nHost: {Host}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n";
        Assert.StartsWith("HTTP/1.1 401", await ExchangeAsync(head), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_callers_with_half_a_request_keep_nobody_else_out()
    {
        var token = await gateway.Setup.TokenAsync("sdk2:add");
        var held = new List<TcpClient>();
        try
        {
            for (var i = 0; i < 200; i++)
            {
                var client = new TcpClient();
                await client.ConnectAsync(gateway.Symbolon.Url.Host, gateway.Symbolon.Url.Port, TestContext.Current.CancellationToken);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /t/mcp/sdk2 HTTP/1.1\r\nHost: {Host}\r\nX-Slow: "), TestContext.Current.CancellationToken);
                held.Add(client);
            }
            Assert.Equal("3", (await gateway.Wire.CallAsync("sdk2", token.Secret, "add", """{"a":1,"b":2}""")).ToolText);
        }
        finally
        {
            held.ForEach(client => client.Dispose());
        }
    }

    private string Post(string target, string body, params string[] headers) => string.Create(CultureInfo.InvariantCulture,
        $"POST {target} HTTP/1.1\r\nHost: {Host}\r\nConnection: close\r\nAccept: application/json, text/event-stream\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n{body}");

    private async Task<int> StatusAsync(string request)
    {
        var answer = await ExchangeAsync(request);
        return int.Parse(answer["HTTP/1.1 ".Length..][..3], CultureInfo.InvariantCulture);
    }

    /// <summary>Sends the text and reads until the other side closes, or says nothing more for a while after it has answered.</summary>
    private async Task<string> ExchangeAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(gateway.Symbolon.Url.Host, gateway.Symbolon.Url.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (true)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            patience.CancelAfter(answer.Length == 0 ? Deadline.Usual : TimeSpan.FromMilliseconds(500));
            try
            {
                var read = await stream.ReadAsync(buffer, patience.Token);
                if (read == 0) return answer.ToString();
                answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
            catch (OperationCanceledException) when (answer.Length > 0)
            {
                return answer.ToString();
            }
            catch (IOException) when (answer.Length > 0)
            {
                return answer.ToString();
            }
        }
    }
}
