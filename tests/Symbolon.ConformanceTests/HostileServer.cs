using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Symbolon.ConformanceTests;

/// <summary>A server on loopback under TLS that answers every request as the test says, byte for byte.</summary>
internal sealed class HostileServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ended = new();
    private readonly Func<HostileServer, Stream, CancellationToken, Task> answer;
    private readonly bool speaksTls;
    private readonly Task accepting;
    private int connections;
    private long sent;

    /// <param name="answer">Gets the connection once the request has been read.</param>
    /// <param name="speaksTls">False: it gets the bare connection at once.</param>
    public HostileServer(Func<HostileServer, Stream, CancellationToken, Task> answer, bool speaksTls = true)
    {
        (this.answer, this.speaksTls) = (answer, speaksTls);
        listener.Start();
        accepting = AcceptAsync();
    }

    public static X509Certificate2 Certificate { get; } = MakeCertificate();

    public static X509ChainPolicy Trust => new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { Certificate }, RevocationMode = X509RevocationMode.NoCheck };

    public string Host => $"localhost:{((IPEndPoint)listener.LocalEndpoint).Port}";

    public Uri Url => new($"https://{Host}/client.json");

    public int Connections => Volatile.Read(ref connections);

    /// <summary>Bytes of bodies that went out.</summary>
    public long Sent => Volatile.Read(ref sent);

    /// <summary>Head and body as they are.</summary>
    public static Func<HostileServer, Stream, CancellationToken, Task> Saying(string head, byte[]? body = null) => async (server, stream, cancellation) =>
    {
        await server.WriteAsync(stream, Encoding.ASCII.GetBytes($"HTTP/1.1 {head}\r\n\r\n"), cancellation);
        if (body is not null) await server.WriteAsync(stream, body, cancellation);
    };

    public async Task WriteAsync(Stream stream, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await stream.WriteAsync(bytes, cancellation);
        await stream.FlushAsync(cancellation);
        Interlocked.Add(ref sent, bytes.Length);
    }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        listener.Stop();
        await accepting;
        ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (!ended.IsCancellationRequested) open.Add(ServeAsync(await listener.AcceptTcpClientAsync(ended.Token)));
        }
        // A stopped listener says that it does not listen (InvalidOperationException) to whom comes to accept the next.
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
        }
        await Task.WhenAll(open);
    }

    private async Task ServeAsync(TcpClient client)
    {
        Interlocked.Increment(ref connections);
        try
        {
            using (client)
            {
                if (!speaksTls)
                {
                    await answer(this, client.GetStream(), ended.Token);
                    return;
                }
                await using var tls = new SslStream(client.GetStream());
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, ended.Token);
                var read = new byte[4096];
                var request = "";
                while (!request.Contains("\r\n\r\n", StringComparison.Ordinal) && await tls.ReadAsync(read, ended.Token) is > 0 and var count) request += Encoding.ASCII.GetString(read, 0, count);
                await answer(this, tls, ended.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The other side has had enough, which is what is tested.
        }
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, true));
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
    }
}
