using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Symbolon.UnitTests.Admin;

/// <summary>Hands requests to the application without a network: routing, filters and endpoints run as on Kestrel.</summary>
internal sealed class InProcessServer : IServer
{
    private Func<IFeatureCollection, Task>? application;

    public IFeatureCollection Features { get; } = new FeatureCollection();

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull
    {
        this.application = async features =>
        {
            var context = application.CreateContext(features);
            Exception? fault = null;
            try
            {
                await application.ProcessRequestAsync(context);
            }
            catch (Exception thrown)
            {
                fault = thrown;
                throw;
            }
            finally
            {
                application.DisposeContext(context, fault);
            }
        };
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() { }

    public async Task<Answer> SendAsync(HttpRequestFeature request, Stream? body = null, System.Net.IPAddress? peer = null, CancellationToken aborted = default)
    {
        var written = body ?? new MemoryStream();
        var features = new FeatureCollection();
        var response = new HttpResponseFeature();
        features.Set<IHttpRequestFeature>(request);
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(written));
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature { RequestAborted = aborted });
        features.Set<IHttpConnectionFeature>(new HttpConnectionFeature { RemoteIpAddress = peer ?? System.Net.IPAddress.Loopback });
        await application!(features);
        return new Answer(response.StatusCode, response.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            written is MemoryStream memory ? memory.ToArray() : []);
    }
}

internal sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    public System.Text.Json.JsonElement Json => System.Text.Json.JsonDocument.Parse(Body).RootElement;

    public string? Code => Json.GetProperty("code").GetString();

    /// <summary>The only error's path and code.</summary>
    public IEnumerable<(string Path, string Code)> Errors =>
        Json.GetProperty("errors").EnumerateArray().Select(error => (error.GetProperty("path").GetString()!, error.GetProperty("code").GetString()!));
}
