using System.Net;
using BareHop;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

// A reverse proxy written by hand and doing nothing else: the price of the framework under Symbolon. Arguments: URL, then NAME=UPSTREAM….
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false).UseUrls(args[0]);
var app = builder.Build();
using var client = new HttpMessageInvoker(new SocketsHttpHandler
{
    UseProxy = false,
    UseCookies = false,
    AllowAutoRedirect = false,
    AutomaticDecompression = DecompressionMethods.None,
    ActivityHeadersPropagator = null,
});
var hop = new Hop(client, args[1..].Select(each => each.Split('=', 2)).ToDictionary(pair => "/" + pair[0], pair => new Uri(pair[1])));
app.Run(hop.ForwardAsync);
await app.RunAsync();
