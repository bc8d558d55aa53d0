using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Symbolon.Server.Edge;

/// <summary>Sets Kestrel up: the addresses, their TLS, and what one connection or request may cost.</summary>
internal static class Listeners
{
    /// <param name="maxHeaders">Bytes, all headers of a request together.</param>
    /// <param name="maxConnections">Open connections in all.</param>
    /// <param name="maxBody">Bytes; the bound of the server itself, behind the smaller ones that each route keeps.</param>
    public static void Limit(KestrelServerOptions kestrel, int maxHeaders, int maxConnections, long maxBody)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestHeadersTotalSize = maxHeaders;
        limits.MaxRequestLineSize = 8 * 1024;
        limits.MaxRequestHeaderCount = 100;
        limits.MaxConcurrentConnections = maxConnections;
        limits.MaxRequestBodySize = maxBody;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(120);
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
    }

    public static void Add(KestrelServerOptions kestrel, ListenAddress address, TlsCertificate? certificate, bool isAdmin)
    {
        // localhost on a free port cannot be two sockets with one number: IPv4 it is.
        if (address.Address is { } ip) kestrel.Listen(ip, address.Port, Configure);
        else if (address.Port == 0) kestrel.Listen(IPAddress.Loopback, 0, Configure);
        else kestrel.ListenLocalhost(address.Port, Configure);

        void Configure(ListenOptions listen)
        {
            // Asked for when it is listened, not here: it counts into the audit, and the store is not open yet.
            listen.Use(next => kestrel.ApplicationServices.GetRequiredService<ConnectionLimit>().Limit(next));
            if (isAdmin) listen.Use(MarkAsAdmin);
            listen.Protocols = address.IsTls ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
            if (address.IsTls)
                listen.UseHttps(new HttpsConnectionAdapterOptions
                {
                    ServerCertificate = certificate!.Leaf,
                    ServerCertificateChain = certificate.Chain,
                    SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                });
        }
    }

    private static ConnectionDelegate MarkAsAdmin(ConnectionDelegate next) => connection =>
    {
        connection.Features.Set(AdminConnection.Instance);
        return next(connection);
    };
}
