using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ReleaseApi;
using Symbolon.Client.AspNetCore;
using Symbolon.Client.Keys;

var options = ApiOptions.Parse(args);
if (options.ShowKey)
{
    using var key = InstanceKey.OpenOrCreate(options.KeyFile!);
    await Console.Out.WriteLineAsync(key.PublicJwk);
    return 0;
}

var audience = options.Url!.GetLeftPart(UriPartial.Authority);
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).AddFilter("Microsoft", LogLevel.Warning);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false).UseUrls(audience);
builder.Services.AddSingleton<ReleaseStore>();
builder.Services.AddAuthentication(SymbolonDefaults.ApiScheme).AddSymbolonApi(api =>
{
    api.Issuer = options.Symbolon;
    api.Audience = audience;
    api.ClientId = options.Client;
    api.KeyFile = options.KeyFile;
});
builder.Services.AddAuthorization();

await using var app = builder.Build();
app.UseRouting();
app.UseMiddleware<CallLog>();
app.UseAuthentication();
app.UseSymbolonCaller();
app.UseAuthorization();

app.MapGet("/namespaces/{ns}/releases", (string ns, ReleaseStore releases) => Results.Json(releases.In(ns)))
    .RequireResource("read", http => $"cluster:prod/namespace:{http.Request.RouteValues["ns"]}/releases");
app.MapGet("/namespaces/{ns}/releases/{name}", (string ns, string name, ReleaseStore releases) => releases.Find(ns, name) is { } found ? Results.Json(found) : Results.NotFound())
    .RequireResource("read", ReleaseOf);
app.MapDelete("/namespaces/{ns}/releases/{name}", (string ns, string name, ReleaseStore releases) => releases.Remove(ns, name) ? Results.NoContent() : Results.NotFound())
    .RequireResource("delete", ReleaseOf);

await app.StartAsync();
await Console.Out.WriteLineAsync($"listening on {audience}/");
if (options.EndWithInput) _ = EndWithInputAsync(app.Lifetime);
await app.WaitForShutdownAsync();
return 0;

static string ReleaseOf(HttpContext http) => $"cluster:prod/namespace:{http.Request.RouteValues["ns"]}/release/{http.Request.RouteValues["name"]}";

static async Task EndWithInputAsync(IHostApplicationLifetime lifetime)
{
    await using var input = Console.OpenStandardInput();
    var buffer = new byte[256];
    while (await input.ReadAsync(buffer) > 0) { }
    lifetime.StopApplication();
}
