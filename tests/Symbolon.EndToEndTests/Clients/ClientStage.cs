using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Symbolon.Testing.Processes;
using Xunit;

namespace Symbolon.EndToEndTests.Clients;

/// <summary>A program of its own, which lets clients register, fetches documents from one host of this machine, and wants a nonce in every proof of a key.</summary>
public sealed class ClientStage : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("symbolon-people-");
    private ChildProcess? everything;

    public const string Person = "alice@example.com";
    public const string Password = "lamp orbit fence";

    public SymbolonProcess Symbolon { get; private set; } = null!;

    public Setup Setup { get; private set; } = null!;

    /// <summary>The program's; the clients have this machine's.</summary>
    public MovedClock Clock { get; } = new();

    public int MetadataPort { get; } = FreePort.Take();

    public string CertificateFile => Path.Combine(folder.FullName, "cert.pem");

    public string CertificateKeyFile => Path.Combine(folder.FullName, "cert.key");

    public string KeyFile => Path.Combine(folder.FullName, "client.key");

    public async ValueTask InitializeAsync()
    {
        WriteCertificate();
        var started = await NodeProgram.StartEverythingAsync();
        everything = started.Process;
        Symbolon = await SymbolonProcess.StartAsync(null, [.. Clock.Settings, ("SYMBOLON_CLIENTS_DYNAMIC_REGISTRATION", "on"), ("SYMBOLON_TOKENS_DPOP_NONCE", "always"),
            ("SYMBOLON_OUTBOUND_INTERNAL_HOSTS", string.Create(CultureInfo.InvariantCulture, $"localhost:{MetadataPort}")), ("SSL_CERT_FILE", CertificateFile)]);
        Setup = new Setup(Symbolon);
        await Setup.ServerAsync("everything", started.Url, Setup.Reads("echo", "get-sum"));
        await PeopleAsync();
    }

    private async Task PeopleAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(KeyFile, key.ExportPkcs8PrivateKeyPem());
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var jwk = new JsonObject
        {
            ["kty"] = "EC", ["crv"] = "P-256", ["x"] = System.Buffers.Text.Base64Url.EncodeToString(point.X!), ["y"] = System.Buffers.Text.Base64Url.EncodeToString(point.Y!),
        };
        await Setup.Api.PostAsync("/users", new JsonObject { ["email"] = Person, ["password"] = Password });
        await Setup.Api.ApplyAsync(
            new JsonObject
            {
                ["apiVersion"] = "symbolon/v1", ["kind"] = "Agent", ["metadata"] = new JsonObject { ["name"] = "vault-bot", ["owner"] = "owner@example.com" }, ["spec"] = new JsonObject(),
            },
            new JsonObject
            {
                ["apiVersion"] = "symbolon/v1", ["kind"] = "Grant", ["metadata"] = new JsonObject { ["name"] = "alice-everything" },
                ["spec"] = new JsonObject
                {
                    ["to"] = new JsonObject { ["users"] = new JsonArray(Person) },
                    ["servers"] = new JsonArray(new JsonObject { ["name"] = "everything", ["tools"] = new JsonArray("echo", "get-sum") }),
                },
            });
        await Setup.Api.PostAsync("/clients", new JsonObject { ["name"] = "cli", ["owner"] = "owner@example.com", ["redirects"] = new JsonArray("http://127.0.0.1/callback") });
        await Setup.Api.PostAsync("/clients", new JsonObject
        {
            ["name"] = "vault", ["owner"] = "owner@example.com", ["agent"] = "vault-bot", ["keys"] = new JsonArray(jwk), ["redirects"] = new JsonArray("http://127.0.0.1/callback"),
        });
    }

    public async ValueTask DisposeAsync()
    {
        Setup?.Dispose();
        if (Symbolon is not null) await Symbolon.DisposeAsync();
        if (everything is not null) await everything.DisposeAsync();
        Clock.Dispose();
        folder.Delete(recursive: true);
    }

    private void WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(CertificateKeyFile, key.ExportPkcs8PrivateKeyPem());
    }
}
