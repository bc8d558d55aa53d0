using System.Net;
using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Symbolon.Server;
using Symbolon.Server.Hosting;

namespace Symbolon.ConformanceTests;

/// <summary>DESIGN.md section 4, Origins: TLS of our own; and the composition inside of another application.</summary>
[Trait("area", "hosting")]
[UnsupportedOSPlatform("windows")]
public sealed class DesignHostingTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("symbolon-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    [Trait("clause", "DESIGN.md §4 Origins")]
    public async Task With_a_certificate_it_speaks_TLS_in_HTTP_1_and_2()
    {
        var (certificate, key) = WriteCertificate();
        await using var server = await RunningServer.StartAsync(change: options => options with
        {
            Urls = ["https://127.0.0.1:0"], TlsCertificate = certificate, TlsKey = key,
        });
        foreach (var version in new[] { HttpVersion.Version11, HttpVersion.Version20 })
        {
            using var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Subject == "CN=symbolon" } };
            using var client = new HttpClient(handler);
            using var request = new HttpRequestMessage(HttpMethod.Get, server.Host.Addresses[0] + "/readyz") { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(version, answer.Version);
        }
    }

    [Fact]
    [Trait("clause", "RFC 6797 §7.1")]
    public async Task Every_answer_under_an_https_name_tells_browsers_to_come_by_https_alone_and_none_under_an_address()
    {
        var (certificate, key) = WriteCertificate();
        await using var server = await RunningServer.StartAsync(change: options => options with
        {
            Urls = ["https://127.0.0.1:0"], TlsCertificate = certificate, TlsKey = key, PublicUrls = ["https://symbolon.test", "https://127.0.0.1"],
        });
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Subject == "CN=symbolon" } };
        using var client = new HttpClient(handler);
        foreach (var path in new[] { "/", "/sign-in", "/assets/app.css", "/api/v1/servers", "/mcp/none", "/t/mcp/none", "/oauth/jwks", "/oauth/authorize", "/readyz", "/none" })
        {
            Assert.Equal("max-age=31536000", await ToldAsync("symbolon.test", path));
            Assert.Null(await ToldAsync("127.0.0.1", path));
        }

        async Task<string?> ToldAsync(string host, string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, server.Host.Addresses[0] + path);
            request.Headers.Host = host;
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            return answer.Headers.TryGetValues("Strict-Transport-Security", out var told) ? Assert.Single(told) : null;
        }
    }

    [Fact]
    public async Task A_key_that_others_may_read_stops_the_start()
    {
        var (certificate, key) = WriteCertificate();
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        var refused = await Assert.ThrowsAsync<InvalidOptionsException>(() => RunningServer.StartAsync(change: options => options with
        {
            Urls = ["https://127.0.0.1:0"], TlsCertificate = certificate, TlsKey = key,
        }));
        Assert.Contains("chmod 600", Assert.Single(refused.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_certificate_stops_the_start_with_a_clear_message()
    {
        var (certificate, key) = WriteCertificate();
        await File.WriteAllTextAsync(certificate, "no certificate", TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<StartException>(() => RunningServer.StartAsync(change: options => options with
        {
            Urls = ["https://127.0.0.1:0"], TlsCertificate = certificate, TlsKey = key,
        }));
        Assert.StartsWith("tls.certificate", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_stops_the_start_with_a_clear_message()
    {
        await using var first = await RunningServer.StartAsync();
        var refused = await Assert.ThrowsAsync<StartException>(() => RunningServer.StartAsync(change: options => options with { Urls = [first.Host.Addresses[0]] }));
        Assert.Contains("address already in use", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("clause", "issue 2 §2 composition")]
    public async Task Another_application_can_host_it()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.AddSymbolon(new SymbolonOptions { DataDirectory = folder.FullName, PublicUrls = ["http://symbolon.test"] });
        await using var app = builder.Build();
        app.MapSymbolon();
        await app.StartAsync(TestContext.Current.CancellationToken);

        using var client = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };
        client.DefaultRequestHeaders.Host = "symbolon.test";
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/readyz", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/servers", TestContext.Current.CancellationToken)).StatusCode);
        client.DefaultRequestHeaders.Authorization = new("Bearer", (await File.ReadAllTextAsync(Path.Combine(folder.FullName, "admin-token"), TestContext.Current.CancellationToken)).Trim());
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/v1/servers", TestContext.Current.CancellationToken)).StatusCode);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Another_application_is_held_to_the_same_limits()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var refused = Assert.Throws<InvalidOptionsException>(() =>
            builder.AddSymbolon(new SymbolonOptions { DataDirectory = folder.FullName, MaxStaleness = TimeSpan.FromDays(1), Gateway = new() { MaxBodyBytes = int.MaxValue } }));
        Assert.Equal(2, refused.Errors.Count);
    }

    private (string Certificate, string Key) WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=symbolon", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var files = (Certificate: Path.Combine(folder.FullName, "tls.pem"), Key: Path.Combine(folder.FullName, "tls.key"));
        File.WriteAllText(files.Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(files.Key, key.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(files.Key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return files;
    }
}
