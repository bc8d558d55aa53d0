using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Upstream;

// The least server that a hop can have behind it: /json answers a call in JSON, /sse as one server-sent event.
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false).UseUrls(args[0]);
var app = builder.Build();
app.Run(MinimalServer.AnswerAsync);
await app.RunAsync();
