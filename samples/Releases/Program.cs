using McpHttpHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;
using Releases;
using Symbolon.Client.AspNetCore;
using Symbolon.Client.AspNetCore.Calls;
using Symbolon.Client.Calls;
using Symbolon.Client.Credentials;

var options = SampleOptions.Parse(args);
if (options.Symbolon is null) return await SampleHost.RunAsync("releases", options, ToolsOf(new ReleaseTools(api: null)));
if (options.Key is null || options.Url.Port == 0) throw new ArgumentException("With --symbolon come --key FILE and the --url, with its port, that Symbolon knows.");

// The key is made here and never leaves; the code of the first start is good once.
using var credential = await ServerCredential.OpenAsync(new ServerCredentialOptions
{
    Symbolon = options.Symbolon,
    KeyFile = options.Key,
    EnrolmentCode = options.Enroll is null ? null : (await File.ReadAllTextAsync(options.Enroll)).Trim(),
    RotateKeyEvery = options.RotateKey is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
});
using var api = new HttpClient(new SymbolonHandler(credential, IncomingCalls.Find) { InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false } }) { BaseAddress = credential.Audience };

return await SampleHost.RunAsync("releases", options, ToolsOf(new ReleaseTools(api)), AddGateway, app => app.UseAuthentication().UseSymbolonCaller().UseAuthorization());

// Nobody but the gateway is answered: the fallback policy that comes with it is for every endpoint.
void AddGateway(IServiceCollection services)
{
    services.AddAuthentication(SymbolonDefaults.ServerScheme).AddSymbolonServer(server =>
    {
        server.Issuer = options.Symbolon;
        server.Url = $"{options.Url.GetLeftPart(UriPartial.Authority)}/mcp";
        server.Server = credential.ClientId["server:".Length..];
    });
}

static McpServerTool[] ToolsOf(ReleaseTools tools) => [McpServerTool.Create(tools.RolloutStatus), McpServerTool.Create(tools.DeleteRelease)];
