using System.Net;
using System.Text;
using Xunit;

namespace Symbolon.EndToEndTests.Cli;

/// <summary>The programs of samples/ as anybody can start them.</summary>
[Trait("area", "cli")]
public sealed class SampleTests(CommandJourney journey) : IClassFixture<CommandJourney>
{
    [Theory]
    [InlineData(null, null, HttpStatusCode.OK)]
    [InlineData("Origin", "http://localhost:3000", HttpStatusCode.OK)]
    [InlineData("Origin", "http://evil.example.com", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Host", "evil.example.com", HttpStatusCode.Forbidden)]
    [InlineData("X-Api-Key", "another", HttpStatusCode.Unauthorized)]
    public async Task It_answers_only_loopback_names_its_own_pages_and_who_has_the_key(string? header, string? value, HttpStatusCode status)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, journey.Orders)
        {
            Content = new StringContent("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        if (header != "X-Api-Key") request.Headers.Add("X-Api-Key", "the-key-of-the-shop");
        if (header is not null) request.Headers.TryAddWithoutValidation(header, value);

        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task It_refuses_to_listen_off_loopback()
    {
        await using var sample = Testing.Processes.ChildProcess.Start(Testing.Repo.At("artifacts", "bin", "Clock", "release", "Clock"), ["--url", "http://0.0.0.0:0"]);

        Assert.NotEqual(0, await sample.ExitAsync());
        Assert.Empty(sample.Output);
    }
}
